"""Green tactical transport planning: published instances through Lowhaul's planner.

    python -m benchmarks.gttp FILE.json ... --seconds 60 --json

For each instance four lines: Lowhaul's planner with goods first in first out; the instance's own
time-space model, in which goods may change containers at every node, solved by lowhaul.solve (once
on the arcs of ways that no other way beats, once on all, so twice the seconds); the planner again,
with the days on which goods are made as in that plan; and the planner's answer, the better one of
its two. The instance leaves open which day's goods serve which demand, an order does not, so the
planner needs more than one choice of days to answer for the instance. How an instance becomes a
case, and what that leaves out, is said in benchmarks/gttp_case.py. Every line is judged from the
instance's files (benchmarks/gttp_instance.py), nights in store included. `bound` is proved for what
the line plans: the instance (time_space), or its case without nights in store (planner).
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from math import isfinite
from pathlib import Path
from typing import Any

from benchmarks.gttp_case import flow_of, map_instance
from benchmarks.gttp_instance import Flow, Instance, judge, read_instance
from benchmarks.gttp_lots import Lots, as_in, first_in_first_out
from benchmarks.gttp_model import best_flow
from benchmarks.gttp_ways import arcs_worth_offering
from lowhaul.errors import LowhaulError
from lowhaul.solve import relative_gap
from lowhaul.units import KG_PER_T
from routing.planner import plan_case

INTERVALS: dict[tuple[str, str], tuple[float, float]] = {
    ("r02_0_0_W1_C2_K20_F0_T7_L_L_direct", "min_emissions"): (30.21, 30.21),
    ("r02_0_0_W1_C2_K20_F0_T7_L_L", "min_emissions"): (29.13, 29.22),
    ("r02_0_0_W1_C2_K20_F0_T7_LRS_L", "min_emissions"): (21.64, 22.20),
    ("r02_0_0_W1_C2_K20_F20_T7_LRS_L", "min_emissions"): (22.68, 23.30),
    ("r02_0_0_W1_C2_K20_F0_T7_L_L_direct", "min_cost"): (11_675, 11_675),
    ("r02_0_0_W1_C2_K20_F0_T7_L_L", "min_cost"): (10_885, 11_016),
    ("r02_0_0_W1_C2_K20_F0_T7_LRS_L", "min_cost"): (10_560, 10_818),
    ("r02_0_0_W1_C2_K20_F20_T7_LRS_L", "min_cost"): (11_157, 11_594),
}
"""[bound, best found] of the least CO2e (t) and the least cost (EUR), computed once with HiGHS in
40 s; goods that perish are not asked for their age."""
HALF_A_DIGIT = {"min_emissions": 0.005, "min_cost": 0.5}
"""The intervals are rounded, so a value is inside up to half their last digit."""

Line = dict[str, Any]


def lines_of(instance: Instance, objective: str, seconds: float) -> Iterator[Line]:
    """The lines of an instance; the third only where the second has a plan."""
    begun = time.perf_counter()
    first = planner_line(
        instance, "first in first out", first_in_first_out(instance), objective, seconds
    )
    yield first
    started = time.perf_counter()
    line = {"instance": instance.name, "rung": instance.rung, "model": "time_space"}
    some, on_some = best_flow(instance, objective, seconds, arcs_worth_offering(instance))
    whole, on_all = best_flow(instance, objective, seconds)
    taken = round(time.perf_counter() - started, 2)
    line |= {"objective": objective, "status": whole.status, "seconds": taken}
    flow = on_all if whole.objective < some.objective else on_some
    if flow is None:
        yield line
        yield answer([first], objective, time.perf_counter() - begun)
        return
    if not whole.found:
        line["status"] = "feasible"  # stopped without a bound; the plan is that of some arcs
    yield line | judged(instance, flow, objective, whole.bound)
    again = planner_line(
        instance, "as in the time-space plan", as_in(instance, flow), objective, seconds
    )
    yield again
    yield answer([first, again], objective, time.perf_counter() - begun)


def answer(lines: list[Line], objective: str, seconds: float) -> Line:
    """The planner's best plan that passes the judge, in all seconds that led to it.

    Each bound is that of a case with its days given, so the answer has none. Without a plan that
    passes it is the first line's word.
    """
    by = "co2e_t" if objective == "min_emissions" else "cost"
    passed = [line for line in lines if line.get("checked")]
    best = min(passed, key=lambda line: float(line[by])) if passed else lines[0]
    without = {"status": "feasible", "bound": None, "gap": None} if passed else {}
    return best | without | {"answer": True, "seconds": round(seconds, 2)}


def planner_line(instance: Instance, made: str, lots: Lots, objective: str, seconds: float) -> Line:
    """Lowhaul's planner on the case of an instance."""
    started = time.perf_counter()
    line: Line = {"instance": instance.name, "rung": instance.rung, "model": "planner"}
    line |= {"made": made, "objective": objective}
    for each in (False, True):
        mapped = map_instance(instance, lots, objective, seconds, each=each)
        line["slabs_by"] = "order" if each else "relation"
        try:
            planned = plan_case(mapped.case)
        except LowhaulError as fault:
            line |= {"status": "no plan", "why": str(fault)}
            break
        flow = flow_of(instance, mapped, planned.plan)
        bound = planned.bound / KG_PER_T if objective == "min_emissions" else planned.bound
        stopped = planned.stopped_by_clock or planned.heuristic_cuts
        line |= {"status": "feasible" if stopped else "optimal"}
        line |= judged(instance, flow, objective, bound)
        line["unserved"] = len(planned.plan.unserved)
        if line["checked"]:
            break
    return line | {"seconds": round(time.perf_counter() - started, 2)}


