"""The two starting states: December 2001 and December 2024, at rest under the eradication of their year.

Equation
    Under a hazard h and adjustment rate a, a share h / (h + a) of plots stands empty and wanted area is
    counted area * exp(h * lag) * (1 + h / a). Participation offsets make half of the responsive grow; the border
    price's scale makes leaf in 2003, or product at origin in 2023, cost what was published: the last figures near the
    starts. The national leaf price of 2021 (C0775) is half of what the product price of 2023 (C0822) implies.
Source
    SYSTEM.md section 3, Starts; zone areas of the pack.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eslabon.clock import month_index
from eslabon.draws import name_word, normal, stream_key, uniforms
from eslabon.evidence.pack import RegionPack
from eslabon.params.table import ParameterTable, draw_ensemble
from eslabon.policies.plan import Plan, make_plan
from eslabon.policies.scenario import Scenario
from eslabon.stages import prices
from eslabon.stages.arrays import Array, total
from eslabon.stages.decisions import net_return
from eslabon.stages.eradication import allocate
from eslabon.state import AREA_QUANTUM, HOUSEHOLD_FIELDS, MONEY_QUANTUM, ROW, Households, Population, State

AREA_FIELDS = ("mature_ha", "young_ha", "nursery_ha", "erased_ha", "fallow_ha", "regrown_ha")
RESPONSIVE_START = 0.5
LEAST_RETURN_USD2013 = 200.0
VRAEM_SPREAD_2001 = 2000 / 13600
"""Relative spread of the VRAEM's area in December 2001 (assumed)."""
ROOM_NOW = 1.3
"""Least room for households over today's at the 2024 start (assumed)."""


@dataclass(frozen=True)
class Opening:
    """How a starting state is anchored."""

    books_open: int
    burn_in_months: int
    area_name: str
    price_year: int
    price_quantity: str
    price_basin: str


OPENINGS = {
    "2001": Opening(month_index("2002-01"), 12, "area_2001_ha", 2003, "price_leaf_usd2013_per_kg", "ALL"),
    "2024": Opening(month_index("2025-01"), 24, "area_2024_ha", 2023, "price_cocaine_origin_usd2013_per_kg", "vraem"),
}


@dataclass
class World:
    """Everything a run of a chunk of members needs: state, constants, plan."""

    state: State
    constants: dict[str, Array]
    plan: Plan
    who: npt.NDArray[np.uint32]
    seed: int
    areas: Array


def zone_column(pack: RegionPack, name: str) -> Array:
    """Return a zone attribute as (1, basin)."""
    return np.array([[float(getattr(z, name)) for z in pack.zones]])


def start_areas(pack: RegionPack, scenario: Scenario, seed: int, members: Sequence[int], params: dict[str, Array]) -> Array:
    """Return counted coca at the start, (member, basin) ha; in 2001 with the spread the claims allow."""
    published = zone_column(pack, OPENINGS[scenario.start].area_name)
    if scenario.start != "2001":
        return np.repeat(published, len(members), axis=0)
    out = np.empty((len(members), published.shape[1]))
    ids, groups = [z.id for z in pack.zones], np.array([z.group for z in pack.zones])
    for i, member in enumerate(members):
        key = stream_key(seed, member, "start areas", 0)
        area = published[0] * np.exp([params["zone_spread"][i, 0] * normal(key, z) for z in ids])
        for group in sorted(set(groups)):
            area[groups == group] *= published[0][groups == group].sum() / area[groups == group].sum()
        vraem = groups == "vraem"
        deviate = float(np.clip(normal(key, "vraem total"), -2, 2))
        shift = published[0][vraem].sum() * VRAEM_SPREAD_2001 * deviate
        area[~vraem] *= 1 - shift / area[~vraem].sum()
        area[vraem] += shift
        out[i] = area
    return out


