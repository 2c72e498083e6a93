"""Several scenarios side by side; the first one is what the others are measured against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lowhaul.console import table as laid_out
from scenarios.figures import Result, text, yes
from scenarios.pages import NO_BREAK, NONE, Numbers, as_number, count

if TYPE_CHECKING:
    import pandas as pd

T = 1000.0


@dataclass(frozen=True)
class Figure:
    """One figure of every scenario: `share` figures are 0 to 1 and differ in points."""

    key: str
    name: str
    unit: str
    digits: int
    values: tuple[float | None, ...]

    @property
    def share(self) -> bool:
        """True for shares, which are shown in percent."""
        return self.unit == "share"

    def difference(self, i: int) -> float | None:
        """The i-th value less the first."""
        value, first = self.values[i], self.values[0]
        return None if value is None or first is None else value - first

    def percent(self, i: int) -> float | None:
        """The difference as a share of the first value, None for shares and a first of zero."""
        difference, first = self.difference(i), self.values[0]
        return difference / first if difference is not None and first and not self.share else None


@dataclass(frozen=True)
class Comparison:
    """What `compare` found. `notes` say first what must be known to read the figures."""

    names: tuple[str, ...]
    currency: str
    figures: tuple[Figure, ...]
    same_orders: bool
    notes: tuple[str, ...]

    def table(self) -> pd.DataFrame:
        """A row a figure: each scenario's value, then its difference and percent to the first."""
        import pandas as pd

        rows = []
        for f in self.figures:
            row: dict[str, object] = {"figure": f.key, "unit": f.unit}
            for i, name in enumerate(self.names):
                row[name] = f.values[i]
                if i:
                    row[f"{name} difference"] = f.difference(i)
                    share = f.percent(i)
                    row[f"{name} percent"] = None if share is None else 100 * share
            rows.append(row)
        return pd.DataFrame(rows)

    def text(self, language: str = "en") -> str:
        """The comparison for a console: what must be known first, then an aligned table."""
        n = Numbers(language)
        head = ["", *self.names]
        rows = []
        for f in self.figures:
            unit = {"share": "", "count": ""}.get(f.unit, f" {f.unit}")
            rows.append([f"{f.name}{unit}", *(_shown(f, v, n) for v in f.values)])
            if len(self.names) > 1:
                rows.append(["", "", *(_change(f, i, n) for i in range(1, len(self.names)))])
        body = laid_out(head, rows)
        against = f"Second lines: difference and percent to {self.names[0]}."
        parts = [*self.notes, body, *([against] if len(self.names) > 1 else [])]
        return "\n".join(parts).replace(NO_BREAK, " ")

    def as_dict(self) -> dict[str, Any]:
        """The comparison for `--json`."""
        return {
            "first": self.names[0],
            "currency": self.currency,
            "same_orders": self.same_orders,
            "notes": list(self.notes),
            "scenarios": [
                {
                    "scenario": name,
                    **{f.key: f.values[i] for f in self.figures},
                    **(
                        {
                            "difference": {f.key: f.difference(i) for f in self.figures},
                            "percent": {
                                f.key: None if f.percent(i) is None else 100 * (f.percent(i) or 0.0)
                                for f in self.figures
                            },
                        }
                        if i
                        else {}
                    ),
                }
                for i, name in enumerate(self.names)
            ],
        }


def compare(
    results: Sequence[tuple[str, Mapping[str, pd.DataFrame], Mapping[str, Any]]],
) -> Comparison:
    """Compare scenarios (name, result tables, summary) with the first of them."""
    if not results:
        raise ValueError("Nothing to compare: no results were given.")
    names = tuple(name for name, _, _ in results)
    found = [Result.of(tables, summary) for _, tables, summary in results]
    currencies = [text(r.summary.get("currency")) for r in found]
    left = [r.left_over() for r in found]
    orders = [int(r.figure("orders")) for r in found]
    same_orders = len(set(left)) == 1 and len(set(orders)) == 1
    notes = [] if same_orders else [_unequal(names, found)]
    if len(set(currencies)) > 1:
        each = ", ".join(f"{n} in {c}" for n, c in zip(names, currencies, strict=True))
        notes.append(f"The costs are in different currencies: {each}.")
    gaps = [_data_note(names, found)]
    return Comparison(
        names,
        currencies[0],
        tuple(_figures(found, currencies[0])),
        same_orders,
        (*notes, *(g for g in gaps if g)),
    )


def _figures(found: Sequence[Result], currency: str) -> list[Figure]:
    def every(key: str, per: float = 1.0) -> tuple[float | None, ...]:
        values = (as_number(r.summary.get(key)) for r in found)
        return tuple(None if v is None else v / per for v in values)

    return [
        Figure("cost", "Cost", currency, 0, every("cost")),
        Figure("co2e_wtw_t", "CO₂e (WTW)", "t", 1, every("co2e_wtw_kg", T)),
        Figure("load_units", "Load units", "count", 0, tuple(float(r.load_units) for r in found)),
        Figure("load_rate_volume", "Load rate, volume", "share", 1, every("load_rate_volume")),
        Figure("load_rate_mass", "Load rate, mass", "share", 1, every("load_rate_mass")),
        Figure("round_use_boxes", "Boxes reused", "count", 0, every("round_use_boxes")),
        Figure("on_time_share", "Orders on time", "share", 1, every("on_time_share")),
        Figure("orders_unserved", "Orders unserved", "count", 0, every("orders_unserved")),
    ]


def _shown(f: Figure, value: float | None, n: Numbers) -> str:
    if value is None:
        return NONE
    return n.percent(value) if f.share else n.fixed(value, f.digits)


def _change(f: Figure, i: int, n: Numbers) -> str:
    difference, share = f.difference(i), f.percent(i)
    if difference is None:
        return NONE
    if f.share:
        return f"{n.change(100 * difference, 1)} points"
    words = n.change(difference, f.digits)
    return words if share is None else f"{words} ({n.percent(share, signed=True)})"


def _unequal(names: Sequence[str], found: Sequence[Result]) -> str:
    """That the scenarios do not do the same work, with what each leaves unserved."""
    n = Numbers()
    parts = []
    for name, result in zip(names, found, strict=True):
        left, orders = (int(result.figure(k)) for k in ("orders_unserved", "orders"))
        parts.append(
            f"{name} serves {n.whole(orders - left)} of {count(orders, 'order', 'orders', n)}"
        )
    return (
        "These scenarios do not serve the same orders, so their totals are not of the same work: "
        f"{'; '.join(parts)}."
    )


def _data_note(names: Sequence[str], found: Sequence[Result]) -> str:
    """A change of factors or coverage is no saving: say where transport is not covered."""
    n = Numbers()
    parts = []
    for name, result in zip(names, found, strict=True):
        covered = as_number(result.summary.get("co2e_coverage_transport"))
        open_legs = sum(not yes(r["covered"]) for r in result.transport)
        if covered is not None and covered < 1 and open_legs:
            parts.append(f"{name}: {n.percent(covered)} of its transport work has a factor")
    return f"The CO₂e is not complete in every scenario ({'; '.join(parts)})." if parts else ""
