"""The judge passes a sound plan and names what is wrong with each corrupted one."""

import ast
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import routing.check as check
from lowhaul.result_tables import RESULT_TABLES
from routing.case import MEASURES, Case
from routing.check import RULES, Fault, check_plan
from routing.check.rows import ROW_TYPES, columns_of
from tests.routing.case_corruptions import CASE_CORRUPTIONS, CaseCorruption
from tests.routing.corruptions import CORRUPTIONS, Corruption, copied
from tests.routing.handmade import handmade_case, handmade_summary, handmade_tables
from tests.routing.tender_corruptions import TENDER_LIES, TIGHTER_TERMS
from tests.routing.turn_corruptions import TIGHTER_TURNS, TURN_LIES

NUMBERS = ("_kg", "_km", "_mm", "_tkm", "_m3", "_use")


@pytest.fixture(scope="module")
def case() -> Case:
    return handmade_case()


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return handmade_tables()


def rules_of(faults: list[Fault]) -> set[str]:
    return {f.rule for f in faults}


def test_plan_made_by_hand_passes(case: Case, tables: dict[str, pd.DataFrame]) -> None:
    assert check_plan(case, tables, handmade_summary()) == []


@pytest.mark.parametrize("nullable", [False, True])
def test_typed_frames_are_judged_as_texts_are(
    case: Case, tables: dict[str, pd.DataFrame], nullable: bool
) -> None:
    typed = {}
    for name, frame in tables.items():
        frame = frame.copy()
        for column in frame.columns:
            if column.endswith(NUMBERS) or column in ("load_units", "teu", "pieces", "quantity"):
                frame[column] = pd.to_numeric(frame[column])
            elif column.endswith("_date") or column in ("depart", "arrive", "date"):
                frame[column] = pd.to_datetime(frame[column].replace("", None))
            elif column in ("covered", "proxy", "on_time", "stuffable"):
                frame[column] = frame[column] == "yes"
            elif column == "line" and name == "order_allocation":
                frame[column] = frame[column].astype(int)
        typed[name] = frame.replace("", pd.NA).convert_dtypes() if nullable else frame
    assert check_plan(case, typed, handmade_summary()) == []


@pytest.mark.parametrize("corruption", CORRUPTIONS, ids=lambda c: c.name)
def test_corrupted_tables_are_named(
    case: Case, tables: dict[str, pd.DataFrame], corruption: Corruption
) -> None:
    mine, summary = copied(tables), handmade_summary()
    assert corruption.mutate(mine, summary), "the plan made by hand has something of every kind"
    assert corruption.expected_rule in rules_of(check_plan(case, mine, summary))


NOT_IN_THE_HANDMADE_PLAN = {"order_may_not_be_split", "order_wants_to_be_alone", "load_rate_off"}


@pytest.mark.parametrize("corruption", CASE_CORRUPTIONS, ids=lambda c: c.name)
def test_tighter_case_is_named(
    case: Case, tables: dict[str, pd.DataFrame], corruption: CaseCorruption
) -> None:
    tighter = corruption.mutate(case, tables)
    if corruption.name in NOT_IN_THE_HANDMADE_PLAN:
        assert tighter is None
        return
    assert tighter is not None
    faults = check_plan(tighter, tables, handmade_summary())
    assert corruption.expected_rule in rules_of(faults)


@pytest.mark.parametrize("measure", sorted(set(MEASURES) - {"round_use", "consolidation"}))
def test_baseline_way_passes_with_the_measure_off(
    case: Case, tables: dict[str, pd.DataFrame], measure: str
) -> None:
    """The plan uses the baseline's carriers, places, modes and current packaging already."""
    off = replace(case.settings, measures=frozenset(MEASURES) - {measure})
    assert check_plan(replace(case, settings=off), tables, handmade_summary()) == []


def test_one_lie_is_not_heard_everywhere(case: Case, tables: dict[str, pd.DataFrame]) -> None:
    """A fee forgotten is told by the fee's rule and by the sums that it breaks, by no other."""
    mine = copied(tables)
    costs = mine["costs"]
    mine["costs"] = costs[costs["charge_code"] != "RUF"].reset_index(drop=True)
    told = rules_of(check_plan(case, mine, handmade_summary()))
    assert told == {"cost_of_reuse", "cost_of_shipment", "cost_total"}


