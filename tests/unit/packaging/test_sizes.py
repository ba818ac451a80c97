"""The table of what takes how much room."""

from pathlib import Path

import pytest
from contents import Facts, Part, Taken
from sizes import Row, rows_of, table


@pytest.fixture
def parts(tmp_path: Path) -> list[Part]:
    """A library of one file, and the program: a module, the model, and a picture."""
    (tmp_path / "models").mkdir()
    for name, size in (
        ("large.so", 200_000),
        ("small.so", 10),
        ("models/net.safetensors", 100_000),
        ("icon.svg", 20_000),
    ):
        (tmp_path / name).write_bytes(bytes(size))

    def file(name: str) -> Taken:
        return Taken(name, Path("/elsewhere") / name, tmp_path / name)

    own = [file("models/net.safetensors"), file("icon.svg"), Taken("own.module", Path("/elsewhere/module.py"))]
    return [
        Part(Facts("Large"), version="1", taken=[file("large.so")]),
        Part(Facts("Small"), taken=[file("small.so")]),
        Part(Facts("inpaint-desktop"), taken=own),
    ]


def test_modules_count_with_what_they_take_in_the_program(parts: list[Part]) -> None:
    rows = {row.name: row for row in rows_of(parts, {"own.module": 5_000})}
    assert rows["the program itself"].installed == 25_000
    assert rows["the models"].installed == 100_000
    assert rows["Large 1"].installed == 200_000


def test_what_is_packed_is_smaller_but_for_modules(tmp_path: Path) -> None:
    (tmp_path / "zeros").write_bytes(bytes(100_000))
    assert 3_000 < Row("zeros", [tmp_path / "zeros"], modules=3_000).packed() < 5_000


def test_large_parts_come_first_small_ones_are_one_and_the_sum_is_last(parts: list[Part]) -> None:
    rows = [line.strip("| ").split(" | ")[:2] for line in table(rows_of(parts, {}))][2:]
    assert rows == [
        ["Large 1", "0.2"],
        ["the models", "0.1"],
        ["the program itself", "0.0"],
        ["1 others", "0.0"],
        ["**together**", "0.3"],
    ]
