"""The index of known tunes on disk: what is checked before it is used, and what is said where it is missing."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from inpaint_desktop import paths
from inpaint_desktop.encoding.run_index import VERSION, RunIndex
from inpaint_desktop.engine import known_tunes as known
from inpaint_desktop.errors import FileDamagedError, FileMissingError
from training.known_tunes import write


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A small index in a folder of resources."""
    path = tmp_path / "known-tunes" / "tunes.safetensors"
    write(RunIndex.of([(5, "Reel"), (6, "Jig")]), {}, path)
    return path


@pytest.fixture
def resources(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of resources in the place of the program's."""
    monkeypatch.setattr(paths, "resources_folder", lambda: path.parents[1])
    yield path.parents[1]
    known._opened.cache_clear()


def change_card(path: Path, **facts: object) -> None:
    card = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    path.with_suffix(".json").write_text(json.dumps({**card, **facts}), encoding="utf-8")


def test_what_was_written_is_read(path: Path) -> None:
    assert known.load_index(path).titles_of(6) == ("Jig",)


def test_a_changed_byte_is_noticed(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(FileDamagedError, match="not the one its card describes: it is damaged"):
        known.load_index(path)


@pytest.mark.parametrize("content", [b"", save({"counts": np.zeros(3, np.uint16)})], ids=["nothing", "other arrays"])
def test_an_index_of_another_form_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    change_card(path, sha256=hashlib.sha256(content).hexdigest())
    with pytest.raises(FileDamagedError, match="does not fit this version"):
        known.load_index(path)


@pytest.mark.parametrize("text", ["[]", "{}", json.dumps({"version": VERSION + 1})])
def test_a_card_of_another_version_is_refused(path: Path, text: str) -> None:
    path.with_suffix(".json").write_text(text, encoding="utf-8")
    with pytest.raises(FileDamagedError, match="not one of this version"):
        known.load_index(path)


def test_a_card_that_is_no_json_is_refused(path: Path) -> None:
    path.with_suffix(".json").write_bytes(b"\xff{")
    with pytest.raises(FileDamagedError, match="card of the index of known tunes"):
        known.load_index(path)


@pytest.mark.parametrize("suffix", [".json", ".safetensors"])
def test_a_missing_file_is_named(path: Path, suffix: str) -> None:
    path.with_suffix(suffix).unlink()
    with pytest.raises(FileMissingError, match=f"tunes{suffix} cannot be read"):
        known.load_index(path)


@pytest.mark.usefixtures("resources")
def test_the_programs_own_index_is_opened_once(path: Path) -> None:
    index = known.known_tunes()
    path.unlink()
    assert index is not None
    assert known.known_tunes() is index
    assert known.why_unknown() == ""


@pytest.mark.usefixtures("resources")
def test_where_there_is_none_a_sentence_says_so(path: Path) -> None:
    path.unlink()
    assert known.known_tunes() is None
    assert known.why_unknown().endswith("Takes are not compared with known tunes. Install the program again.")


def test_the_index_that_comes_with_the_program_is_whole() -> None:
    index = known.known_tunes()
    assert index is not None
    assert known.why_unknown() == ""
    assert len(index.titles) > 10_000
