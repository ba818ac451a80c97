"""The checks on real scores would notice what they are there to notice."""

import random
import sys
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from inpaint_desktop.documents.abc.document import AbcDocument
from inpaint_desktop.documents.musicxml.document import MusicXmlDocument
from inpaint_desktop.documents.opening import open_content
from inpaint_desktop.engraving.engraver import Engraver
from inpaint_desktop.isolation import ChildProcess
from inpaint_desktop.score.melody import Span
from tests.conformance.checking import Checker, OutOfTimeError, Result, change_outside, limited_to, other_voices
from tests.conformance.fuzz import place_of
from tests.conformance.fuzz_mutating import Mutator, minimised
from tests.conformance.fuzz_targets import run_limited
from tests.conformance.replacing import other_measures, random_span
from tests.conformance.reporting import failure_lines, kind_of, summary, write_table
from tests.conformance.samples import Sample
from tests.conftest import MakeTune

TUNE = b"X:1\nT:A\nM:4/4\nL:1/4\nK:C\nCDEF|GABc|cBAG|FEDC|\n"
SPAN = Span(1, 3)
ON_UNIX = pytest.mark.skipif(sys.platform == "win32", reason="it has no timer that interrupts")


@pytest.fixture
def document() -> AbcDocument:
    opened = open_content(TUNE, "a.abc")
    assert isinstance(opened, AbcDocument)
    return opened


def edited(document: AbcDocument) -> AbcDocument:
    after = document.with_measures(0, SPAN, document.melody().measures[:2]).document
    assert isinstance(after, AbcDocument)
    return after


@pytest.mark.parametrize(("old", "new", "where"), [("T:A", "T:B", "before"), ("|FEDC", "|FEDD", "after")])
def test_a_byte_that_changes_outside_of_the_measures_is_noticed(
    document: AbcDocument, old: str, new: str, where: str
) -> None:
    after = edited(document)
    assert change_outside(document, after, 0, SPAN) == ""
    spoiled = replace(after, text=after.text.replace(old, new))
    assert change_outside(document, spoiled, 0, SPAN).startswith(where)


def test_a_barline_that_goes_between_the_measures_is_noticed(document: AbcDocument) -> None:
    after = edited(document)
    start, stop = (after.parts[0].measures[index] for index in SPAN.indices)
    joined = after.text[: start.stop] + " " + after.text[stop.start :]
    assert change_outside(document, replace(after, text=joined), 0, SPAN)


def test_a_note_of_another_voice_that_changes_is_noticed() -> None:
    path = Path(__file__).parents[1] / "data" / "musicxml" / "two_voices.musicxml"
    document = open_content(path.read_bytes(), path.name)
    assert isinstance(document, MusicXmlDocument)
    place = document.text.index("<voice>2<")
    spoiled = replace(document, text=f"{document.text[:place]}<voice>7<{document.text[place + 9 :]}")
    assert other_voices(document, 0, Span(0, 1)) != other_voices(spoiled, 0, Span(0, 1))


@ON_UNIX
def test_what_takes_too_long_is_ended() -> None:
    with pytest.raises(OutOfTimeError), limited_to(1):
        sum(1 for _ in count())


@ON_UNIX
def test_a_sound_score_passes_and_a_broken_one_is_refused(tmp_path: Path) -> None:
    child = ChildProcess()
    checker = Checker(child, Engraver(child))
    (tmp_path / "a.abc").write_bytes(TUNE)
    (tmp_path / "b.abc").write_bytes(b"X:1\nK:C\n")
    sound = checker.check(Sample("x/a.abc", tmp_path / "a.abc"), is_drawn=False)
    broken = checker.check(Sample("x/b.abc", tmp_path / "b.abc"), is_drawn=False)
    child.close()
    assert (sound.failures, sound.refused, sound.spans) == ([], "", 3)
    assert "b.abc" in broken.refused


def test_other_measures_are_as_long_as_the_old_ones(make_tune: MakeTune) -> None:
    melody, dice = make_tune(12, seed=3, pickup=1), random.Random(1)
    for _ in range(50):
        span = random_span(dice, melody)
        melody.with_measures(span, other_measures(dice, melody, span))


@pytest.mark.parametrize(
    "sentence",
    [
        "erk 1.abc, line 12: the tune 'Ein Lied' breaks off.",
        "part 1, measures 3-4 (from 0): notes differ (measure 3 from 0: C4:10 became z:10)",
    ],
)
def test_sentences_of_one_kind_are_equal(sentence: str) -> None:
    assert kind_of(sentence) == kind_of(sentence.replace("1", "7").replace("Ein", "Kein"))
    assert kind_of(sentence) != kind_of(sentence.replace("breaks off", "ends").replace("notes", "ties"))


def test_the_table_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("Before\n<!-- table: begin -->\nold\n<!-- table: end -->\nAfter\n", encoding="utf-8")
    results = [
        Result("x/a.abc", "abc", failures=[("stays", "gone")]),
        Result("x/b.abc", "abc", refused="b.abc is empty."),
    ]
    write_table(page, results)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("Before\n")
    assert text.endswith("\nAfter\n")
    assert "old" not in text
    assert "| stays | 1 | gone | x/a.abc |" in text
    assert "FILE is empty." in text
    assert "1 refused, 1 with failures" in summary(results)
    assert failure_lines(results, "abc").startswith("x/a.abc\tstays\tgone\n")


def test_mutations_depend_on_nothing_but_the_dice() -> None:
    mutator = Mutator([TUNE], "abc")
    first, second = ([mutator.mutated(TUNE, random.Random(seed), 500) for seed in range(40)] for _ in range(2))
    assert first == second
    assert len(set(first)) > 20


def test_a_finding_is_made_small() -> None:
    assert minimised(b"abcXdefYg", lambda content: b"X" in content and b"Y" in content, seconds=5) == b"XY"


@ON_UNIX
def test_an_error_that_is_none_of_the_programs_own_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_text: str) -> tuple[object, ...]:
        message = "planted"
        raise KeyError(message)

    assert run_limited("abc", TUNE) is True
    assert run_limited("abc", b"no music") is False
    monkeypatch.setattr("tests.conformance.fuzz_targets.split_tunes", fail)
    found = run_limited("abc", TUNE)
    assert isinstance(found, KeyError)
    assert place_of(found).startswith("KeyError")
