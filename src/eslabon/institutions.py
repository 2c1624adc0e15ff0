"""The starting state of what is not a household: clans, modes, armed group, offices, courts, communities, labour.

Each stands at rest: a level of the claims, and everything that responds measured against it. Figures the burn-in settles
(revenue, rents, hazard, prison) become the references when the books open.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from eslabon.clock import month_index
from eslabon.draws import stream_key, uniforms
from eslabon.evidence.pack import RegionPack
from eslabon.stages.armed_group import MOST_PRESENCE
from eslabon.stages.arrays import Array, ratio, total
from eslabon.stages.clans import concentration
from eslabon.stages.communities import unrest
from eslabon.stages.justice import crowding
from eslabon.stages.politics import capture_pull
from eslabon.state import ROW, Households

CLAN_SLOTS = 64
"""Places for groups; those beyond the drawn number stay empty."""
NEARNESS_KM = 200.0
"""Distance at which nearness has fallen to about a third (assumed)."""
KM_PER_DEGREE = 111.0
"""Kilometres in a degree of latitude."""
AIR_BRIDGE_SHARE = 0.85
"""Share of the flow by air in 1995 (stylised)."""
NEIGHBOURS_1995_HA = {"colombia_area_ha": 50_900.0, "bolivia_area_ha": 48_600.0}
"""Areas of 1995, another measuring system (US figures, from memory)."""
ILLICIT_SHARE_2013 = 0.9
"""Share of the leaf's value that is illicit (T24)."""
ADULTS_EXPOSED = {"1995": 0.1, "2001": 0.1, "2012": 0.33, "2015": 0.44, "2024": 0.39}
"""Share of adults exposed as children at each start (assumed; later ones as the run from 2001 has them)."""
FOREIGN_RUN_1995 = 0.9
"""Share of the trade's margin that went abroad while foreign groups ran the air bridge (assumed)."""


def zone_column(pack: RegionPack, name: str) -> Array:
    """Return a zone attribute as (1, basin)."""
    return np.array([[float(getattr(z, name)) for z in pack.zones]])


def place_constants(pack: RegionPack, start: str) -> dict[str, Array]:
    """Return what never changes of places, seasons, modes and neighbours."""
    names = ("indigenous_share", "protected_share", "forest_share_new", "programme_weight")
    season = np.array([[pack.calendar.get((z.id, m), 1.0) for m in range(1, 13)] for z in pack.zones])
    modes = {"mode_cost": "cost_factor", "mode_risk": "risk_factor", "mode_pay": "pay_usd2013_per_kg", "mode_carriers": "carriers_per_tonne"}
    known = max(y for y in pack.series["colombia_area_ha"].years)
    usual = np.array([[pack.mode_start[c.id, m.id] for m in pack.modes] for c in pack.corridors])
    air = np.array([float(m.id == "air") for m in pack.modes])
    return {
        **{n: zone_column(pack, n) for n in names},
        "vraem": np.array([[float(z.id == "vraem") for z in pack.zones]]),
        "nearness": nearness(pack),
        "wage_season": (season / season.mean(axis=1, keepdims=True))[None],
        "group_presence_start": zone_column(pack, "group_presence"),
        "bases_2013": np.full((1, 1), pack.series["counterterrorism_bases"].at_year(2013)),
        **{name: np.array([[getattr(m, column) for m in pack.modes]]) for name, column in modes.items()},
        "mode_start": ((1 - AIR_BRIDGE_SHARE) * usual + AIR_BRIDGE_SHARE * air if start == "1995" else usual)[None],
        "neighbours_known_until": np.full((1, 1), 0.0 if start == "1995" else float(month_index(f"{known}-12"))),
    }


