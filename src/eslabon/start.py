"""The starting states: December of 2001, 2012, 2015 or 2024, and a stylised 1995, at rest under the eradication of their time.

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
from eslabon.institutions import NEIGHBOURS_1995_HA, enrol, open_institutions, place_constants, settle_institutions, zone_column
from eslabon.params.table import ParameterTable, draw_ensemble
from eslabon.policies.plan import Plan, make_plan
from eslabon.policies.scenario import Scenario
from eslabon.policies.structures import DEFAULTS, chosen
from eslabon.stages import passes, prices
from eslabon.stages.arrays import Array, power, ratio, total
from eslabon.stages.communities import unrest
from eslabon.stages.decisions import net_return
from eslabon.stages.eradication import allocate, near
from eslabon.state import AREA_QUANTUM, HOUSEHOLD_FIELDS, MONEY_QUANTUM, ROW, Households, Population, State

AREA_FIELDS = ("mature_ha", "young_ha", "nursery_ha", "erased_ha", "fallow_ha", "regrown_ha")
RESPONSIVE_START = 0.5
"""Share of the responsive who grow at the start (assumed)."""
LEAST_RETURN_USD2013 = 200.0
"""Least starting return that growers compare with, a hectare and year (assumed)."""
VRAEM_SPREAD_2001 = 2000 / 13600
"""Relative spread of the VRAEM's area in December 2001 (assumed)."""
MOST_HOUSEHOLD_HA = 64.0
"""Most land of one kind a household can hold; float32 keeps the quantum of land up to four times as much."""
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
    price_value: float = 0.0
    area_value_ha: float = 0.0


LEAF, PRODUCT = "price_leaf_usd2013_per_kg", "price_cocaine_origin_usd2013_per_kg"
OPENINGS = {
    "1995": Opening(month_index("1996-01"), 24, "area_1995_ha", 1995, LEAF, "ALL", 5.3, 115_300.0),
    "2001": Opening(month_index("2002-01"), 12, "area_2001_ha", 2003, LEAF, "ALL"),
    "2012": Opening(month_index("2013-01"), 24, "area_2012_ha", 2012, LEAF, "ALL"),
    "2015": Opening(month_index("2016-01"), 24, "area_2015_ha", 2015, LEAF, "ALL"),
    "2024": Opening(month_index("2025-01"), 24, "area_2024_ha", 2023, PRODUCT, "vraem"),
}
"""How each starting state is anchored; 1995 on 40 usd an arroba before the air-bridge denial (grade B, T10)."""


@dataclass
class World:
    """Everything a run of a chunk of members needs: state, constants, plan."""

    state: State
    constants: dict[str, Array]
    plan: Plan
    who: npt.NDArray[np.uint32]
    seed: int
    areas: Array


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


def draw_params(table: ParameterTable, scenario: Scenario, seed: int, members: Sequence[int]) -> dict[str, Array]:
    """Return every member's parameters, (member, 1), with the constants that the scenario's structures replace."""
    params, _rejected = draw_ensemble(table, seed, members)
    fixed = dict(DEFAULTS)
    for structure in chosen(scenario.structure):
        fixed |= structure.sets
    return {**params, **{name: np.full((len(members), 1), value) for name, value in fixed.items()}}


def plan_for(pack: RegionPack, scenario: Scenario) -> Plan:
    """Return the plan of a scenario from the first month of the burn-in, whose eradication is the mean of its months."""
    opening = OPENINGS[scenario.start]
    first = opening.books_open - opening.burn_in_months
    plan = make_plan(pack, scenario, first, month_index(f"{scenario.until}-12") - first + 1)
    burn_in = plan.signals["eradication_plan_ha"][: opening.burn_in_months]
    burn_in[:] = burn_in.mean(axis=0)
    return plan


