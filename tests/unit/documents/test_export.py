from pathlib import Path

import pytest

from inpaint_desktop.documents.export import EXPORT_SUFFIXES, export
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.errors import SettingsError

FERRY = Path(__file__).parents[2] / "data" / "musicxml" / "ferry.musicxml"


@pytest.mark.parametrize("file_format", ["musicxml", "abc"])
def test_a_tune_reads_the_same_from_what_was_exported(tmp_path: Path, file_format: str) -> None:
    document = open_document(FERRY)
    path = tmp_path / f"tune{EXPORT_SUFFIXES[file_format]}"
    path.write_bytes(export(document, file_format))
    again = open_document(path)
    assert [measure.notes for measure in again.melody().measures] == [m.notes for m in document.melody().measures]
    assert again.title == document.title


def test_a_melody_is_exported_like_its_document() -> None:
    document = open_document(FERRY)
    assert export(document.melody(), "midi") == export(document, "midi")


def test_an_unknown_format_is_named_with_those_that_there_are() -> None:
    with pytest.raises(SettingsError, match="'pdf' is not a format to export to; choose one of abc, musicxml, midi"):
        export(open_document(FERRY), "pdf")
