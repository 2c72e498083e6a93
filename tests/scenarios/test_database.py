"""Tables from a database: SQLite always, PostgreSQL where a server is or can be started."""

import os
import pwd
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

sqlalchemy = pytest.importorskip("sqlalchemy", reason="needs the extra db")

from lowhaul.errors import InputRejected  # noqa: E402
from lowhaul.input_tables import INPUT_TABLES  # noqa: E402
from scenarios.project import Project, load_project  # noqa: E402
from tests.scenarios.small_project import small_tables, write_small_project  # noqa: E402

SQL_TYPES = {"number": "NUMERIC", "integer": "INTEGER", "date": "DATE", "yesno": "BOOLEAN"}
SECRET = "geheim-9Z"


def fill(url: str, tables: dict[str, list[dict[str, Any]]], types: bool = True) -> None:
    """Write tables into a database, typed as a database would have them, or all as text."""
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as base:
        for name, rows in tables.items():
            columns = list(dict.fromkeys(c for row in rows for c in row))
            kinds = {c.name: SQL_TYPES.get(c.kind, "TEXT") for c in INPUT_TABLES[name].columns}
            made = ", ".join(f'"{c}" {kinds.get(c, "TEXT") if types else "TEXT"}' for c in columns)
            base.execute(sqlalchemy.text(f'DROP TABLE IF EXISTS "{name}"'))
            base.execute(sqlalchemy.text(f'CREATE TABLE "{name}" ({made})'))
            marks = ", ".join(f":{c}" for c in columns)
            for row in reversed(rows):  # the order in the database is not that of the files
                values = {c: _typed(row.get(c, ""), kinds.get(c, "TEXT"), types) for c in columns}
                base.execute(sqlalchemy.text(f'INSERT INTO "{name}" VALUES ({marks})'), values)
    engine.dispose()


def _typed(value: Any, kind: str, types: bool) -> Any:
    if value == "":
        return None
    if types and kind == "BOOLEAN":
        return value == "yes"
    return value if types and kind in ("NUMERIC", "INTEGER") else str(value)


def project_on(folder: Path, **source: str) -> Path:
    """The small project without files, its source a database."""
    none = dict.fromkeys(small_tables())
    write_small_project(folder, project={"source": source}, **none)
    (folder / "data").rmdir()
    return folder


def sorted_frames(project: Project) -> dict[str, list[tuple[Any, ...]]]:
    return {
        name: sorted(frame.astype(str).itertuples(index=False, name=None))
        for name, frame in project.frames.items()
    }


def rejected(folder: Path) -> list[Any]:
    with pytest.raises(InputRejected) as refused:
        load_project(folder)
    return [f for f in refused.value.findings if f.severity == "error"]


@pytest.fixture
def sqlite_project(tmp_path: Path) -> Path:
    fill(f"sqlite:///{tmp_path / 'data.db'}", small_tables())
    return project_on(tmp_path, url="sqlite:///data.db")


def change(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "data.db")) as base, base:
        for statement in statements:
            base.execute(statement)


def test_a_database_gives_the_tables_that_files_give(sqlite_project: Path, tmp_path: Path) -> None:
    before = (sqlite_project / "data.db").read_bytes()
    of_files = load_project(write_small_project(tmp_path / "files"))
    of_database = load_project(sqlite_project)
    assert sorted_frames(of_database) == sorted_frames(of_files)
    assert set(of_database.hashes) == set(of_files.hashes)
    assert (sqlite_project / "data.db").read_bytes() == before


def test_a_finding_names_table_row_and_key(sqlite_project: Path) -> None:
    """S2 is the tenth bid by name: R1 to R8, S1, S2."""
    change(sqlite_project, "UPDATE bids SET rate = 'TBA' WHERE bid_id = 'S2'")
    [finding] = rejected(sqlite_project)
    assert (finding.code, finding.file, finding.sheet) == ("E102", "data.db", "bids")
    assert (finding.row, finding.column, finding.cell) == (10, "rate", "bid_id=S2")
    assert finding.value == "TBA"


