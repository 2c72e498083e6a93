"""Mutates the zoo of messy files and imports what comes out: nothing may break.

    python -m benchmarks.fuzz_import --inputs 20000 --seed 1 --json

Each input is a specimen of tests/scenarios/zoo.py with bytes, lines, cells or parts of a workbook
changed, cut, doubled or replaced by nasty values; every fifth one has a mutated mapping too. For
each, `lowhaul import` must end with exit code 0 or 3; a refused file leaves nothing behind; what is
written is whole, reads back without a fault, and accounts for every row. The inputs are imported
in child processes with a limit of memory, so that a crash or a hang of a reader is seen and told.
The same seed makes the same inputs.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MODULE = "benchmarks.fuzz_import"
AS_OF = date(2025, 12, 15)
MEMORY_BYTES = 3 * 1024**3
SLOWEST_S = 30.0
"""An input that takes longer is a fault."""
SLICE = 500
TOO_LARGE_TO_MUTATE = 1 << 19
DAMAGED = (
    zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError
)  # fmt: skip
"""What reading a mutated archive may raise."""
NASTY = [
    "=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "#N/A", "TBA", "询价", "—",
    "NA", "1E5", "1e999",
    "-0", "nan", "inf", "01/02/2026", "31.02.2026", "99999999999999999999", "0x10", "１２３", "٣",
    "\u202e", "\ufeff", "\x00", "\x0b", "\ufffe", "\ud7ff", "a" * 40_000, ";" * 50,
    ">", "'=1", "''",
    "45HC", "45G1", "40'", "Shenzhen", "Portland", "../../etc", "CON", "1,234",
    "1.234,5", "$", "¥ 5",
    "% 5", "5%", "1/0", "True", "2026-13-45", "0000-00-00", "BAF USD 1/40HC",
    "incl. " * 200, "\r", "\n",
    "Total", "POL", "20GP", "BAF", "合计", '"', '"unclosed', "&lt;", "<script>",
    "𝔘𝔫𝔦", "e\u0301" * 50, "١٢",
    "1 000", "1'000", "(5)", "--5", "1-2-3", "0.0000000001", "1" * 400,
    "9" * 15 + ".5", "²", "½", "①",
]  # fmt: skip


@cache
def specimens() -> tuple[tuple[str, str, bytes, str, dict[str, Any], bool], ...]:
    """Name, file, bytes, mapping, options of every specimen that is small enough to mutate, and
    whether it is refused as it is."""
    sys.path.insert(0, str(ROOT / "tests" / "scenarios"))
    from zoo import ZOO

    made = []
    for s in ZOO.values():
        if s.name == "a zip bomb":
            continue
        data = s.make()
        if len(data) <= TOO_LARGE_TO_MUTATE:
            made.append((s.name, s.file, data, s.mapping, dict(s.options), bool(s.refused)))
    return tuple(made)


def mutated(number: int, seed: int) -> tuple[str, str, bytes, str, dict[str, Any]]:
    """The input of that number: always the same one for a seed."""
    dice = random.Random(f"{seed}/{number}")
    all_of_them = specimens()
    whole = [s for s in all_of_them if not s[5]]
    name, file, data, mapping, options, _ = dice.choice(
        whole if dice.random() < 0.9 else all_of_them
    )
    change = _workbook if data.startswith(b"PK") else _text
    for _ in range(dice.choice((1, 1, 1, 2, 3, 5))):
        data = change(data, dice)
    if number % 5 == 0:
        mapping = _mapping(mapping, dice)
    return name, file, data, mapping, options


def _text(data: bytes, dice: random.Random) -> bytes:
    way = dice.randrange(8)
    if way == 0:
        return _bytes(data, dice)
    if way == 1:
        return data[: dice.randrange(len(data) + 1)]
    lines = data.split(b"\n")
    at = dice.randrange(len(lines))
    if way == 2:
        lines.insert(dice.randrange(len(lines) + 1), lines[at])
    elif way == 3:
        del lines[at]
    elif way == 4:
        dice.shuffle(lines)
    else:
        sign = dice.choice((b",", b";", b"\t"))
        cells = lines[at].split(sign)
        where = dice.randrange(len(cells))
        nasty = dice.choice(NASTY).encode("utf-8", "surrogatepass")
        if way == 5:
            cells[where] = nasty
        elif way == 6:
            cells.insert(where, nasty)
        else:
            del cells[where]
        lines[at] = sign.join(cells)
    return b"\n".join(lines)


def _bytes(data: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.choice((1, 2, 8))):
        if changed:
            changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def _workbook(data: bytes, dice: random.Random) -> bytes:
    way = dice.randrange(10)
    if way == 0:
        return _bytes(data, dice)
    if way == 1:
        return data[: dice.randrange(len(data) + 1)]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except DAMAGED:  # it cannot be cut into parts
        return _bytes(data, dice)
    names = sorted(parts)
    if not names:
        return data
    sheets = [n for n in names if "worksheets/" in n or "sharedStrings" in n]
    name = dice.choice(sheets if sheets and dice.random() < 0.7 else names)
    if way == 2:
        del parts[name]
    elif way == 3:
        parts[name] = _bytes(parts[name], dice)
    elif way == 4:
        start = dice.randrange(len(parts[name]) + 1)
        parts[name] = parts[name][:start] + parts[name][start + dice.choice((1, 5, 40)) :]
    elif way == 5:
        parts[name] = parts[name] * 2
    else:
        parts[name] = _xml(parts[name], dice)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return out.getvalue()


def _xml(part: bytes, dice: random.Random) -> bytes:
    """A text, a number or an attribute of a part replaced."""
    nasty = dice.choice(NASTY).encode("utf-8", "surrogatepass")
    safe = nasty.replace(b"&", b"&amp;").replace(b"<", b"&lt;")
    marks = {0: (b">", b"<"), 1: (b'="', b'"'), 2: (b"<v>", b"</v>"), 3: (b"<t>", b"</t>")}
    begin, end = marks[dice.randrange(4)]
    places = [i + len(begin) for i in range(len(part)) if part.startswith(begin, i)]
    if not places:
        return part
    start = dice.choice(places)
    stop = part.find(end, start)
    return part if stop < 0 else part[:start] + safe + part[stop:]


def _mapping(mapping: str, dice: random.Random) -> str:
    own = mapping or "table: bids\ncolumns:\n  POL: origin\n  40HC: {field: rate, unit: cm}\n"
    way = dice.randrange(4)
    nasty = dice.choice([n for n in NASTY if "\x00" not in n])
    if way == 0:
        return own + f"{nasty}: {dice.choice(NASTY)}\n"
    if way == 1:
        at = dice.randrange(len(own) + 1)
        return own[:at] + nasty[:50] + own[at:]
    if way == 2:
        return own[: dice.randrange(len(own) + 1)]
    return own + dice.choice(
        ["decimal: ','\n", "hidden: use\n", "fill_down: [origin]\n", "date_order: dmy\n",
         "place_ids: as_written\n", "encoding: gb18030\n", "encoding: cp1252\n", "separator: ';'\n",
         "a: &a [*a]\n", "x: !!python/object/apply:os.system ['true']\n", "columns: 5\n",
         "constants: {mode: sea, carrier: 5, transit_days: 2026-01-01}\n", "table: orders\n"]
    )  # fmt: skip


def checked(number: int, seed: int, folder: Path) -> tuple[str, str]:
    """Import one input; ("0" or "3", "") if all is well, else what is wrong."""
    from lowhaul.errors import InputRejected, LowhaulError
    from scenarios.importing.command import run_import

    name, file, data, mapping, options = mutated(number, seed)
    source, out = folder / "in" / file, folder / "out"
    shutil.rmtree(folder, ignore_errors=True)
    source.parent.mkdir(parents=True)
    source.write_bytes(data)
    stated = None
    if mapping:
        stated = folder / "mapping.yaml"
        stated.write_bytes(mapping.encode("utf-8", "surrogatepass"))
    arguments = {"carrier": "C", "as_of": AS_OF, **options}
    started = time.perf_counter()
    try:
        found = run_import(source, mapping=stated, out=out, **arguments)
    except InputRejected:
        return ("3", f"{name}: refused, but files are left") if out.exists() else ("3", "")
    except LowhaulError as error:
        return str(error.exit_code), f"{name}: {error}"
    except Exception:
        return "1", f"{name}: {traceback.format_exc()}"
    seconds = time.perf_counter() - started
    if seconds > SLOWEST_S:
        return str(found.exit_code), f"{name}: {seconds:.0f} s"
    return str(found.exit_code), _whole(found, out, name)


def _whole(found: Any, out: Path, name: str) -> str:
    """What is wrong with what was written, blank if nothing is."""
    from lowhaul.findings import Findings
    from lowhaul.tables import read_csv_file, read_table

    counts = found.accounting.counts()
    if counts["read"] != counts["used"] + counts["left out"] + counts["heading"]:
        return f"{name}: rows are missing in the account {counts}"
    if found.accounting.unexplained():
        return f"{name}: rows without a reason {found.accounting.unexplained()[:3]}"
    if [p for p in out.iterdir() if p.name.startswith(".")]:
        return f"{name}: a draft is left"
    for table, rows in found.tables.items():
        if not rows:
            continue
        findings = Findings()
        raw = read_csv_file(out / f"{table}.csv", table, findings)
        if raw is not None:
            read = read_table(found.declared[table], raw, findings)
            if len(read) != len(rows):
                return f"{name}: {table} has {len(read)} rows, not {len(rows)}"
        if findings.errors:
            return f"{name}: {table} does not read back: {findings.errors[0]}"
    return ""


def work(seed: int, first: int, count: int) -> None:
    """Entry of a child process: a line an input, `number code fault`."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        for number in range(first, first + count):
            print(json.dumps(("begins", number)), flush=True)
            code, fault = checked(number, seed, Path(folder) / "one")
            print(json.dumps(("ends", number, code, fault)), flush=True)


