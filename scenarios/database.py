"""Input tables from a database: the same tables as in files, one query each, never written to.

What is asked for are the names of the declared tables and columns; nothing that stands in the data
becomes part of a query. Values come as the texts that a person would have written into a CSV file,
and are judged as those are. Rows are sorted by their text, so that a table has one order and one
hash in every database. SQLAlchemy is imported here alone and only where a project has a `source`.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import numpy as np
import pyarrow as pa

from lowhaul.columns import Table, did_you_mean
from lowhaul.findings import Finding, Findings
from lowhaul.input_tables import INPUT_TABLES
from lowhaul.reading import RawTable, cleaned, text_of
from scenarios.settings import DOCUMENT_NAME, SourceDocument

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Inspector

SOURCE = "source"
ROWS_AT_ONCE = 20_000
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
SECRETS = ("pass", "pwd", "secret", "token", "key")
"""A parameter of a URL with one of these in its name is taken for a secret."""
NEEDS_SQLALCHEMY = "Reading a database needs SQLAlchemy: install lowhaul[db]."
NEEDS_DRIVER = "Install its driver; for PostgreSQL: install lowhaul[postgres]."


def read_database(
    source: SourceDocument, folder: Path, hashes: dict[str, str], findings: Findings
) -> dict[str, RawTable]:
    """The tables of a project's database by name; what cannot be read is a finding.

    `hashes` is given the SHA-256 of each table's texts. Findings name the database as file, the
    table as sheet, the row (counted from 1) and its key as cell.
    """
    try:
        from sqlalchemy.exc import SQLAlchemyError
    except ImportError:
        findings.add(_fault("The database cannot be read.", NEEDS_SQLALCHEMY, DOCUMENT_NAME))
        return {}
    url = _url(source, findings)
    if url is None:
        return {}
    label = label_of(url)
    raw: dict[str, RawTable] = {}
    try:
        with _connection(url, folder) as connection:
            for table in _present(connection, source.schema_, label, findings):
                try:
                    raw[table.name] = _read_table(connection, table, source.schema_, label)
                except (SQLAlchemyError, ValueError) as error:
                    connection.rollback()
                    findings.add(_unreadable(error, url, label, table.name))
                    continue
                hashes.setdefault(table.name, hash_of(raw[table.name]))
                _report_other_columns(connection, raw[table.name], table, source, findings)
    except ImportError:
        message = f"There is no driver for {url.get_backend_name()}."
        findings.add(_fault(message, NEEDS_DRIVER, label))
    except (SQLAlchemyError, OSError, ValueError) as error:
        findings.add(_unreadable(error, url, label, ""))
    return raw


def label_of(url: URL) -> str:
    """What findings call the database: the file's name, or backend and name; no host, no user."""
    if url.get_backend_name() == "sqlite":
        return Path(url.database or "").name or "sqlite"
    return f"{url.get_backend_name()}:{url.database or ''}"


def hash_of(raw: RawTable) -> str:
    """SHA-256 of a table's texts: alike in all databases, whatever the order of rows in them."""
    digest = hashlib.sha256()
    for name in sorted(raw.texts):
        for text in (name, *raw.texts[name].to_pylist()):
            data = text.encode()
            digest.update(b"%d:%b" % (len(data), data))
        digest.update(b"\n")
    return digest.hexdigest()


