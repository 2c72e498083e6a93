from pathlib import Path


def write_page(path: Path, *args: object) -> None:
    path.write_text("x")