def open_world(pack: RegionPack, table: ParameterTable, scenario: Scenario, seed: int, members: Sequence[int], plan: Plan | None = None) -> World:
    """Return the world of `members` at the beginning of the burn-in."""
    opening = OPENINGS[scenario.start]
    plan = plan or plan_for(pack, scenario)
    first = plan.first_month
    params = draw_params(table, scenario, seed, members)
    areas = start_areas(pack, scenario, seed, members, params)
    constants: dict[str, Array] = {
        **params, **plan.constants, **_zone_constants(pack), **_corridor_constants(pack), **place_constants(pack, scenario.start),
    }  # fmt: skip
    signals = plan.at(first)
    hazard, standing = _hazard(areas, constants, plan, params)
    lag = np.round(params["counted_months"]) / 12
    speed = params["adjustment_rate"] * np.where(constants["frontier"] > 0, params["frontier_adjustment"], 1.0)
    wanted = areas * np.exp(hazard * lag) * (1 + hazard / np.maximum(speed, 0.1))
    constants["mean_grower_ha"] = constants["mean_coca_ha_per_grower"] * params["mean_coca_scale"]
    responsive = 1 - params["grower_share_refuser"] - params["grower_share_committed"]
    growing = params["grower_share_committed"] + RESPONSIVE_START * responsive
    households = np.ceil(wanted / constants["mean_grower_ha"] / growing)
    room = _room(pack, scenario, households, areas)
    state = State(np.asarray(members), [])
    state.values = _flows(areas, params, constants, scenario, pack)
    state.values |= {
        "hazard": hazard, "perceived_risk": hazard + params["neighbour_learning"] * near(hazard, constants["nearness"]),
        "loss_months": np.zeros_like(areas), "counted_ha": areas.copy(), "young_ha": standing - areas, "households": households.copy(),
        "growers": np.round(households * growing),
    }  # fmt: skip
    open_institutions(pack, scenario.start, seed, state.members, constants, params, state.values, signals)
    _anchor_prices(pack, opening, constants, state, params, signals, first, areas)
    _anchor_choice(constants, state, params, signals)
    factors = np.ones_like(areas)
    families = np.minimum(signals["assisted_families"] * constants["programme_weight"], 0.8 * households)
    assisted = np.zeros_like(areas)
    for i, member in enumerate(members):
        population, factors[i], assisted[i] = _settle(pack, seed, member, households[i], room[i], areas[i], wanted[i], hazard[i], speed[i],
                                                      families[i], {n: float(v[i, 0]) for n, v in params.items()})  # fmt: skip
        state.households.append(population)
    state.values["assisted"] = assisted
    constants["programme_share_start"] = ratio(assisted, np.maximum(households, 1))
    rest = unrest(hazard, constants["programme_share_start"], params["trust_start"], params["mobilisation_response"])
    constants["mobilisation_start"], state.values["mobilisation"] = rest, rest.copy()
    constants["household_room"] = room
    constants["yield_kg_per_harvest"] = constants["yield_kg_per_ha_yr"] / constants["harvests_per_yr"] / factors
    constants["settled"] = np.zeros((1, 1))
    who = np.array([name_word(z.id) for z in pack.zones], np.uint32)
    world = World(state, constants, plan, who, seed, areas)
    count_land(world)
    return world


def count_land(world: World) -> None:
    """Set the basins' sums of land to what their households hold, to the bit; the stages add their flows to them."""
    values = world.state.values
    held = np.zeros((*world.areas.shape, len(passes.HELD)))
    for m, population in enumerate(world.state.households):
        for b in np.flatnonzero(population.top):
            passes.stock_pass(population.fields, population.offset[b], population.top[b], held[m, b])
    for name in ("counted_ha", "young_ha", "erased_ha", "fallow_ha"):
        values[name] = held[..., passes.HELD.index(f"land.{name.removesuffix('_ha')}")].copy()


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
    """Return the yearly removal rate and all standing coca at rest under the burn-in's mean plan."""
    yearly = 12 * plan.signals["eradication_plan_ha"][0]
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
    anchor = opening.price_value or seen[opening.price_quantity, opening.price_basin, year]
    target = anchor * params["price_ref_tolerance"]
    wage = pack.series["rural_wage_index"].at_year(year)
    constants["area_reference_ha"] = np.full((1, 1), _three_countries(pack, opening, year, seen))
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
                                values["premium"], values["carriage_cost"], params["loss_usd2013_per_kg"])  # fmt: skip
        net = net - values["levy_per_kg"] - values["bribe_per_kg"]
        leaf = reserve + (prices.leaf_netback(net, cost, ratio, quality) - reserve) * power(evacuation, constants["evacuation_exponent"])
        price = leaf if opening.price_quantity.startswith("price_leaf") else net
        above = total(price * weight) / total(weight) > target
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    constants["border_scale"] = (low + high) / 2
    border = constants["border_scale"] * constants["corridor_price_factor"]
    net = prices.net_border(border, values["corridor_share"], values["belief"], values["premium"], values["carriage_cost"],
                            params["loss_usd2013_per_kg"]) - values["levy_per_kg"] - values["bribe_per_kg"]  # fmt: skip
    gross = total(values["corridor_share"] * ((1 - values["belief"]) * border)[:, None], 2)[..., 0]
    constants["netback_share"] = net / gross
    scale = np.exp(values["neighbour_log"])
    values["colombia_ha"], values["bolivia_ha"] = signals["colombia_area_ha"] * scale[:, :1], signals["bolivia_area_ha"] * scale[:, 1:]
    values["area_mean_ha"] = values["colombia_ha"] + values["bolivia_ha"] + total(values["counted_ha"])
    values["price_product"], values["price_leaf"] = np.ones_like(areas), np.ones_like(areas)
    values["way_out_kg"], values["replacement_demand"] = values["capacity_kg"].copy(), np.ones((1, 1))
    values["harvest_wage_index"] = signals["rural_wage_index"] * np.ones_like(areas)
    wanted = set(prices.advance.__annotations__) - {"return", "month", "price_speed", "prices_free"}
    given = {n: v for n, v in {**constants, **signals, **values}.items() if n in wanted}
    values |= prices.advance(month=first, price_speed=np.ones((1, 1)), prices_free=np.ones((1, 1)), **given)
    values["border_mean"] = total(values["border_price"]) / values["border_price"].shape[1]
    values["rents_mean"] = values["flow_kg"] * ratio * quality * values["price_leaf"]
    values["border_anchor"], values["leaf_price_slow"] = values["border_mean"].copy(), values["price_leaf"].copy()