def mixed(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The inbound order's two load units swap a pallet with the export's: nobody may do that."""
    mine = copied(tables)
    placed = mine["placements"]
    one = placed.index[placed["load_id"] == "L-0001"][0]
    other = placed.index[placed["load_id"] == "L-0002"][0]
    for column in ("order_id", "line"):
        placed.loc[[one, other], column] = placed.loc[[other, one], column].to_numpy()
    return mine


def test_orders_that_share_a_box_must_be_allowed_to(
    case: Case, tables: dict[str, pd.DataFrame]
) -> None:
    mine = mixed(tables)
    alone = replace(case, orders=tuple(replace(o, mix_allowed=False) for o in case.orders))
    assert "mixing_allowed" in rules_of(check_plan(alone, mine, handmade_summary()))
    off = replace(case.settings, measures=frozenset(MEASURES) - {"load_rate"})
    faults = check_plan(replace(case, settings=off), mine, handmade_summary())
    assert "measure_load_rate" in rules_of(faults)


def test_an_unsplittable_order_stays_whole(case: Case, tables: dict[str, pd.DataFrame]) -> None:
    whole = replace(case, orders=tuple(replace(o, splittable=False) for o in case.orders))
    assert check_plan(whole, tables, handmade_summary()) == []
    mine = copied(tables)
    mine["order_allocation"].at[2, "pieces"] = 800
    again = mine["order_allocation"].iloc[[2]].assign(shipment_id="S-0001")
    mine["order_allocation"] = pd.concat([mine["order_allocation"], again], ignore_index=True)
    mine["shipments"].loc[mine["shipments"]["shipment_id"] == "S-0001", "origin"] = "FAR"
    assert "unsplittable_whole" in rules_of(check_plan(whole, mine, handmade_summary()))


def test_a_road_bid_that_holds_its_empty_way_needs_no_empty_row(
    case: Case, tables: dict[str, pd.DataFrame]
) -> None:
    """Per t-km the figure holds the empty way: 16.8 t x 200 km x 60 g = 201.600 kg, no row."""
    bids = tuple(
        replace(b, co2e_wtw_g=60.0, co2e_ttw_g=10.0, co2e_per="tkm", co2e_distance_basis="sfd")
        if b.bid_id == "R-IMP"
        else b
        for b in case.bids
    )
    mine = copied(tables)
    legs = mine["legs"]
    mine["legs"] = legs[~((legs["kind"] == "empty") & (legs["bid_id"] == "R-IMP"))].copy()
    row = mine["legs"].index[mine["legs"]["factor_id"] == "bid:R-IMP"][0]
    for column, value in (
        ("co2e_wtw_kg", 201.6),
        ("co2e_ttw_kg", 33.6),
        ("co2e_wtt_kg", 168.0),
        ("daf", 1.0),
        ("factor_distance_basis", "sfd"),
    ):
        mine["legs"].at[row, column] = value
    told = rules_of(check_plan(replace(case, bids=bids), mine, handmade_summary()))
    assert not told & {"leg_co2e", "empty_ways", "daf_once", "factor_right"}


def test_legs_beyond_the_named_place_are_not_ours_to_pay(
    case: Case, tables: dict[str, pd.DataFrame]
) -> None:
    """P1 sold free on board at PORT: the ltl leg's 100 EUR stay, the lcl leg's 54 EUR go."""
    orders = tuple(replace(o, named_place="PORT") if o.order_id == "P1" else o for o in case.orders)
    sold = replace(case, orders=orders)
    told = [f for f in check_plan(sold, tables, handmade_summary()) if f.rule == "cost_of_bid"]
    assert [f.key for f in told] == ["S-0005 R-LCL"]
    mine = copied(tables)
    mine["costs"] = mine["costs"][mine["costs"]["bid_id"] != "R-LCL"]
    assert "cost_of_bid" not in rules_of(check_plan(sold, mine, handmade_summary()))


def test_missing_column_is_told_before_anything_else(
    case: Case, tables: dict[str, pd.DataFrame]
) -> None:
    mine = copied(tables)
    mine["legs"] = mine["legs"].drop(columns=["covered"])
    faults = check_plan(case, mine, handmade_summary())
    assert [(f.rule, f.table) for f in faults] == [("tables_complete", "legs")]


def test_an_empty_plan_loses_its_orders(case: Case, tables: dict[str, pd.DataFrame]) -> None:
    nothing = {name: frame.head(0) for name, frame in tables.items()}
    faults = [f for f in check_plan(case, nothing, {"cost": 0.0}) if f.rule == "pieces_conserved"]
    assert len(faults) == len(case.orders)


def test_every_rule_has_its_own_name_and_meaning() -> None:
    names = [rule.__name__ for rule in RULES]
    assert len(set(names)) == len(names)
    assert all(rule.__doc__ for rule in RULES)


def test_every_rule_is_broken_by_some_corruption() -> None:
    """Rules that no corruption names are listed, so that none is dead by oversight."""
    named = {c.expected_rule for c in CORRUPTIONS} | {c.expected_rule for c in CASE_CORRUPTIONS}
    named |= {c.expected_rule for c in TENDER_LIES} | {c.expected_rule for c in TIGHTER_TERMS}
    named |= {c.expected_rule for c in TURN_LIES} | {c.expected_rule for c in TIGHTER_TURNS}
    told_elsewhere = {"cost_of_unknown", "stray_empty_rows", "box_haulage", "fuel_surcharged"}
    assert {rule.__name__ for rule in RULES} - named == told_elsewhere


def test_a_haulage_of_its_own_kind_is_asked_for(
    case: Case, tables: dict[str, pd.DataFrame]
) -> None:
    """A bid that nobody rides on, an empty row that serves nothing, a turn without haulage."""
    mine = copied(tables)
    mine["costs"].at[0, "bid_id"] = "R-LCL"
    mine["round_use"].at[0, "shipment_id"] = "S-0005"
    mine["legs"].at[0, "tce_id"] = "S-0001.3"
    told = rules_of(check_plan(case, mine, handmade_summary()))
    assert {"cost_of_unknown", "box_haulage", "stray_empty_rows"} <= told


def test_judge_reads_only_columns_that_are_declared() -> None:
    for name, row_type in ROW_TYPES.items():
        assert set(columns_of(row_type)) <= set(RESULT_TABLES[name].names)


def test_judge_shares_no_code_with_the_planner() -> None:
    """It may import inputs, look-ups and the loader's judge, nothing that plans or prices."""
    allowed = {
        "emissions.factors",
        "loading.check",
        "loading.units",
        "lowhaul.errors",
        "lowhaul.units",
        "routing.baseline",
        "routing.turn_case",
        "routing.bids",
        "routing.boxes",
        "routing.case",
        "routing.decisions",
        "routing.orders",
        "routing.places",
        "routing.tender",
    }
    folder = Path(check.__file__).parent
    for path in sorted(folder.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                top = node.module.split(".")[0]
                if top in ("emissions", "loading", "lowhaul", "routing", "scenarios"):
                    ours = node.module.startswith("routing.check")
                    assert ours or node.module in allowed, f"{path.name}: {node.module}"