def nearness(pack: RegionPack) -> Array:
    """Return how near basins are to each other, (1, basin, basin), rows summing to 1, from rough one-decimal centres."""
    lon, lat = (np.array([getattr(z, n) for z in pack.zones]) for n in ("lon", "lat"))
    apart = KM_PER_DEGREE * np.hypot(lon[:, None] - lon, lat[:, None] - lat)
    weight = np.exp(-apart / NEARNESS_KM) * ~np.eye(len(lon), dtype=bool)
    return ratio(weight, total(weight, 1))[None]


def clan_sizes(seed: int, members: npt.NDArray[np.int64], count: Array, log_sd: Array) -> Array:
    """Return the groups' shares of the trade, (member, slot), summing to 1; slots beyond the drawn number stay empty."""
    out = np.zeros((len(members), CLAN_SLOTS))
    for i, member in enumerate(members):
        first, second = uniforms(stream_key(seed, int(member), "clans", 0), "size", CLAN_SLOTS).astype(np.float64)
        deviate = np.sqrt(-2 * np.log1p(-first)) * np.cos(2 * np.pi * second)
        size = np.exp(log_sd[i, 0] * deviate) * (np.arange(CLAN_SLOTS) < round(float(count[i, 0])))
        out[i] = size / size.sum()
    return out


def open_institutions(
    pack: RegionPack, start: str, seed: int, members: npt.NDArray[np.int64], constants: dict[str, Array], params: dict[str, Array],
    values: dict[str, Array], signals: dict[str, Array],
) -> None:  # fmt: skip
    """Add the institutions' state to `values` and their references to `constants`."""
    shape = values["hazard"].shape
    one, basins = np.ones((shape[0], 1)), np.ones(shape)
    size = clan_sizes(seed, members, params["clan_count"], params["clan_size_log_sd"])
    hhi = concentration(size)
    modes = np.repeat(constants["mode_start"], shape[0], axis=0)
    risk = params["seized_share"] * total(modes * (constants["mode_risk"][:, None] / total(modes * constants["mode_risk"][:, None], 2)), 1)[:, 0]
    risk = risk / np.maximum(total(modes, 1)[:, 0], 1e-12)
    yearly = params["yearly_pay_usd2013"] * signals["rural_wage_index"]
    expected = params["arrests_per_seized_kg"] * params["seized_share"] * params["imprisoned_share"] * params["sentence_years"] * yearly
    bases = signals["counterterrorism_bases"] - constants["bases_2013"]
    presence = np.minimum(constants["group_presence_start"] * np.exp(-params["base_effect"] * bases), MOST_PRESENCE)
    charge = (
        params["levy_passage_usd2013_per_kg"] * (1 - params["levy_carriage_share"])
        + params["levy_carriage_usd2013_per_kg"] * params["levy_carriage_share"]
    )
    levy = presence * params["levy_coverage"] * charge
    logs = np.array([[np.log(NEIGHBOURS_1995_HA[n] / pack.series[n].values[0]) if start == "1995" else 0.0 for n in NEIGHBOURS_1995_HA]])
    exposed = ADULTS_EXPOSED[start] * basins
    if start == "1995":
        constants["foreign_buyer_share"] = np.maximum(params["foreign_buyer_share"], FOREIGN_RUN_1995)
    leaf = values["counted_ha"] * constants["yield_kg_per_ha_yr"] / 12
    constants |= {
        "clan_size": size, "clan_hhi_start": hhi, "mode_belief_start": risk, "group_strength_start": params["group_fighters"],
        "group_revenue_start": total(values["flow_kg"] * levy), "neighbour_log_start": logs, "exposed_start": exposed,
        "rents_reference": params["farmgate_value_usd2013"] * ILLICIT_SHARE_2013 * params["quality_factor"] / 12,
        "mayors_opening": params["mayors_start"],
        "spending_start": 0 * one, "hazard_start": values["hazard"].copy(),
    }  # fmt: skip
    values |= {
        "clan_capacity": size.copy(), "clan_arrest_trace": params["clan_arrests_usual"] * one, "clan_strength": one.copy(),
        "markdown": one.copy(), "mode_share": modes, "mode_belief": risk.copy(), "denial_trace": 0 * one, "flights_flown": one.copy(),
        "passage": basins.copy(),
        "load_size": params["load_kg"] * one, "enforcement": one.copy(), "prison_pay_usd2013_per_kg": expected,
        "carriage_cost": constants["corridor_cost_usd2013_per_kg"] + expected, "group_presence": presence,
        "group_strength": params["group_fighters"].copy(), "group_revenue_mean": constants["group_revenue_start"].copy(), "levy_per_kg": levy,
        "bribe_per_kg": params["bribe_usd2013_per_kg"] * params["bribed_share"], "captured_mayors": params["mayors_start"].copy(),
        "captured_seats": params["seats_start"].copy(), "capture_wish": one.copy(), "rents_mean": 0 * basins, "trust": params["trust_start"] * basins,
        "trust_gain": 0 * basins, "self_defence": np.where(presence > 0, 0.4, 0.0), "prison": 0 * basins, "exposed_children": exposed.copy(),
        "exposed_adults": exposed.copy(), "substitution": 0 * one, "input_cost_index": one.copy(), "wage_mean": basins.copy(),
        "picking_wage": basins.copy(), "harvest_usual": leaf, "labour_supply": leaf.copy(), "spending_mean": 0 * basins,
        "income_grower_mean": 3000 * basins, "income_other_mean": 1500 * basins, "neighbour_log": logs * one,
        "overcrowding": one.copy(), "border_mean": one.copy(), "border_anchor": one.copy(), "paid": 0 * basins, "registered": 0 * basins,
        "titled": 0 * basins, "paid_eligible_ha": 0 * basins,
    }  # fmt: skip