def fuzz(
    inputs: int, seed: int, told: Callable[[str], None], first: int = 0
) -> tuple[Counter[str], list[str]]:
    """Exit codes of all inputs, and every fault."""
    codes: Counter[str] = Counter()
    faults: list[str] = []
    number = first
    while number < first + inputs:
        count = min(SLICE, first + inputs - number)
        number = _slice(seed, number, count, codes, faults)
        told(f"{number - first} of {inputs}: {dict(codes)}, {len(faults)} faults")
    return codes, faults


def _slice(seed: int, first: int, count: int, codes: Counter[str], faults: list[str]) -> int:
    """Run a slice in a child; returns the next number, after one that killed the child if so."""
    child = subprocess.Popen(
        [sys.executable, "-m", MODULE, "--work", str(seed), str(first), str(count)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    try:
        output, errors = child.communicate(timeout=SLOWEST_S * 2 + count)
        hung = ""
    except subprocess.TimeoutExpired:
        child.kill()
        output, errors = child.communicate()
        hung = "hangs"
    begun = first - 1
    for line in output.decode().splitlines():
        kind, number, *rest = json.loads(line)
        if kind == "begins":
            begun = number
            continue
        codes[rest[0]] += 1
        if rest[1] or rest[0] not in ("0", "3"):
            faults.append(f"input {number} (seed {seed}): exit {rest[0]}, {rest[1]}")
        begun = -1 if number == first + count - 1 else begun
    if begun < 0:
        return first + count
    last = errors.decode(errors="replace").strip().splitlines()[-1:] or [""]
    codes["died"] += 1
    faults.append(f"input {begun} (seed {seed}): {hung or 'the process died'} {last[0][:300]}")
    return begun + 1


def main(arguments: list[str]) -> int:
    """0 if no input broke anything."""
    parser = argparse.ArgumentParser(prog="benchmarks.fuzz_import")
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--work", nargs=3, type=int, metavar=("SEED", "FIRST", "COUNT"))
    given = parser.parse_args(arguments)
    if given.work:
        work(*given.work)
        return 0
    started = time.perf_counter()
    codes, faults = fuzz(
        given.inputs, given.seed, lambda text: print(text, file=sys.stderr), given.first
    )
    for fault in faults:
        print(json.dumps({"fault": fault}) if given.json else fault)
    summary = {
        "inputs": given.inputs, "seed": given.seed, "exit_codes": dict(sorted(codes.items())),
        "faults": len(faults), "seconds": round(time.perf_counter() - started, 1),
    }  # fmt: skip
    print(json.dumps({"summary": summary}) if given.json else summary)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
