"""Reading and writing iLEAP files: the specification's examples, round trips, legs as a table."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL

import pytest

from emissions.ileap import NotWritable, check, check_file, document_of, legs_frame, read, write
from emissions.ileap.envelope import Owner, Remarks, wrapped
from emissions.ileap.model import Toc
from emissions.ileap.reading import load, parse
from emissions.ileap.schema import published, validator
from lowhaul.errors import InputRejected
from tests.emissions.ileap_documents import activity, hub, lorry, shipment, valid

EXAMPLES = Path(__file__).resolve().parent / "ileap_examples"

MENDED = {
    "spec_example_00": [],
    "spec_example_01": [
        ("decimal-comma", "/pcf/pCfExcludingBiogenic"),
        ("decimal-comma", "/pcf/fossilGhgEmissions"),
    ],
    "spec_example_02": [],
    "spec_example_03": [
        ("old-name", "/extensions/0/data/co2eIntensityThroughput"),
        ("old-name", "/extensions/0/data/energyCarriers/0/co2eIntensityWTW"),
        ("old-name", "/extensions/0/data/energyCarriers/0/co2eIntensityTTW"),
        ("missing-share", "/extensions/0/data/energyCarriers/0"),
    ],
    "spec_example_04": [
        ("old-name", "/extensions/0/data/co2eIntensityThroughput"),
        ("old-name", "/extensions/0/data/energyCarriers/0/co2eIntensityWTW"),
        ("old-name", "/extensions/0/data/energyCarriers/0/co2eIntensityTTW"),
        ("missing-share", "/extensions/0/data/energyCarriers/0"),
    ],
}
"""What the reader mends in the examples of iLEAP Technical Specifications 1.0.0, appendix B."""

BROKEN = {
    "spec_example_00": [
        ("error", "schema", "/pcf"),
        ("error", "product-id", "/productIds"),
        ("error", "packaging", "/pcf/packagingEmissionsIncluded"),
        ("warning", "known-toc-hoc", "/extensions/0/data/tces/0/tocId"),
    ],
    "spec_example_01": [
        ("error", "decimal-comma", "/pcf/pCfExcludingBiogenic"),
        ("error", "decimal-comma", "/pcf/fossilGhgEmissions"),
        ("error", "schema", "/pcf"),
        ("error", "declared-amount", "/pcf/unitaryProductAmount"),
        ("error", "packaging", "/pcf/packagingEmissionsIncluded"),
        ("error", "activity", "/extensions/0/data/tces/0/transportActivity"),
        ("warning", "known-toc-hoc", "/extensions/0/data/tces/0/tocId"),
        ("warning", "known-toc-hoc", "/extensions/0/data/tces/1/tocId"),
    ],
    "spec_example_02": [
        ("error", "declared-amount", "/pcf/unitaryProductAmount"),
        ("error", "packaging", "/pcf/packagingEmissionsIncluded"),
        ("error", "activity", "/extensions/0/data/tces/0/transportActivity"),
        ("warning", "known-toc-hoc", "/extensions/0/data/tces/0/tocId"),
    ],
    "spec_example_03": [("error", *place) for place in MENDED["spec_example_03"]],
    "spec_example_04": [("error", *place) for place in MENDED["spec_example_04"]],
}
"""What a strict receiver would refuse in them. 01 and 02 print 3.6801 tkm for 87 kg x 423 km."""


def written(tmp_path: Path, value: Any, name: str = "file.json") -> Path:
    path = tmp_path / name
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", MENDED)
def test_the_published_examples_are_read_with_these_warnings(name: str) -> None:
    document = read(EXAMPLES / f"{name}.json")
    assert [(b.rule, b.pointer) for b in document.breaches] == MENDED[name]
    assert {b.severity for b in document.breaches} <= {"warning"}
    assert len(document.items) == 1


@pytest.mark.parametrize("name", BROKEN)
def test_the_published_examples_break_these_rules(name: str) -> None:
    found = check_file(EXAMPLES / f"{name}.json")
    assert [(b.severity, b.rule, b.pointer) for b in found] == BROKEN[name]


def test_a_decimal_comma_keeps_its_digits() -> None:
    [(_, footprint)] = read(EXAMPLES / "spec_example_01.json").footprints
    assert footprint.pcf.pCfExcludingBiogenic == Decimal("8.42769")


@pytest.mark.parametrize("text", ["1,234", "-12,345"])
def test_a_comma_that_may_mark_thousands_is_not_mended(tmp_path: Path, text: str) -> None:
    document = valid()
    document["data"][0]["extensions"][0]["data"]["tces"][0]["co2eWTW"] = text
    with pytest.raises(InputRejected) as refused:
        read(written(tmp_path, document))
    [finding] = [f for f in refused.value.findings if f.severity == "error"]
    assert finding.column == "/data/0/extensions/0/data/tces/0/co2eWTW"
    assert (finding.code, finding.value) == ("E601", text)


def test_several_carriers_without_share_are_not_guessed(tmp_path: Path) -> None:
    document = valid()
    for carrier in document["data"][1]["extensions"][0]["data"]["energyCarriers"]:
        del carrier["relativeShare"]
    assert read(written(tmp_path, document)).breaches == ()
    found = check_file(written(tmp_path, document))
    assert [(b.rule, b.pointer) for b in found] == [
        ("schema", f"/data/1/extensions/0/data/energyCarriers/{i}") for i in (0, 1)
    ]


@pytest.mark.parametrize("payload", [shipment(), lorry(), hub(), activity()])
def test_objects_are_read_without_envelope(tmp_path: Path, payload: dict) -> None:
    document = read(written(tmp_path, payload))
    assert [item.pointer for item in document.items] == [""]
    assert document.items[0].payload.plain() == payload
    weights = {b.severity for b in check_file(written(tmp_path, payload))}
    assert weights <= {"warning"}, "TOCs that are not in the file"


def test_a_list_is_read_as_the_answer_of_a_server(tmp_path: Path) -> None:
    listed = read(written(tmp_path, valid()["data"]))
    answered = read(written(tmp_path, valid()))
    assert [item.payload for item in listed.items] == [item.payload for item in answered.items]
    assert listed.items[0].pointer == "/0/extensions/0/data"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '"text"',
        "5",
        '{"a": NaN}',
        "[" * 100_000,
        '{"mass": ' + "1" * 5000 + "}",
        '{"mass": 1e99999999999999999999}',
        "\ufeff{",
        '{"carrier": 1}',
        '[{"tocId": 5}]',
    ],
)
def test_what_is_no_ileap_is_rejected_with_a_finding(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputRejected) as refused:
        read(written(tmp_path, text))
    assert refused.value.findings[0].file == "file.json"
    assert refused.value.exit_code == 3


@pytest.mark.parametrize("number", ["1e999999999", "-1e400", "1e-999999999", "1e31"])
def test_numbers_beyond_all_sense_are_not_spelled_out(tmp_path: Path, number: str) -> None:
    text = json.dumps(valid()).replace('"loadFactor": "0.6"', f'"loadFactor": {number}')
    found = check_file(written(tmp_path, text))
    places = {(b.rule, b.pointer) for b in found}
    assert ("schema", "/data/1/extensions/0/data/loadFactor") in places


def test_what_is_written_is_read_back_the_same(tmp_path: Path) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    document = read(written(tmp_path, valid()))
    write(document, first)
    again = read(first)
    assert (again, again.breaches) == (document, ())
    write(again, second)
    assert first.read_bytes() == second.read_bytes()


def test_what_breaks_a_rule_is_not_written(tmp_path: Path) -> None:
    document = valid()
    document["data"][0]["pcf"]["productMassPerDeclaredUnit"] = "1"
    path = tmp_path / "never.json"
    with pytest.raises(NotWritable) as refused:
        write(read(written(tmp_path, document)), path)
    assert [b.rule for b in refused.value.breaches] == ["declared-mass"]
    assert not path.exists()


def test_footprints_are_sorted_and_named_by_what_they_are_of() -> None:
    """The same namespace and object give the same id; another namespace another."""
    owner = Owner(
        company="Example",
        company_ids=("urn:uuid:6ba7b811-9dad-11d1-80b4-00c04fd430c8",),
        created=datetime(2026, 1, 1, tzinfo=UTC),
        period_from=datetime(2026, 1, 1, tzinfo=UTC),
        period_until=datetime(2027, 1, 1, tzinfo=UTC),
        namespace=NAMESPACE_URL,
    )
    remarks = Remarks("a category", "well-to-wheel", ["AR6"])
    tocs = [Toc.model_validate({**lorry(), "tocId": name}) for name in ("b/ä 2", "a")]
    footprints = [wrapped(toc, owner, remarks) for toc in tocs]
    document = document_of(footprints)
    assert check(document) == []
    assert list(document.tocs) == ["a", "b/ä 2"]
    assert footprints[0].productIds == (
        "urn:pathfinder:product:customcode:buyer-assigned:toc:b/%C3%A4%202",
    )
    assert wrapped(tocs[0], owner, remarks).id == footprints[0].id != footprints[1].id


def test_legs_come_as_a_table(tmp_path: Path) -> None:
    """The hand-made document: lorry, hub, ship, and an activity without emissions."""
    frame = legs_frame(read(written(tmp_path, valid())))
    assert frame["tce_id"].tolist() == ["A", "B", "C", "ACT-1"]
    assert frame["mode"].tolist() == ["road", "hub", "sea", "air"]
    assert frame["kind"].tolist() == ["transport", "hub", "transport", "transport"]
    assert frame["seq"].tolist() == [1, 2, 3, 1]
    assert frame["from"].tolist() == ["Hannover", "Hamburg", "", "Frankfurt"]
    assert frame["to"].tolist() == ["DEHAM", "Hamburg", "", "Wien"]
    assert frame["distance_km"].tolist() == [100.0, 0.0, 1000.0, 300.0]
    assert frame["distance_basis"].tolist() == ["sfd", "", "sfd", "actual"]
    assert frame["activity_tkm"].tolist() == [200.0, 0.0, 2000.0, 450.0]
    assert frame["co2e_wtw_kg"].tolist()[:3] == [20.0, 3.0, 200.0]
    assert frame["co2e_ttw_kg"].tolist()[:3] == [16.0, 1.0, 170.0]
    assert frame["co2e_wtt_kg"].tolist()[:3] == [4.0, 2.0, 30.0]
    assert frame["co2e_wtw_kg"].isna().tolist() == [False, False, False, True]
    assert frame["toc_id"].tolist() == ["LORRY", "HUB", "SHIP", ""]
    assert [str(d)[:10] for d in frame["depart"]] == [
        *("2026-01-05", "2026-01-05", "2026-01-06", "2026-01-05")
    ]


def test_legs_are_primary_only_where_all_of_it_is(tmp_path: Path) -> None:
    document = valid()
    assert set(legs_frame(read(written(tmp_path, document)))["data_type"]) == {""}
    document["data"][0]["pcf"]["primaryDataShare"] = 100.0
    frame = legs_frame(read(written(tmp_path, document)))
    assert frame["data_type"].tolist() == ["primary", "primary", "primary", ""]


def test_a_table_of_no_legs_has_all_columns() -> None:
    frame = legs_frame(read(EXAMPLES / "spec_example_03.json"))
    assert len(frame) == 0
    assert {"tce_id", "co2e_wtw_kg", "depart"} <= set(frame.columns)


def test_legs_stand_in_the_order_of_the_chain_and_days_are_those_of_utc(tmp_path: Path) -> None:
    document = valid()
    tces = document["data"][0]["extensions"][0]["data"]["tces"]
    tces.reverse()
    tces[2]["departureAt"] = "2026-01-05T23:30:00-02:00"
    frame = legs_frame(read(written(tmp_path, document)))
    assert frame["tce_id"].tolist()[:3] == ["A", "B", "C"]
    assert str(frame["depart"][0])[:10] == "2026-01-06"


@pytest.mark.parametrize("kind", ["toc", "hoc", "tad"])
def test_the_published_schemas_are_broken_and_mended_as_said(kind: Any) -> None:
    """They refer to #/definitions/Toc, Hoc, Tad, and define TOC, HOC, TAD."""
    schema = published(kind)
    wanted = schema["definitions"]["DataModelExtension"]["properties"]["data"]["$ref"]
    assert wanted == f"#/definitions/{kind.capitalize()}"
    assert schema["definitions"][kind.capitalize()] == schema["definitions"][kind.upper()]
    validator(kind, True).check_schema(schema)


def test_the_tad_schema_asks_more_than_the_specification(tmp_path: Path) -> None:
    """TS 6.6.6 wants emission factors in TOCs and HOCs only; tad.json wants them everywhere."""
    raw = activity()
    errors = [e.message for e in validator("tad", False).iter_errors(raw)]
    assert errors
    assert check(parse(load(written(tmp_path, raw)))) == []