def judged(instance: Instance, flow: Flow, objective: str, bound: float) -> Line:
    """What a flow comes to, judged from the files, and whether it is where it must be."""
    verdict = judge(instance, flow)
    value = verdict.co2e_t if objective == "min_emissions" else verdict.cost
    found: Line = {
        "co2e_t": round(verdict.co2e_t, 4), "cost": round(verdict.cost, 2),
        "load_units": verdict.containers,
        "bound": round(bound, 4) if isfinite(bound) else None,
        "gap": round(relative_gap(value, bound), 6) if isfinite(bound) else None,
        "checked": not verdict.faults,
        "faults": list(verdict.faults[:5]),
    }  # fmt: skip
    interval = INTERVALS.get((instance.name, objective))
    if interval is not None:
        slack = HALF_A_DIGIT[objective]
        found["interval"] = list(interval)
        found["inside"] = interval[0] - slack <= value <= interval[1] + slack
        found["below_bound"] = value < interval[0] - slack
    return found


def main(arguments: list[str]) -> int:
    """Print the lines; 0 if every plan passes and none lies below a proved bound."""
    parser = argparse.ArgumentParser(prog="benchmarks.gttp", description=__doc__.split("\n")[0])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--seconds", type=float, default=60.0, help="limit of each solve")
    parser.add_argument(
        "--objective", choices=("min_emissions", "min_cost"), default="min_emissions"
    )
    parser.add_argument("--json", action="store_true", help="a JSON line for each plan")
    given = parser.parse_args(arguments)
    sound = True
    for path in given.files:
        instance = read_instance(path)
        if instance.handling_limits:
            print(f"{path.name}: limits of handling are not planned with", file=sys.stderr)
            sound = False
            continue
        for line in lines_of(instance, given.objective, given.seconds):
            sound = sound and line.get("checked", False) and not line.get("below_bound", False)
            print(json.dumps(line) if given.json else told(line), flush=True)
    return 0 if sound else 1


def told(line: Line) -> str:
    """A line for people."""
    who = f"{line['instance']} ({line['rung']}), {line['model']} {line.get('made', '')}".rstrip()
    if line.get("answer"):
        who += ", the planner's answer"
    if "co2e_t" not in line:
        return f"{who}: {line['status']} {line.get('why', '')}"
    inside = {True: "inside", False: "outside", None: "no interval"}[line.get("inside")]
    return (
        f"{who}: {line['status']}, {line['co2e_t']:.3f} t, {line['cost']:,.2f} EUR, "
        f"{line['load_units']} load units, bound {line['bound']}, {inside}, "
        f"{'checked' if line['checked'] else 'FAULTS'}, {line['seconds']:.1f} s"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