def _three_countries(pack: RegionPack, opening: Opening, year: int, seen: dict[tuple[str, str, int], float]) -> float:
    """Return the mean area of the three countries in the anchor year and the one before, ha."""
    if opening.area_value_ha:
        return opening.area_value_ha + sum(NEIGHBOURS_1995_HA.values())
    three = [
        sum(pack.series[s].at_year(y) for s in ("colombia_area_ha", "bolivia_area_ha")) + seen["coca_area_ha", "ALL", y] for y in (year - 1, year)
    ]
    return sum(three) / 2


def _anchor_choice(constants: dict[str, Array], state: State, params: dict[str, Array], signals: dict[str, Array]) -> None:
    """Set what growers compare with, and offsets that make half of the responsive grow."""
    values = state.values
    found = net_return(values["price_leaf"], params["quality_factor"], constants["yield_kg_per_ha_yr"],
                       params["reservation_usd2013_per_kg"], values["harvest_wage_index"], params["upkeep_usd2013_per_ha"])  # fmt: skip
    values["expected_return"] = found
    constants["return_start"] = np.maximum(found, LEAST_RETURN_USD2013)
    values["expected_licit"] = signals["licit_return_usd2013_per_ha"] * constants["licit_return_factor"] * np.ones_like(found)
    licit = values["expected_licit"] * np.exp(-params["eradication_licit_loss"] * values["hazard"])
    constants["ratio_start"] = constants["return_start"] / licit
    own = params["own_risk_weight"]
    risk = params["risk_aversion"] * ((1 - own) * values["perceived_risk"] + own * values["hazard"])
    constants["participation_offset"] = risk - params["participation_slope"] * np.log(constants["ratio_start"])


def _settle(
    pack: RegionPack, seed: int, member: int, households: Array, room: Array, areas: Array, wanted: Array, hazard: Array, speed: Array,
    families: Array, p: dict[str, float],
) -> tuple[Population, Array, Array]:  # fmt: skip
    """Return the households of one member at rest, the mean yield factor of each basin's stands, and who is assisted."""
    slots = np.ceil(np.maximum(room, households)).astype(np.int64) + 2
    offset = np.concatenate([[0], np.cumsum(slots)])
    fields = np.zeros((len(HOUSEHOLD_FIELDS), offset[-1]), np.float32)
    factor, assisted = np.ones(len(slots)), np.zeros(len(slots))
    key = stream_key(seed, member, "start households", 0)
    for b, zone in enumerate(pack.zones):
        block = fields[:, offset[b] : offset[b + 1]]
        _endow(block, key, zone.id, p, zone.mean_coca_ha_per_grower * p["mean_coca_scale"])
        block[ROW["present"], : int(households[b])] = 1
        factor[b] = _plant(block, key, zone.id, p, float(hazard[b]), float(speed[b]))
        rescale(block, float(areas[b]))
        assisted[b] = enrol(block, key, zone.id, float(families[b]))
    population = Population(fields, offset, households.astype(np.int64), np.zeros(len(slots)), np.zeros((len(slots), len(slots))))
    return population, factor, assisted


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
    speed = max(speed, 0.1)
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
    """Scale a basin's land so that its counted coca is what was published, to the quantum of land and a household's limit."""
    now = float(block[ROW["mature_ha"]].astype(np.float64).sum())
    factor = counted_ha / now if now > 0 else 1.0
    block[ROW["size_ha"]] = np.minimum(block[ROW["size_ha"]] * np.float32(factor), MOST_HOUSEHOLD_HA)
    for name in AREA_FIELDS:
        area = np.minimum(block[ROW[name]].astype(np.float64) * factor, MOST_HOUSEHOLD_HA)
        block[ROW[name]] = np.floor(area / AREA_QUANTUM + 0.5) * AREA_QUANTUM
    total_ha = block[ROW["mature_ha"]] + block[ROW["young_ha"]] + block[ROW["nursery_ha"]]
    block[ROW["regrown_ha"]] = np.minimum(block[ROW["regrown_ha"]], total_ha)


def settle_books(world: World, pack: RegionPack, found: dict[str, Array]) -> None:
    """End the burn-in: counted areas become the published ones, and everything that flows is scaled with them.

    Parameters
    ----------
    found : dict
        What the last month of the burn-in brought.
    """
    values = world.state.values
    factor = np.divide(world.areas, values["counted_ha"], out=np.ones_like(world.areas), where=values["counted_ha"] > 0)
    for i, population in enumerate(world.state.households):
        for b in range(len(pack.zones)):
            rescale(population.fields[:, population.offset[b] : population.offset[b + 1]], float(world.areas[i, b]))
    for name in ("flow_kg", "capacity_kg", "store_kg", "sites", "harvest_usual", "labour_supply"):
        values[name] = values[name] * factor
    count_land(world)
    settle_institutions(world.constants, values, found, world.constants)
    world.constants["settled"] = np.ones((1, 1))