def open_world(pack: RegionPack, table: ParameterTable, scenario: Scenario, seed: int, members: Sequence[int]) -> World:
    """Return the world of `members` at the beginning of the burn-in."""
    opening = OPENINGS[scenario.start]
    first = opening.books_open - opening.burn_in_months
    plan = make_plan(pack, scenario, first, month_index(f"{scenario.until}-12") - first + 1)
    params, _rejected = draw_ensemble(table, seed, members)
    areas = start_areas(pack, scenario, seed, members, params)
    constants: dict[str, Array] = {**params, **plan.constants, **_zone_constants(pack), **_corridor_constants(pack)}
    signals = plan.at(first)
    hazard, standing = _hazard(areas, constants, plan, params)
    lag = np.round(params["counted_months"]) / 12
    speed = params["adjustment_rate"] * np.where(constants["frontier"] > 0, params["frontier_adjustment"], 1.0)
    wanted = areas * np.exp(hazard * lag) * (1 + hazard / speed)
    size = constants["mean_coca_ha_per_grower"] * params["mean_coca_scale"]
    responsive = 1 - params["grower_share_refuser"] - params["grower_share_committed"]
    households = np.ceil(wanted / size / (params["grower_share_committed"] + RESPONSIVE_START * responsive))
    room = _room(pack, scenario, households, areas)
    state = State(np.asarray(members), [])
    state.values = _flows(areas, params, constants, scenario, pack)
    state.values |= {
        "hazard": hazard, "perceived_risk": hazard.copy(), "loss_months": np.zeros_like(areas),
        "counted_ha": areas.copy(), "young_ha": standing - areas, "households": households.copy(),
    }  # fmt: skip
    _anchor_prices(pack, opening, constants, state, params, signals, first, areas)
    _anchor_choice(constants, state, params, signals, hazard)
    factors = np.ones_like(areas)
    for i, member in enumerate(members):
        population, factors[i] = _settle(pack, seed, member, households[i], room[i], areas[i], wanted[i], hazard[i], speed[i],
                                         {n: float(v[i, 0]) for n, v in params.items()})  # fmt: skip
        state.households.append(population)
    constants["household_room"] = room
    constants["yield_kg_per_harvest"] = constants["yield_kg_per_ha_yr"] / constants["harvests_per_yr"] / factors
    constants["settled"] = np.zeros((1, 1))
    who = np.array([name_word(z.id) for z in pack.zones], np.uint32)
    return World(state, constants, plan, who, seed, areas)


def _zone_constants(pack: RegionPack) -> dict[str, Array]:
    names = ("frontier", "eradication_access", "licit_return_factor", "traditional_share", "legal_quota_share", "yield_kg_per_ha_yr",
             "harvests_per_yr", "mean_coca_ha_per_grower", "land_room_ratio")  # fmt: skip
    found = {name: zone_column(pack, name) for name in names}
    found["harvest_interval_months"] = 12 / found["harvests_per_yr"]
    found["area_cap_factor"] = np.where(found["land_room_ratio"] <= 1, 1.0, 10.0)
    return found


def _corridor_constants(pack: RegionPack) -> dict[str, Array]:
    access = np.array([[pack.access[z.id, c.id] for c in pack.corridors] for z in pack.zones])
    start = access * np.array([c.share_start for c in pack.corridors])
    return {
        "corridor_start": (start / start.sum(axis=1, keepdims=True))[None],
        "corridor_cost_usd2013_per_kg": np.array([[c.base_cost_usd2013_per_kg for c in pack.corridors]]),
        "corridor_price_factor": np.array([[c.border_price_factor for c in pack.corridors]]),
        "corridor_capacity_share": np.array([[c.capacity_share for c in pack.corridors]]),
    }


def _hazard(areas: Array, constants: dict[str, Array], plan: Plan, params: dict[str, Array]) -> tuple[Array, Array]:
    """Return the yearly removal rate and all standing coca at rest under the first year's plan."""
    yearly = plan.signals["eradication_plan_ha"][:12].sum(axis=0)
    lag = np.round(params["counted_months"]) / 12
    standing = areas.copy()
    for _ in range(60):
        counted = allocate(yearly, plan.constants["eradication_groups"], constants["eradication_access"], standing)
        hazard = params["eradication_effect"] * np.divide(counted, standing, out=np.zeros_like(areas), where=standing > 0)
        standing = 0.5 * (standing + areas * np.exp(np.minimum(hazard * lag, 2.0)))
    return np.minimum(hazard, 2.0 / lag), standing