def _url(source: SourceDocument, findings: Findings) -> URL | None:
    """The URL, from project.yaml or the environment. A password never stands in project.yaml."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    def refuse(message: str, hint: str, key: str = "url") -> None:
        findings.add(
            Finding("E003", "error", message, hint, DOCUMENT_NAME, column=f"{SOURCE}.{key}")
        )

    if bool(source.url) == bool(source.url_env):
        refuse("A source is given by url or by url_env.", "Give one of them.")
        return None
    text, key = source.url, "url"
    if source.url_env:
        key = "url_env"
        if not VARIABLE.match(source.url_env):
            refuse("This is no name of an environment variable.", "Give the name alone.", key)
            return None
        text = os.environ.get(source.url_env, "")
        if not text:
            message = f"The environment variable {source.url_env} is not set."
            refuse(message, "Put the URL of the database in it.", key)
            return None
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        refuse("This is no URL of a database.", "For example sqlite:///data.db.", key)
        return None
    secret = [name for name in url.query if any(word in name.lower() for word in SECRETS)]
    if source.url and (url.password or secret):
        hint = "Put the whole URL in an environment variable and name it under url_env."
        refuse("A password does not belong in project.yaml.", hint)
        return None
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+pg8000")
    return url


@contextmanager
def _connection(url: URL, folder: Path) -> Iterator[Connection]:
    """A connection that cannot write where the database knows of that, in one snapshot."""
    import sqlite3

    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    backend = url.get_backend_name()
    if backend == "sqlite":
        path = folder / (url.database or "")
        if not path.is_file():
            raise FileNotFoundError(f"there is no file {path.name}")
        address = f"file:{quote(str(path.resolve()))}?mode=ro"
        engine = create_engine(
            "sqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=NullPool
        )
    else:
        engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    options: dict[str, Any] = {}
    if backend == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    try:
        with engine.connect().execution_options(**options) as connection:
            yield connection
    finally:
        engine.dispose()


def _inspector(connection: Connection) -> Inspector:
    from sqlalchemy import inspect

    return inspect(connection)


def _present(
    connection: Connection, schema: str | None, label: str, findings: Findings
) -> list[Table]:
    """The declared tables that the database has as tables or views; near misses are told."""
    look = _inspector(connection)
    names = {*look.get_table_names(schema), *look.get_view_names(schema)}
    for name in sorted(names - set(INPUT_TABLES)):
        hint = did_you_mean(name, [n for n in INPUT_TABLES if n not in names])
        if hint.startswith("Did"):
            message = f'The table "{name[:80]}" is none of Lowhaul and is not read.'
            findings.add(Finding("W011", "warning", message, hint, label, name[:80]))
    return [table for name, table in INPUT_TABLES.items() if name in names]


def _read_table(connection: Connection, table: Table, schema: str | None, label: str) -> RawTable:
    """One query: the declared columns that are there, as sorted texts."""
    from sqlalchemy import column, select
    from sqlalchemy import table as sql_table

    look = _inspector(connection)
    found = {str(c["name"]) for c in look.get_columns(table.name, schema)}
    names = [name for name in table.names if name in found]
    key = _key(look, table, names, schema)
    if not names:
        return RawTable(label, table.name, {}, {}, np.array([], dtype=np.int64), key)
    query: Any = select(*(column(n) for n in names)).select_from(
        sql_table(table.name, schema=schema)
    )
    kinds = [table.column(name).kind for name in names]
    parts: list[list[Any]] = [[] for _ in names]
    with connection.execution_options(yield_per=ROWS_AT_ONCE).execute(query) as result:
        for rows in result.partitions():
            for part, kind, values in zip(parts, kinds, zip(*rows, strict=True), strict=True):
                part.append(pa.array([_text(v, kind) for v in values], pa.string()))
    cells = pa.table({
        name: cleaned(pa.chunked_array(part, pa.string()).combine_chunks())
        for name, part in zip(names, parts, strict=True)
    })  # fmt: skip
    order = [*key, *(name for name in names if name not in key)]
    cells = cells.sort_by([(name, "ascending") for name in order])
    texts = {name: cells[name].combine_chunks() for name in names}
    positions = {name: place for place, name in enumerate(names, start=1)}
    rows_ = np.arange(1, cells.num_rows + 1, dtype=np.int64)
    return RawTable(label, table.name, texts, positions, rows_, key)


def _key(look: Inspector, table: Table, names: list[str], schema: str | None) -> tuple[str, ...]:
    """The columns that name a row: the database's primary key if it is read, else ours."""
    primary = look.get_pk_constraint(table.name, schema).get("constrained_columns") or []
    if primary and set(primary) <= set(names):
        return tuple(primary)
    return table.key if set(table.key) <= set(names) else ()


def _text(value: Any, kind: str) -> str:
    """A value as text; the 0 and 1 of databases without booleans are no and yes."""
    if kind == "yesno" and type(value) is int and value in (0, 1):
        return "yes" if value else "no"
    return text_of(value)


def _report_other_columns(
    connection: Connection, raw: RawTable, table: Table, source: SourceDocument, findings: Findings
) -> None:
    """Columns of the database that the table has not are told, each with what it may stand for."""
    for place in _inspector(connection).get_columns(table.name, source.schema_):
        name = str(place["name"])
        if name not in table.names:
            hint = did_you_mean(name, [n for n in table.names if n not in raw.positions])
            hint = hint if hint.startswith("Did") else "A view can leave it out."
            message = f'The column "{name[:80]}" is none of {table.name} and is not read.'
            findings.add(
                Finding("W012", "warning", message, hint, raw.file, raw.sheet, column=name[:80])
            )


def _unreadable(error: Exception, url: URL, label: str, table: str) -> Finding:
    """What the driver said, in one line and without the password."""
    said = str(getattr(error, "orig", None) or error).strip().split("\n")[0]
    if url.password:
        said = said.replace(str(url.password), "***")
    what = "The table" if table else "The database"
    return _fault(f"{what} cannot be read ({said[:200]}).", "", label, table)


def _fault(message: str, hint: str, label: str, table: str = "") -> Finding:
    return Finding("E018", "error", message, hint, label, table)
