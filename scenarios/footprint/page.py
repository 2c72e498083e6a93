"""footprint.html: what was emitted, by whom, where and when, and how sound the figures are.

One file that asks the network for nothing and holds no script. All that comes from data goes
through Jinja's autoescape or is escaped in the charts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from lowhaul.findings import Finding
from lowhaul.units import KG_PER_T
from scenarios import pages
from scenarios.charts import MODE_COLOURS, Share, hundred_bar, line_of, nice_step, svg_of, text_of
from scenarios.footprint.words import WORDS
from scenarios.pages import NONE, Numbers
from scenarios.report import NO_OFFSETS
from scenarios.soundness import DATA_COLOURS

View = dict[str, Any]
MOST_BARS = 12
MOST_TOCS = 20
MOST_FINDINGS = 8
MOST_FACTORS = 8
MOST_WANTED = 6
BAR_HEIGHT = 26
NAME_WIDTH = 330.0
CHART_WIDTH = 1104.0


def write_page(
    path: Path,
    summary: Mapping[str, Any],
    totals: pd.DataFrame,
    tocs: pd.DataFrame,
    findings: Sequence[Finding],
    lang: str = "en",
) -> Path:
    """Write the page; `lang` is en, de or zh."""
    view = _Page(summary, totals, tocs, findings, lang).view()
    text = pages.environment().get_template("footprint.html.j2").render(view)
    return pages.write_whole(path, text)


class _Page:
    """Collects the values that the template lays out."""

    def __init__(
        self,
        summary: Mapping[str, Any],
        totals: pd.DataFrame,
        tocs: pd.DataFrame,
        findings: Sequence[Finding],
        lang: str,
    ) -> None:
        self.summary, self.totals, self.tocs, self.findings = summary, totals, tocs, findings
        self.lang = lang
        self.words = WORDS[lang]
        self.n = Numbers(lang)

    def say(self, word: str, **values: object) -> str:
        """A sentence in the page's language."""
        return self.words[word].format(**values)

    def view(self) -> View:
        """All of the page."""
        s = self.summary
        return {
            "language": "zh-Hans" if self.lang == "zh" else self.lang,
            "policy": pages.REPORT_POLICY,
            "styles": pages.asset("tokens.css") + pages.asset("report.css"),
            "title": s["scenario"],
            "w": self.words,
            "run": s["run_id"],
            "print_foot": pages.css_text(f"{s['scenario']} · {s['run_id']}"),
            "status": pages.Status("done", self.words["executed"]),
            "about": self._about(),
            "answer": self._answer(),
            "keys": self._keys(),
            "modes": self._modes(),
            "groups": [
                self._bars("carrier", "carriers"),
                self._bars("lane", "lanes"),
                self._bars("month", "months"),
            ],
            "scopes": self._table("ghg_scope"),
            "tocs": self._tocs(),
            "quality": self._quality(),
            "foot": f"{s['wording']}. {NO_OFFSETS}",
        }

    def _about(self) -> str:
        s, n = self.summary, self.n
        text = self.say(
            "about",
            legs=n.whole(s["legs"]),
            shipments=n.whole(s["shipments"]),
            elements=n.whole(s["elements"]),
        )
        if s["period"]:
            text += " · " + self.say("period", first=s["period"][0], last=s["period"][1])
        return text

    def _answer(self) -> str:
        s, n = self.summary, self.n
        if s["co2e_wtw_kg"] is None:
            return self.words["answer_none"]
        text = self.say("answer", co2e=self._t(s["co2e_wtw_kg"]), ttw=self._t(s["co2e_ttw_kg"]))
        if s["elements_not_covered"]:
            missing, elements = n.whole(s["elements_not_covered"]), n.whole(s["elements"])
            text += " " + self.say("answer_gap", missing=missing, elements=elements)
        return text

    def _t(self, kg: float | None) -> str:
        return self.words["not covered"] if kg is None or kg != kg else self.n.fixed(kg / KG_PER_T)

    def _keys(self) -> list[View]:
        s, n, w = self.summary, self.n, self.words
        intensity = s["intensity_wtw_g_per_tkm"]
        ttw, wtt = self._t(s["co2e_ttw_kg"]), self._t(s["co2e_wtt_kg"])
        return [
            {"head": w["co2e"], "big": self._t(s["co2e_wtw_kg"]), "unit": "t",
             "text": self.say("ttw_note", ttw=ttw, wtt=wtt)},
            {"head": w["activity"], "big": n.fixed(s["transport_activity_tkm"] / 1e6, 3),
             "unit": w["million"], "text": w["activity_note"]},
            {"head": w["intensity"], "big": NONE if intensity is None else n.fixed(intensity),
             "unit": w["gtkm"], "text": w["intensity_note"]},
            {"head": w["coverage"], "big": n.percent(s["co2e_coverage_transport"]),
             "unit": w["of_tkm"],
             "text": self.say("coverage_note", hubs=n.percent(s["co2e_coverage_hubs"]))},
        ]  # fmt: skip

    def _rows(self, by: str) -> list[Mapping[str, Any]]:
        return self.totals[self.totals["by"].eq(by)].to_dict("records")  # type: ignore[return-value]

    def _name(self, name: str) -> str:
        return self.words.get(name, name) if name else self.words["not_stated"]

    def _table(self, by: str, most: int | None = None) -> list[View]:
        n = self.n
        return [
            {
                "key": row["name"],
                "name": self._name(row["name"]) if by in ("mode", "ghg_scope") else (
                    row["name"] or self.words["not_stated"]
                ),
                "elements": n.whole(row["elements"]),
                "gaps": n.whole(row["not_covered"]),
                "tkm": n.whole(row["activity_tkm"]),
                "wtt": self._t(row["co2e_wtt_kg"]),
                "ttw": self._t(row["co2e_ttw_kg"]),
                "wtw": self._t(row["co2e_wtw_kg"]),
                "gtkm": NONE
                if row["intensity_wtw_g_per_tkm"] != row["intensity_wtw_g_per_tkm"]
                else n.fixed(row["intensity_wtw_g_per_tkm"]),
            }
            for row in self._rows(by)[:most]
        ]  # fmt: skip

    def _modes(self) -> View:
        rows = [r for r in self._rows("mode") if r["name"] in MODE_COLOURS]
        bars = []
        for column, word in (("activity_tkm", "share_tkm"), ("co2e_wtw_kg", "share_co2e")):
            whole = sum(r[column] for r in rows if r[column] == r[column])
            if whole <= 0:
                continue
            parts = [
                Share(r["name"], self._name(r["name"]), r[column] / whole)
                for r in rows
                if r[column] == r[column]
            ]
            said = ", ".join(f"{p.name} {self.n.percent(p.share)}" for p in parts)
            svg = hundred_bar(parts, f"{self.words[word]}: {said}", self.n)
            bars.append({"name": self.words[word], "svg": svg})
        return {"bars": bars, "rows": self._table("mode"), "foot": self._table("all")[0]}

    def _bars(self, by: str, head: str) -> View:
        """Sorted bars with the number at the end; more than twelve become others (months all)."""
        rows = [r for r in self._rows(by) if r["co2e_wtw_kg"] == r["co2e_wtw_kg"]]
        shown = rows if by == "month" else rows[:MOST_BARS]
        values = [(r["name"] or self.words["not_stated"], r["co2e_wtw_kg"]) for r in shown]
        if len(rows) > len(shown):
            rest = rows[len(shown) :]
            other = self.say("others", count=self.n.whole(len(rest)))
            values.append((other, sum(r["co2e_wtw_kg"] for r in rest)))
        top = max((kg for _, kg in values), default=0.0)
        view: View = {"id": head, "head": self.words[head], "svg": None, "rest": ""}
        if top <= 0:
            return view
        labels = [self._t(kg) for _, kg in values]
        room = CHART_WIDTH - NAME_WIDTH - 110
        step = nice_step(top / KG_PER_T, 4) * KG_PER_T
        height = BAR_HEIGHT * len(values) + 8
        body = [
            line_of(NAME_WIDTH + room * i * step / top, 0,
                    NAME_WIDTH + room * i * step / top, height, "grid" if i else "axis")
            for i in range(int(top / step) + 1)
        ]  # fmt: skip
        for i, ((name, kg), label) in enumerate(zip(values, labels, strict=True)):
            y, wide = 4 + BAR_HEIGHT * i, max(room * kg / top, 0.8)
            short = name if len(name) <= 46 else name[:45] + "…"
            body.append(text_of(NAME_WIDTH - 10, y + 16, short, "ax", "end"))
            body.append(
                f'<rect x="{NAME_WIDTH:.1f}" y="{y + 3}" width="{wide:.1f}" '
                f'height="{BAR_HEIGHT - 8}" fill="var(--accent)"/>'
            )
            body.append(text_of(NAME_WIDTH + wide + 8, y + 16, label, "lb"))
        parts = [f"{name} {label}" for (name, _), label in zip(values, labels, strict=True)]
        says = self.words["bar_says"].replace("{parts}", ", ".join(parts))
        view["svg"] = svg_of(CHART_WIDTH, height, says, body)
        view["rest"] = self.say("numbers", file="totals.csv")
        return view

    def _tocs(self) -> View:
        n = self.n
        ranked = self.tocs.sort_values("co2e_wtw_kg", ascending=False, kind="stable")
        rows = [
            {
                "id": row["toc_id"],
                "tkm": n.whole(row["activity_tkm"]),
                "loaded": n.whole(row["loaded_km"]),
                "empty": n.whole(row["empty_km"]),
                "wtw": self._t(row["co2e_wtw_kg"]),
                "gtkm": NONE
                if pd.isna(row["intensity_wtw_g_per_tkm"])
                else n.fixed(row["intensity_wtw_g_per_tkm"]),
                "data": self._name(row["data_type"]),
            }
            for row in ranked.head(MOST_TOCS).to_dict("records")
        ]
        rest = self.say("rest", file="tocs.csv") if len(self.tocs) > MOST_TOCS else ""
        return {"rows": rows, "rest": rest}

    def _quality(self) -> View:
        s, n, w = self.summary, self.n, self.words
        bars = []
        for key, word in (("data_types_tkm", "share_tkm"), ("data_types_co2e", "share_co2e")):
            parts = [Share(kind, w[kind], share) for kind, share in s[key].items()]
            if any(p.share > 0 for p in parts):
                said = ", ".join(f"{p.name} {n.percent(p.share)}" for p in parts)
                svg = hundred_bar(parts, f"{w[word]}: {said}", n, DATA_COLOURS, width=260)
                bars.append({"name": w[word], "svg": svg, "said": said})
        told = [f for f in self.findings if f.severity != "info"]
        more = len(told) - MOST_FINDINGS
        notes = []
        if s["proxy_share_co2e"]:
            notes.append(self.say("proxy", share=n.percent(s["proxy_share_co2e"])))
        if s["assumed_co2e_wtw_kg"]:
            notes.append(self.say("assumed", t=self._t(s["assumed_co2e_wtw_kg"])))
        return {
            "bars": bars,
            "types": [(kind, w[kind]) for kind in s["data_types_tkm"]],
            "transport": n.percent(s["co2e_coverage_transport"]),
            "hubs": n.percent(s["co2e_coverage_hubs"]),
            "factors": [
                {**f, "share": n.percent(f["share_co2e"])} for f in s["factors"][:MOST_FACTORS]
            ],
            "notes": notes,
            "gwp": self.say("gwp", gwp=", ".join(s["gwp"]) or NONE),
            "gwp_warning": s["gwp_warning"],
            "wanted": s["not_covered"]["wanted"][:MOST_WANTED],
            "look_at": [{"code": f.code, "text": str(f)[5:]} for f in told[:MOST_FINDINGS]],
            "more": self.say("more", count=n.whole(more)) if more > 0 else "",
        }
