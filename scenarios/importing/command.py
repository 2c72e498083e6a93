"""`lowhaul import FILE`: read, show, and write into a folder or a project."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from scenarios.importing.importer import import_file
from scenarios.importing.mapping import SheetMapping, read_mapping
from scenarios.importing.result import Imported


def run_import(
    file: Path,
    *,
    table: str = "",
    mapping: Path | None = None,
    language: str = "",
    carrier: str = "",
    out: Path | None = None,
    project: Path | None = None,
    dry_run: bool = False,
    as_of: date | None = None,
) -> Imported:
    """Import a file into `out` or `project`; nothing is written where nothing could be used.

    In a project a carrier's last mapping is used again where none is given. Raises InputRejected
    if the file is refused as a whole.
    """
    known = None
    if project is not None:
        from scenarios.importing.rounds import known_of, last_mapping

        known = known_of(project)
        mapping = mapping or last_mapping(project, carrier)
    told = read_mapping(mapping) if mapping is not None else SheetMapping()
    imported = import_file(
        file, table=table, mapping=told, language=language, carrier=carrier, as_of=as_of,
        known=known,
    )  # fmt: skip
    if dry_run:
        return imported
    if out is not None:
        from scenarios.importing.saving import save

        save(imported, out)
    elif project is not None and imported.rows:
        from scenarios.importing.rounds import save_into_project

        save_into_project(imported, project, file)
    return imported
