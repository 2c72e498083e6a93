"""The page of a front (`front.html`): one picture, one table; no script, no network."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from scenarios import pages
from scenarios.front_chart import FrontPoint, front_view
from scenarios.front_points import Judged
from scenarios.pages import Numbers, Status


def write_page(
    folder: Path, document: Mapping[str, Any], judged: Judged, said: str, as_of: date
) -> Path:
    """Write `front.html` into `folder`."""
    n = Numbers()
    exact = document["status"] == "exact"
    widest = max((p.co2e_kg for p in judged.points), default=0.0)
    lower = [FrontPoint(cost, min(limit, widest)) for limit, cost in judged.steps]
    plans = [FrontPoint(p.cost, p.co2e_kg, p.gap) for p in judged.plans]
    title = pages.title_of(document)
    view = {
        "language": n.language,
        "title": title,
        "policy": pages.REPORT_POLICY,
        "styles": pages.asset("tokens.css") + pages.asset("report.css"),
        "status": Status("done" if exact else "caution", "Exact front" if exact else "Sampled"),
        "run": document["run_id"],
        "as_of": n.day(as_of),
        "answer": said,
        "front": front_view(plans, exact, None, None, document["currency"], n, lower)
        if plans
        else None,
        "others": [p.note for p in judged.points if not p.is_plan],
    }
    page = pages.environment().get_template("front.html.j2").render(view)
    return pages.write_whole(folder / "front.html", page)
