import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from inpaint_desktop.documents import limits, opening
from inpaint_desktop.documents.opening import list_tunes, open_document
from inpaint_desktop.errors import (
    FileDamagedError,
    FileError,
    FileMissingError,
    FileTooLargeError,
    FileUnsupportedError,
    SelectionError,
)
from inpaint_desktop.isolation import ChildProcess

DATA = Path(__file__).parents[2] / "data" / "musicxml"
FERRY = (DATA / "ferry.musicxml").read_text(encoding="utf-8")
ABC = "X:1\nT:Nothing\nM:4/4\nL:1/4\nK:D\nDEFG|ABcd|\n"
CONTAINER = '<container><rootfiles><rootfile full-path="{}"/></rootfiles></container>'


@pytest.fixture(scope="module")
def child() -> Iterator[ChildProcess]:
    with ChildProcess() as process:
        yield process


def _zip(**members: str | bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name.replace("_", ".").replace("META.INF", "META-INF"), content)
    return target.getvalue()


def _mxl(score: str | bytes) -> bytes:
    return _zip(**{"META-INF/container.xml": CONTAINER.format("score.xml"), "score.xml": score})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tune.musicxml", FERRY.encode()),
        ("TUNE.MusicXML", FERRY.encode()),
        ("tune.XML", b"\xef\xbb\xbf" + FERRY.encode()),
        ("tune.xml", FERRY.encode("utf-16")),
        ("tune.xml", FERRY.replace("UTF-8", "windows-1252").encode("cp1252")),
        ("tune.xml", FERRY.replace("\n", "\r\n").encode()),
        ("tune.xml", FERRY.replace("\n", "\r").encode()),
        ("tune.mxl", _mxl(FERRY)),
        ("TUNE.MXL", _mxl(FERRY.encode("utf-16"))),
        ("tune.ABC", ABC.encode()),
        ("tune.abc", ABC.replace("\n", "\r\n").replace("Nothing", "Rosén").encode("latin-1")),
        ("tune.abc", b"\xef\xbb\xbf" + ABC.encode()),
    ],
)
def test_opening_and_saving_changes_no_byte(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert open_document(path).to_bytes() == content


@pytest.mark.parametrize(
    ("name", "content", "suffix"),
    [("a.abc", FERRY.encode(), ".musicxml"), ("b.xml", _mxl(FERRY), ".mxl"), ("c.song", ABC.encode(), ".abc")],
)
def test_what_a_file_holds_counts_for_more_than_its_name(
    tmp_path: Path, name: str, content: bytes, suffix: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert open_document(path).suffix == suffix


def test_a_child_process_reads_the_same_music(child: ChildProcess) -> None:
    for path in (DATA / "ferry.musicxml", DATA.parent / "abc" / "session.abc"):
        tune = "1" if path.suffix == ".abc" else None
        assert open_document(path, tune=tune, child=child) == open_document(path, tune=tune)


def test_tunes_are_not_chosen_in_musicxml() -> None:
    with pytest.raises(SelectionError, match=r"ferry\.musicxml holds one score"):
        open_document(DATA / "ferry.musicxml", tune="2")


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1 or str()};" * 10}">' for n in range(1, 9)
)
HOSTILE: dict[str, tuple[str, bytes, type[FileError], str]] = {
    "empty": ("tune.xml", b"", FileDamagedError, "is empty"),
    "blank": ("tune.abc", b" \r\n\t\n", FileDamagedError, "is empty"),
    "random": ("tune.xml", bytes(range(256)) * 9, FileDamagedError, "is not MusicXML"),
    "random-mxl": ("tune.mxl", bytes(range(256)) * 9, FileDamagedError, "is not MusicXML"),
    "random-name": ("tune.doc", bytes(range(256)) * 9, FileUnsupportedError, "not a score"),
    "midi": ("tune.mid", b"MThd\0\0\0\6", FileUnsupportedError, "is a MIDI file"),
    "truncated": ("tune.xml", FERRY.encode()[:3000], FileDamagedError, r"not well-formed XML: .+ in line \d+, column"),
    "truncated-zip": ("tune.mxl", _mxl(FERRY)[:-60], FileDamagedError, "damaged zip archive"),
    "entities": ("tune.xml", (BOMB + "]><x>&a8;</x>").encode(), FileDamagedError, "declares entities in line 1"),
    "zip-bomb": ("tune.mxl", _mxl(b"<!--" + b" " * 30_000_000), FileTooLargeError, "unpacks to far more"),
    "no-score": ("tune.mxl", _zip(mimetype="x"), FileUnsupportedError, "without a MusicXML score"),
    "html": ("tune.xml", b"<html><body/></html>", FileUnsupportedError, "begins with <html>"),
    "timewise": ("tune.xml", b"<score-timewise/>", FileDamagedError, "no measures"),
    "no-measures": ("tune.xml", b"<score-partwise><part-list/></score-partwise>", FileDamagedError, "no measures"),
    "deep": ("tune.xml", b"<a>" * 9_000, FileTooLargeError, "deeper"),
}  # fmt: skip
NUMBERS: dict[str, tuple[str, str, type[FileError], str]] = {
    "beats": ("<beats>4<", "<beats>1000000<", FileDamagedError, "measure 0: 1000000/4"),
    "beat-type": ("<beat-type>4<", "<beat-type>3<", FileDamagedError, "measure 0: 4/3"),
    "divisions": ("<divisions>2<", "<divisions>0<", FileDamagedError, "measure 0: <divisions>0"),
    "duration": ("<duration>4<", "<duration>-4<", FileDamagedError, "measure 2: <duration>-4"),
    "octave": ("<octave>5<", "<octave>99<", FileDamagedError, "measure 1: <octave>99"),
    "step": ("<step>B<", "<step>H<", FileDamagedError, "measure 2: <step>H"),
    "alter": ("<alter>1<", "<alter>1e400<", FileDamagedError, "measure 1: <alter>1e400"),
    "key": ("<fifths>2<", "<fifths>40<", FileUnsupportedError, "measure 0: a key signature of 40 sharps or flats"),
}
for case, (old, new, error, words) in NUMBERS.items():
    HOSTILE[case] = ("tune.xml", FERRY.replace(old, new).encode(), error, words)