def test_the_hash_is_of_what_the_table_says_not_of_the_order(sqlite_project: Path) -> None:
    first = load_project(sqlite_project).hashes
    change(
        sqlite_project, "CREATE TABLE b AS SELECT * FROM bids ORDER BY rate",
        "DROP TABLE bids", "ALTER TABLE b RENAME TO bids",
    )  # fmt: skip
    assert load_project(sqlite_project).hashes == first
    change(sqlite_project, "UPDATE bids SET rate = rate + 1 WHERE bid_id = 'S2'")
    changed = load_project(sqlite_project).hashes
    assert {name for name in first if first[name] != changed[name]} == {"bids"}


def test_other_columns_and_near_tables_are_told(sqlite_project: Path) -> None:
    change(
        sqlite_project, "ALTER TABLE bids ADD COLUMN created_at TEXT",
        "ALTER TABLE bids RENAME COLUMN rate TO ratee", "ALTER TABLE empties RENAME TO emptiez",
    )  # fmt: skip
    with pytest.raises(InputRejected) as refused:
        load_project(sqlite_project)
    told = {(f.code, f.sheet, f.column, f.row) for f in refused.value.findings}
    assert {
        ("W012", "bids", "created_at", None), ("W012", "bids", "ratee", None),
        ("E013", "bids", "rate", None), ("W011", "emptiez", "", None),
    } <= told  # fmt: skip


def test_names_in_the_data_never_become_sql(sqlite_project: Path) -> None:
    evil = 'x"; DROP TABLE bids; --'
    change(
        sqlite_project, f"""ALTER TABLE bids ADD COLUMN "{evil.replace('"', '""')}" TEXT""",
        "UPDATE locations SET name = '''; DROP TABLE bids; --'",
    )  # fmt: skip
    assert len(load_project(sqlite_project).frames["bids"]) == 11


def test_a_table_in_files_and_database_is_given_twice(sqlite_project: Path) -> None:
    (sqlite_project / "data").mkdir()
    (sqlite_project / "data" / "carriers.csv").write_text("carrier,name\nBLUE,Blue\n")
    assert "E012" in {f.code for f in rejected(sqlite_project)}
    change(sqlite_project, "DROP TABLE carriers")
    files = [f.file for f in rejected(sqlite_project)]
    assert "data/carriers.csv" not in files, "alone it is read from the file"


@pytest.mark.parametrize(
    ("source", "code", "part"),
    [
        ({"url": f"postgresql://u:{SECRET}@h/db"}, "E003", "password does not belong"),
        ({"url": f"postgresql://u@h/db?password={SECRET}"}, "E003", "password does not belong"),
        ({"url_env": f"postgresql://u:{SECRET}@h/db"}, "E003", "no name of an environment"),
        ({"url_env": "LOWHAUL_NOT_SET"}, "E003", "is not set"),
        ({"url": "sqlite:///a.db", "url_env": "B"}, "E003", "by url or by url_env"),
        ({"url": f"nonsense {SECRET}"}, "E003", "no URL"),
        ({"url": "sqlite:///none.db"}, "E018", "there is no file none.db"),
        ({"url": "nosuch://h/db"}, "E018", "cannot be read"),
        ({"url": "sqlite:///a.db", "password": SECRET}, "E002", "not known"),
    ],
)  # fmt: skip
def test_a_source_that_cannot_be_is_one_finding_without_secrets(
    tmp_path: Path, source: dict[str, str], code: str, part: str
) -> None:
    project_on(tmp_path, **source)
    [finding] = rejected(tmp_path)
    assert finding.code == code
    assert part in finding.message
    assert SECRET not in repr(finding)


def test_a_url_in_the_environment_is_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    pytest.importorskip("pg8000")
    monkeypatch.setenv("LOWHAUL_SOURCE", f"postgresql://u:{SECRET}@127.0.0.1:{port}/{SECRET}x")
    [finding] = rejected(project_on(tmp_path, url_env="LOWHAUL_SOURCE"))
    assert finding.code == "E018"
    assert f"u:{SECRET}" not in repr(finding)


