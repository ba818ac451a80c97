"""What comes out of ABC: one small file for each feature, which says at its end what it must be read as.

A line stands for a measure: its number, what is new (meter, key signature by its major tonic, mode, clef, tempo),
``pickup``, ``|:`` and ``[1]`` where a repeat or an ending begins, then its notes with their lengths in eighths, and
``:|``.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from inpaint_desktop.documents.document import MeasureMark, ScoreDocument
from inpaint_desktop.documents.opening import list_tunes, open_content, open_document
from inpaint_desktop.errors import FileUnsupportedError
from inpaint_desktop.score.melody import Measure, Note, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER
from inpaint_desktop.score.pitch import Pitch

FOLDER = Path(__file__).parents[1] / "data" / "abc"
FEATURES = sorted(path for path in FOLDER.glob("*.abc") if path.stem != "session")


def expected(path: Path) -> list[str]:
    content = path.read_bytes()
    encoding = "utf-16" if content[:2] == b"\xff\xfe" else "latin-1"
    lines = re.split(r"\r\n|\r|\n", content.decode(encoding))
    return [line[2:] for line in lines[lines.index("% comes out:") + 1 :] if line]


def described(document: ScoreDocument) -> Iterator[str]:
    for index, part in enumerate(document.parts):
        if len(document.parts) > 1:
            yield f"part {part.name}"
        before: dict[str, str] = {"clef": "clef=treble", "tempo": "tempo=none"}
        for mark, measure in zip(part.measures, document.melody(index).measures, strict=True):
            facts = facts_of(mark, measure)
            new = [fact for name, fact in facts.items() if fact and before.get(name) != fact]
            before = facts
            start = " ".join([measure.number, *new, *["pickup"] * mark.is_pickup, *signs_before(measure)])
            yield " ".join([f"{start}:", *map(written, measure.notes), *([":|"] if measure.repeat_end else [])])


def facts_of(mark: MeasureMark, measure: Measure) -> dict[str, str]:
    mode = measure.key.mode if measure.key.mode != "major" else ""
    return {
        "meter": str(measure.meter),
        "key": f"{measure.key.major_tonic} {mode}".strip(),
        "clef": f"clef={mark.clef}",
        "tempo": f"tempo={measure.tempo_bpm:g}" if measure.tempo_bpm else "tempo=none",
    }


def signs_before(measure: Measure) -> list[str]:
    endings = ",".join(map(str, measure.endings))
    return ["|:"] * measure.repeat_start + [f"[{endings}]"] * bool(endings)


def written(note: Note) -> str:
    length = Fraction(2 * note.duration, TICKS_PER_QUARTER)
    return f"{note.pitch.name if note.pitch else 'z'}:{length}" + "-" * note.ties_on


@pytest.mark.parametrize("path", FEATURES, ids=lambda path: path.stem)
def test_a_feature_is_read_as_the_file_says(path: Path) -> None:
    assert list(described(open_document(path))) == expected(path)


@pytest.mark.parametrize("path", FEATURES, ids=lambda path: path.stem)
def test_opening_and_saving_changes_no_byte(path: Path) -> None:
    assert open_document(path).to_bytes() == path.read_bytes()


@pytest.mark.parametrize("path", FEATURES, ids=lambda path: path.stem)
def test_any_measure_can_be_replaced_and_brought_back(path: Path) -> None:
    document = open_document(path)
    refused = [
        f"{part.name} {mark.number}"
        for index, part in enumerate(document.parts)
        for place, mark in enumerate(part.measures)
        if not is_replaceable(document, index, place)
    ]
    assert refused == REFUSED.get(path.stem, [])


REFUSED = {
    "broken_rhythm": ["Melody 6", "Melody 7"],
    "overlay": ["Melody 2"],
    "repeated_measures": ["Melody 1", "Melody 3", "Melody 4"],
    "ties_and_slurs": ["Melody 7"],
}
"""Measures that no one can replace alone, because others are made of them."""


def is_replaceable(document: ScoreDocument, part: int, place: int) -> bool:
    """Put a low note into a measure and the old notes back, and check all that must hold for the rest."""
    span, old = Span(place, place + 1), document.melody(part).measures[place]
    new = old.with_notes([Note(0, old.duration, Pitch("B", 1, 3))])
    try:
        edited = document.with_measures(part, span, [new]).document
    except FileUnsupportedError:
        return False
    assert edited.melody(part).measures[place].notes[0].pitch == new.notes[0].pitch
    check_the_rest(document, edited, part, place)
    back = edited.with_measures(part, span, [old]).document
    assert melodies_of(back) == melodies_of(document)
    return True


def check_the_rest(document: ScoreDocument, edited: ScoreDocument, part: int, place: int) -> None:
    """The melodies are those that the bytes hold, and text outside the measure is the same."""
    again = open_content(edited.to_bytes(), document.file_name)
    assert melodies_of(again) == melodies_of(edited)
    for index, (before, after) in enumerate(zip(document.parts, again.parts, strict=True)):
        assert [replace(m, start=0, stop=0) for m in before.measures] == [
            replace(m, start=0, stop=0) for m in after.measures
        ]
        rest = [line for number, line in enumerate(melodies_of(document)[index]) if (index, number) != (part, place)]
        assert rest == [
            line for number, line in enumerate(melodies_of(again)[index]) if (index, number) != (part, place)
        ]


def melodies_of(document: ScoreDocument) -> list[list[str]]:
    return [
        [" ".join(f"{note.onset} {note.pitch} {note.duration}" for note in measure.notes) for measure in measures]
        for measures in (document.melody(index).measures for index in range(len(document.parts)))
    ]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("latin1", "Bj\u00f8rn og \u00c5se, d\u00e9j\u00e0 vu"),
        ("utf16", "\u017bywiec \u2013 \u6b4c"),
        ("utf8_with_mark", "Mark \u00e9"),
    ],
)
def test_titles_are_read_in_their_encoding(name: str, title: str) -> None:
    assert open_document(FOLDER / f"{name}.abc").title == title


def test_of_a_book_of_ten_thousand_tunes_the_chosen_one_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "book.abc"
    path.write_text("".join(f"X:{n}\nT:Tune {n}\nM:4/4\nL:1/4\nK:G\n{'GABc|' * 16}\n\n" for n in range(1, 10_001)))
    tunes = list_tunes(path)
    assert (len(tunes), tunes[6788].label) == (10_000, "6789 Tune 6789")
    assert open_document(path, tune="6789").title == "Tune 6789"
