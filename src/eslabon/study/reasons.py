"""Why a target is missed, in plain words, written after the score and apart from it: nothing here changes a number."""

from __future__ import annotations

NOT_MODELLED = {
    "S03": "Violence in the model belongs to Peru's armed group and to eradication; there is no violence of scarcity in another country, so "
    "this is counted as a miss.",
}
"""Targets without an experiment: counted, and missed."""

WHY: dict[str, str] = {
    "T03": "Crews remove too little: half a hectare for each one counted (0.3 to 0.8), while the Huallaga lost more than half of its coca in "
    "2013; and the VRAEM goes on growing, where it stood still. Neither is fitted yet.",
    "T08": "Eradication lowers new clearing at home and raises it next door: those who move settle near, and the price rises. Fear next "
    "door (weight 0.3) is too weak to turn the sign. Studies point in both directions.",
    "T09": "Just short of the range, and far from certain: the frontier's opening is an input that ends in 2021, and the VRAEM hardly grows in "
    "2022, so that the ratio is defined in part of the members only.",
    "T10": "Flights stay away (three in four, just short) and the leaf price halves, but a year later than it did: memory of risk starts "
    "from zero. Coca answers slowly: committed growers stay while leaf still pays more than picking it.",
    "T11": "Peru and Bolivia shrink too little (see T10), and Colombia answers the price slowly; subsidies, armed groups and the "
    "replacement of imported leaf in Colombia are not in the model.",
    "T13": "Leaf in a kilogram costs about 600 dollars in 2008, less than a hundredth of the retail price: Peruvian growers sell leaf, "
    "while the published share counts growers who sell base. The larger part, added inside the consumer country, is met.",
    "T15": "The model's corridors end at the border; their costs (110 to 200 dollars a kilogram, assumed) do not hold what carriers and "
    "organisers on the far side take. The European part is met, but rests on the ladder's own constants.",
    "T20": "The answer to relative profit is met. That to risk is far smaller than even the inelastic one published: the hazard is small "
    "where crews go and zero in the VRAEM.",
    "T23": "Recovery is met. The jump lies a tenth of a percent above the range; the size of the shock (costs doubled) is assumed, for "
    "no rise of cost was published.",
    "S05": "A title lowers the wish to grow by 0.6 logits; the published association, more than a hectare of coca per hectare "
    "titled, would need the households titled to grow more than they hold in the model.",
    "S07": "The other side of T03: 2013-2016 ends with almost as much coca as it began, because the VRAEM and the other basins grow.",
}
"""Reasons by target, for those that were missed."""