def enrol(block: Households, key: tuple[np.uint32, np.uint32], zone: str, families: float) -> int:
    """Mark the families a programme assists at the start among a basin's present households; return their number."""
    here = int(block[ROW["present"]].sum())
    if here == 0:
        return 0
    chosen = uniforms(key, f"{zone} assisted", block.shape[1])[0][:here] < families / here
    block[ROW["programme"], :here] = chosen
    return int(chosen.sum())


def settle_institutions(constants: dict[str, Array], values: dict[str, Array], found: dict[str, Array], params: dict[str, Array]) -> None:
    """End the burn-in: what it brought becomes the reference, and what depends on it starts from the claims."""
    share = ratio(values["assisted"], np.maximum(values["households"], 1))
    constants |= {
        "hazard_start": values["hazard"].copy(), "programme_share_start": share,
        "spending_start": np.maximum(total(values["spending_mean"]), 1e-9),
        "group_revenue_start": np.maximum(values["group_revenue_mean"], 1e-9), "clan_hhi_start": found["clan_hhi"].copy(),
        "exposed_start": values["exposed_adults"].copy(),
    }  # fmt: skip
    rest = unrest(values["hazard"], np.minimum(share, 1), params["trust_start"], params["mobilisation_response"])
    constants["mobilisation_start"] = rest
    rents = ratio(total(values["rents_mean"]), constants["rents_reference"])
    wish = capture_pull(rents, params["capture_response"])
    constants["mayors_opening"] = params["mayors_start"] * wish
    entered = found["arrests"] * params["imprisoned_share"]
    prison = entered * 12 * params["sentence_years"]
    values |= {
        "prison": prison, "mobilisation": rest.copy(), "trust": params["trust_start"] * np.ones_like(rest),
        "trust_gain": np.zeros_like(rest), "capture_wish": wish, "captured_mayors": params["mayors_start"] * wish,
        "captured_seats": params["seats_start"] * wish, "enforcement": np.ones_like(values["enforcement"]),
        "group_strength": params["group_fighters"].copy(), "overcrowding": crowding(params["other_inmates"], prison, params["prison_capacity"]),
    }  # fmt: skip