def test_without_sqlalchemy_the_finding_says_what_to_install(
    sqlite_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sqlalchemy.exc", None)
    [finding] = rejected(sqlite_project)
    assert (finding.code, "lowhaul[db]" in finding.hint) == ("E018", True)


def test_a_damaged_database_is_one_finding(tmp_path: Path) -> None:
    (tmp_path / "data.db").write_bytes(b"this is no database " * 200)
    [finding] = rejected(project_on(tmp_path, url="sqlite:///data.db"))
    assert (finding.code, finding.file) == ("E018", "data.db")


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server: that of LOWHAUL_POSTGRES_URL, or one of our own on a unix socket."""
    pytest.importorskip("pg8000", reason="needs the extra postgres")
    given = os.environ.get("LOWHAUL_POSTGRES_URL")
    if given:
        yield given
        return
    binaries = [*Path("/usr/lib/postgresql").glob("*/bin/initdb"), shutil.which("initdb")]
    initdb = next((Path(b).resolve() for b in reversed(binaries) if b), None)
    if initdb is None or not initdb.with_name("postgres").is_file():
        pytest.skip("no PostgreSQL: set LOWHAUL_POSTGRES_URL or install its server")
    user: dict[str, Any] = {}
    # the path of a unix socket may have 107 bytes, so it does not lie in pytest's folder
    folder = Path(subprocess.check_output(["mktemp", "-d"], text=True).strip())
    if os.geteuid() == 0:
        names = {p.pw_name for p in pwd.getpwall()}
        name = next((n for n in ("postgres", "nobody") if n in names), None)
        if name is None:
            pytest.skip("PostgreSQL does not run as root, and there is no user for it")
        user = {"user": name, "cwd": "/"}
        shutil.chown(folder, name)
    log = (tmp_path_factory.mktemp("postgres") / "log").open("w+")
    made = subprocess.run(
        [initdb, "-D", folder / "data", "-U", "lowhaul", "-A", "trust", "-N", "-E", "UTF8"],
        stdout=log, stderr=log, check=False, **user,
    )  # fmt: skip
    server = None
    try:
        assert made.returncode == 0, Path(log.name).read_text()
        server = subprocess.Popen(
            [initdb.with_name("postgres"), "-D", folder / "data", "-k", folder,
             "-c", "listen_addresses=", "-c", "fsync=off"],
            stdout=log, stderr=log, **user,
        )  # fmt: skip
        url = f"postgresql+pg8000://lowhaul@/postgres?unix_sock={folder}/.s.PGSQL.5432"
        _wait_for(url, server, Path(log.name))
        yield url
    finally:
        if server is not None:
            server.send_signal(signal.SIGINT)  # a fast stop, which waits for no client
            server.wait(60)
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    import time

    engine = sqlalchemy.create_engine(url)
    for _ in range(240):
        assert server.poll() is None, log.read_text()
        try:
            engine.connect().close()
            engine.dispose()
            return
        except sqlalchemy.exc.DBAPIError:
            time.sleep(0.25)
    raise AssertionError(log.read_text())


def test_a_postgresql_server_gives_the_tables_that_files_give(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same frames as of files; the same findings as of SQLite; nothing can be written."""
    fill(postgres_url, small_tables())
    monkeypatch.setenv("LOWHAUL_SOURCE", postgres_url)
    folder = project_on(tmp_path, url_env="LOWHAUL_SOURCE")
    of_database = load_project(folder)
    of_files = load_project(write_small_project(tmp_path / "files"))
    assert sorted_frames(of_database) == sorted_frames(of_files)

    bids = small_tables()["bids"]
    for row in bids:
        row["rate"] = "TBA" if row["bid_id"] == "S2" else row["rate"]
    fill(postgres_url, {"bids": bids}, types=False)
    [finding] = rejected(folder)
    assert finding.file == f"postgresql:{sqlalchemy.make_url(postgres_url).database}"
    assert (finding.code, finding.sheet, finding.cell) == ("E102", "bids", "bid_id=S2")


def test_a_postgresql_connection_cannot_write(postgres_url: str, tmp_path: Path) -> None:
    from scenarios.database import _connection

    url = sqlalchemy.make_url(postgres_url)
    with (
        _connection(url, tmp_path) as base,
        pytest.raises(sqlalchemy.exc.DBAPIError, match="read-only"),
    ):
        base.execute(sqlalchemy.text("CREATE TABLE written (a int)"))