def _room(pack: RegionPack, scenario: Scenario, households: Array, areas: Array) -> Array:
    ratio = zone_column(pack, "land_room_ratio")
    if scenario.start == "2001":
        return households * np.maximum(ratio, 1.0)
    then = households * zone_column(pack, "area_2001_ha") / np.maximum(areas, 1.0)
    return np.where(ratio <= 1, households, np.maximum(then * ratio, ROOM_NOW * households))


def _flows(areas: Array, params: dict[str, Array], constants: dict[str, Array], scenario: Scenario, pack: RegionPack) -> dict[str, Array]:
    flow = 0.9 * areas * constants["yield_kg_per_ha_yr"] / params["leaf_kg_per_kg_cocaine"] / 12
    closed = np.array([[z.id == "vraem" and scenario.start == "2001" for z in pack.zones]])
    evacuation = np.where(closed, params["capacity_start_vraem"], 1 + params["capacity_headroom"])
    share = np.repeat(constants["corridor_start"], len(areas), axis=0)
    corridors = share.shape[2]
    by_corridor = total(flow[..., None] * share, 1)[:, 0]
    return {
        "flow_kg": flow, "capacity_kg": flow * evacuation, "store_kg": flow * params["store_months"] * np.where(closed, 1.0, 0.5),
        "sites": params["site_slack"] * flow / params["site_kg_per_month"], "corridor_share": share,
        "belief": np.repeat(params["seized_share"], corridors, axis=1), "premium": np.ones((len(areas), corridors)),
        "interdictor_trace": by_corridor / total(by_corridor),
    }  # fmt: skip


def _anchor_prices(
    pack: RegionPack, opening: Opening, constants: dict[str, Array], state: State, params: dict[str, Array], signals: dict[str, Array],
    first: int, areas: Array,
) -> None:  # fmt: skip
    """Set the border price's scale so that leaf costs what was published in the anchor year, and the first quotes."""
    values, year = state.values, opening.price_year
    seen = {(o.quantity, o.basin, o.year): o.value for o in pack.observations}
    target = seen[opening.price_quantity, opening.price_basin, year] * params["price_ref_tolerance"]
    wage = pack.series["rural_wage_index"].at_year(year)
    three = [sum(pack.series[s].at_year(y) for s in ("colombia_area_ha", "bolivia_area_ha")) + seen["coca_area_ha", "ALL", y]
             for y in (year - 1, year)]  # fmt: skip
    constants["area_reference_ha"] = np.full((1, 1), sum(three) / 2)
    constants["reference_month"] = np.full((1, 1), float(month_index(f"{year}-06")))
    reserve = params["reservation_usd2013_per_kg"] * wage
    cost, ratio, quality = (params[n] for n in ("processing_usd2013_per_kg", "leaf_kg_per_kg_cocaine", "quality_factor"))
    flow = values["flow_kg"]
    evacuation = np.minimum(np.divide(values["capacity_kg"], flow, out=np.ones_like(flow), where=flow > 0), 1)
    chosen = np.array([[opening.price_basin in ("ALL", z.id) for z in pack.zones]])
    weight = areas * constants["yield_kg_per_ha_yr"] * chosen
    low, high = np.zeros_like(target), np.full_like(target, 20000.0)
    for _ in range(60):
        middle = (low + high) / 2
        net = prices.net_border(middle * constants["corridor_price_factor"], values["corridor_share"], values["belief"],
                                values["premium"], constants["corridor_cost_usd2013_per_kg"], params["loss_usd2013_per_kg"])  # fmt: skip
        leaf = reserve + (prices.leaf_netback(net, cost, ratio, quality) - reserve) * evacuation**2
        price = leaf if opening.price_quantity.startswith("price_leaf") else net
        above = total(price * weight) / total(weight) > target
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    constants["border_scale"] = (low + high) / 2
    peru = total(values["counted_ha"])
    values["area_mean_ha"] = signals["colombia_area_ha"] + signals["bolivia_area_ha"] + peru
    values["price_product"], values["price_leaf"] = np.ones_like(areas), np.ones_like(areas)
    wanted = set(prices.advance.__annotations__) - {"return", "month", "price_speed"}
    given = {n: v for n, v in {**constants, **signals, **values}.items() if n in wanted}
    values |= prices.advance(month=first, price_speed=np.ones((1, 1)), **given)