@pytest.mark.parametrize("case", HOSTILE)
def test_a_bad_file_is_refused_in_one_sentence_that_names_it(tmp_path: Path, case: str) -> None:
    name, content, error, words = HOSTILE[case]
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(error, match=words) as caught:
        open_document(path)
    message = str(caught.value)
    assert name in message
    assert "\n" not in message
    assert message.endswith(".")


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileMissingError, match=r"gone\.xml cannot be read \(No such file or directory\)"):
        open_document(tmp_path / "gone.xml")
    monkeypatch.chdir(tmp_path)
    for folder in (tmp_path, Path()):
        with pytest.raises(FileMissingError, match=f"{tmp_path.name} is a folder"):
            open_document(folder)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no named pipes in folders")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "tune.abc")
    with pytest.raises(FileMissingError, match="is not a file"):
        open_document(tmp_path / "tune.abc")


def test_a_file_that_takes_too_long_is_refused(child: ChildProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "READ_TIME_LIMIT_S", 0.0)
    with pytest.raises(FileUnsupportedError, match=r"session\.abc takes longer than 0 seconds to read"):
        open_document(DATA.parent / "abc" / "session.abc", tune="1", child=child)


def test_a_file_over_the_limit_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "tune.xml"
    with path.open("wb") as file:
        file.truncate(50_000_001)
    with pytest.raises(FileTooLargeError, match=r"tune\.xml has 50 MB"):
        open_document(path)


def test_a_file_with_too_many_elements_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_ELEMENTS", 300)
    path = tmp_path / "tune.xml"
    path.write_bytes(b"<a>" + b"<b/>" * 301 + b"</a>")
    with pytest.raises(FileTooLargeError, match="more elements"):
        open_document(path)


def test_documents_are_imported_without_music21() -> None:
    imports = "import sys, inpaint_desktop.documents.opening, inpaint_desktop.documents.export"
    code = f"{imports}; print('music21' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_nothing_is_fetched_for_a_document_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        message = "the network was touched"
        raise AssertionError(message)

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    path = tmp_path / "tune.xml"
    path.write_text(FERRY.replace("http://www.musicxml.org", "http://localhost:9"), encoding="utf-8")
    assert open_document(path).title == "The Ferry at Ros\u00e9n\u2019s Quay"


def test_the_tunes_of_a_book_can_be_listed_before_one_is_opened(tmp_path: Path) -> None:
    book = tmp_path / "book.abc"
    book.write_bytes(b"X:1\r\nT:One\r\nK:C\r\nCDEF|\r\n\r\nX:2\r\nT:Two\r\nK:G\r\nGABc|\r\n")
    assert [tune.label for tune in list_tunes(book)] == ["1 One", "2 Two"]


def test_a_file_that_is_not_abc_has_no_tunes_to_list() -> None:
    assert list_tunes(DATA / "ferry.musicxml") == ()
