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
    "T04": "Just short of the range: new land takes half of all planting, and households that arrive have no eradicated plots. The first year of "
    "the run lies inside, but rests on the starting state.",
    "T08": "In most members clearing rises at home, as growers replant what was sprayed, and rises more next door, where those who move "
    "settle; in the fifth of the members in which it falls at home it still rises next door. Studies point in both directions.",
    "T09": "Just short of the range, and far from certain: the frontier's opening is an input that ends in 2021, and the VRAEM hardly grows in "
    "2022, so that the ratio is defined in part of the members only.",
    "T10": "Flights stay away (three in four, just short), but a year late, for the memory of risk starts from zero; the leaf price falls by "
    "half and more in the second year. Without stopped flights the area would have grown by a fifth: the effect is "
    "hidden by growth, and slow, for committed growers stay while leaf pays more than picking it.",
    "T11": "Colombia hardly answers: an elasticity of 0.5 at 0.4 a year cannot triple an area in four years. Armed groups and the "
    "replacement of imported leaf there are not in the model, and Peru falls too little (T10).",
    "T13": "Leaf in a kilogram costs about 600 dollars in 2008, less than a hundredth of the retail price: Peruvian growers sell leaf, "
    "while the published share counts growers who sell base. The larger part, added inside the consumer country, is met.",
    "T15": "The model's corridors end at the border; their costs (110 to 200 dollars a kilogram, assumed) do not hold what carriers and "
    "organisers on the far side take. The European part is met, but rests on the ladder's own constants.",
    "T20": "The answer to relative profit is met. Risk moves only the responsive quarter of the households, and at most by 2 logits for "
    "each unit of yearly hazard: where a sixth of the coca is removed a year, the elasticity cannot reach the range.",
    "T23": "Recovery is met. The jump lies a tenth of a percent above the range; the size of the shock (costs doubled) is assumed, for "
    "no rise of cost was published.",
    "S05": "A title lowers the wish to grow by 0.6 logits; the published association, more than a hectare of coca per hectare "
    "titled, would need the households titled to grow more than they hold in the model.",
    "S07": "The other side of T03: 2013-2016 ends with almost as much coca as it began, because the VRAEM and the other basins grow.",
}
"""Reasons by target, for those that were missed."""