def _anchor_choice(constants: dict[str, Array], state: State, params: dict[str, Array], signals: dict[str, Array], hazard: Array) -> None:
    """Set what growers compare with, and offsets that make half of the responsive grow."""
    found = net_return(state.values["price_leaf"], params["quality_factor"], constants["yield_kg_per_ha_yr"],
                       params["reservation_usd2013_per_kg"], signals["rural_wage_index"], params["upkeep_usd2013_per_ha"])  # fmt: skip
    state.values["expected_return"] = found
    constants["return_start"] = np.maximum(found, LEAST_RETURN_USD2013)
    licit = signals["licit_return_usd2013_per_ha"] * constants["licit_return_factor"] * np.exp(-params["eradication_licit_loss"] * hazard)
    constants["ratio_start"] = constants["return_start"] / licit
    constants["participation_offset"] = params["risk_aversion"] * hazard - params["participation_slope"] * np.log(constants["ratio_start"])


def _settle(
    pack: RegionPack, seed: int, member: int, households: Array, room: Array, areas: Array, wanted: Array, hazard: Array, speed: Array,
    p: dict[str, float],
) -> tuple[Population, Array]:  # fmt: skip
    """Return the households of one member at rest, and the mean yield factor of each basin's stands."""
    slots = np.ceil(np.maximum(room, households)).astype(np.int64) + 2
    offset = np.concatenate([[0], np.cumsum(slots)])
    fields = np.zeros((len(HOUSEHOLD_FIELDS), offset[-1]), np.float32)
    factor = np.ones(len(slots))
    key = stream_key(seed, member, "start households", 0)
    for b, zone in enumerate(pack.zones):
        block = fields[:, offset[b] : offset[b + 1]]
        _endow(block, key, zone.id, p, zone.mean_coca_ha_per_grower * p["mean_coca_scale"])
        block[ROW["present"], : int(households[b])] = 1
        factor[b] = _plant(block, key, zone.id, p, float(hazard[b]), float(speed[b]))
        rescale(block, float(areas[b]))
    return Population(fields, offset, households.astype(np.int64), np.zeros(len(slots))), factor


def _endow(block: Households, key: tuple[np.uint32, np.uint32], zone: str, p: dict[str, float], mean_ha: float) -> None:
    """Give every slot its lasting properties: type, size, phase."""
    n = block.shape[1]
    kind, resolve = uniforms(key, f"{zone} type", n).astype(np.float64)
    need, phase = uniforms(key, f"{zone} need", n).astype(np.float64)
    first, second = uniforms(key, f"{zone} size", n).astype(np.float64)
    resolve = np.clip(resolve, 2.0**-24, 1 - 2.0**-24)
    refuser, committed = p["grower_share_refuser"], p["grower_share_committed"]
    threshold = np.where(kind < refuser, 1e6, np.where(kind < refuser + committed, -1e6, np.log(resolve / (1 - resolve))))
    deviate = np.sqrt(-2 * np.log1p(-first)) * np.cos(2 * np.pi * second)
    size = np.clip(mean_ha * np.exp(p["size_log_sd"] * deviate - p["size_log_sd"] ** 2 / 2), 0.1, 6.0)
    block[ROW["threshold"]], block[ROW["size_ha"]] = threshold, size
    block[ROW["profit_driven"]] = need >= p["need_driven_share"]
    block[ROW["phase"]] = np.floor(12 * phase)
    block[ROW["soil"]] = (p["soil_recovery"] + 0.4 * p["soil_depletion"]) / (p["soil_recovery"] + p["soil_depletion"])


def _plant(block: Households, key: tuple[np.uint32, np.uint32], zone: str, p: dict[str, float], hazard: float, speed: float) -> float:
    """Put the coca of a basin at rest under its hazard; return the mean yield factor of mature stands."""
    n = block.shape[1]
    stands, since = np.maximum(uniforms(key, f"{zone} stand", n).astype(np.float64), 2.0**-25)
    age, purse = uniforms(key, f"{zone} age", n).astype(np.float64)
    size = block[ROW["size_ha"]].astype(np.float64)
    grows = (block[ROW["present"]] > 0) & (block[ROW["threshold"]] < 0)
    empty = grows & (stands < hazard / (hazard + speed))
    months = np.where(empty, -np.log(since) / speed * 12, -np.log(since) / max(hazard, 1e-6) * 12)
    lag = round(p["counted_months"])
    young = grows & ~empty & (months < lag)
    mature = grows & ~empty & ~young
    usual = 12 / p["renewal_rate"]
    stand_age = np.minimum(lag + age * 2 * (usual - lag), months)
    block[ROW["mature_ha"]], block[ROW["stand_age"]] = size * mature, stand_age * mature
    block[ROW["young_ha"]], block[ROW["young_age"]] = size * young, np.floor(months) * young
    block[ROW["erased_ha"]], block[ROW["erased_age"]] = size * empty, np.minimum(np.floor(months), 1000) * empty
    block[ROW["regrown_ha"]] = size * (mature | young) * p["replant_share"] * hazard / (hazard + 0.05)
    block[ROW["risk"]] = hazard * grows
    block[ROW["cash"]] = np.where(block[ROW["present"]] > 0, np.floor((800 * purse - 100) / MONEY_QUANTUM) * MONEY_QUANTUM, 0)
    ageing = np.maximum(1 - p["decline_rate"] / 12 * np.maximum(stand_age[mature] - p["decline_age"], 0), 0.3)
    weight = size[mature].sum()
    mean = (ageing * size[mature]).sum() / weight if weight > 0 else 1.0
    return float(mean * block[ROW["soil"]][0]) if n else 1.0


def rescale(block: Households, counted_ha: float) -> None:
    """Scale a basin's land so that its counted coca is exactly what was published, to the quantum of land."""
    now = float(block[ROW["mature_ha"]].astype(np.float64).sum())
    factor = counted_ha / now if now > 0 else 1.0
    block[ROW["size_ha"]] = block[ROW["size_ha"]] * np.float32(factor)
    for name in AREA_FIELDS:
        area = block[ROW[name]].astype(np.float64) * factor
        block[ROW[name]] = np.floor(area / AREA_QUANTUM + 0.5) * AREA_QUANTUM
    total_ha = block[ROW["mature_ha"]] + block[ROW["young_ha"]] + block[ROW["nursery_ha"]]
    block[ROW["regrown_ha"]] = np.minimum(block[ROW["regrown_ha"]], total_ha)


def settle_books(world: World, pack: RegionPack) -> None:
    """End the burn-in: counted areas become the published ones, and everything that flows is scaled with them."""
    values = world.state.values
    factor = np.divide(world.areas, values["counted_ha"], out=np.ones_like(world.areas), where=values["counted_ha"] > 0)
    for i, population in enumerate(world.state.households):
        for b in range(len(pack.zones)):
            rescale(population.fields[:, population.offset[b] : population.offset[b + 1]], float(world.areas[i, b]))
    for name in ("flow_kg", "capacity_kg", "store_kg", "sites", "counted_ha", "young_ha"):
        values[name] = values[name] * factor
    world.constants["settled"] = np.ones((1, 1))
