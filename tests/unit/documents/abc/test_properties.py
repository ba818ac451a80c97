"""What holds for any tune: drawn from measures, barlines, line ends, fields and voices of all kinds."""

import re
from itertools import zip_longest

from hypothesis import given, settings
from hypothesis import strategies as st
from music21 import abcFormat

from inpaint_desktop.documents.abc.document import AbcDocument, open_abc
from inpaint_desktop.documents.abc.located import LocatedMeasure
from inpaint_desktop.documents.abc.reading import read_melody
from inpaint_desktop.documents.abc.scanner import scan_tune
from inpaint_desktop.documents.abc.tunes import split_tunes
from inpaint_desktop.documents.abc.writing import melody_to_abc
from inpaint_desktop.documents.document import Edit
from inpaint_desktop.documents.encodings import Codec
from inpaint_desktop.errors import FileUnsupportedError
from inpaint_desktop.score.melody import Measure, Note, Span
from inpaint_desktop.score.pitch import Pitch

MEASURES = (
    *("CDEF GABc", "c4 z4", "^F2F2 f4", '"Am"A2 "G7"GB {c}d4', "(3CDE (3:2:3F2G2A2 B2", "A>B c<d e2-e2"),
    *("~A2 !trill!B2 (cd)e2", "[CEG]2 [C2E2] z2 A2", "z8", "Z", "Z2", "C4 [K:D] F4", "A2 [L:1/4] AB [L:1/8] c2"),
    *("C4 & E4", "C4 \\\n D4", "C4 % half\n D4", "C4 [r:and] D4", "G2", "x4 y2 C4", "!segno!C4 !f!D2 TE2"),
    *("c'4 C,4", "[M:3/4] C6", "[M:4/4]C8-", "C8-", "(C8", "D8)", "C8 >", "/", "&E8", "(&C8", "&)"),
)
BARLINES = ("|", "|", "|", "||", " |: ", ":|", "::", "|1 ", ":|2 ", " | [1,3 ", "|]", ".|")
LINE_ENDS = (
    "",
    "",
    "",
    "\n",
    "\r\n",
    " % done\n",
    "\\\n",
    "\n%%text | words |\n",
    "\nK:Bb\n",
    "\nw: la la-la * | la_\n",
)
HEADERS = (
    "K:C\n",
    "K:Ador\n",
    "M:C|\nK:D exp _b ^f\n",
    "L:1/16\nK:F clef=bass octave=-1\n",
    "U:T=!f!\nQ:1/4=90\nK:none\n",
)

lines = st.lists(st.tuples(*map(st.sampled_from, (MEASURES, BARLINES, LINE_ENDS))), min_size=1, max_size=6).map(
    lambda triples: "".join("".join(triple) for triple in triples)
)
headers = st.sampled_from(HEADERS).map("X:1\nT:Drawn\nM:4/4\nL:1/8\n{}".format)


@st.composite
def tunes(draw: st.DrawFn) -> str:
    """Tunes of one voice, or of two that take turns at the ends of lines or anywhere."""
    bodies = [draw(lines) for _ in range(draw(st.integers(1, 4)))]
    bodies[0] = "B8|" + bodies[0]
    if len(bodies) == 1:
        return draw(headers) + bodies[0] + "\n"
    voices = ("V:1\n{}\n", "V:2 clef=alto\n{}\n") if draw(st.booleans()) else ("[V:1]{}\n", "[V:2] {}\n")
    return draw(headers) + "".join(voices[index % 2].format(body) for index, body in enumerate(bodies))


def opened(text: str) -> AbcDocument:
    return open_abc(text, file_name="drawn.abc", codec=Codec(), read=read_melody)


def wandering(duration: int, steps: str) -> list[Note]:
    """Notes that fill ``duration``, with accidentals that leave the key."""
    cuts = sorted({0, *(duration * index // len(steps) // 315 * 315 for index in range(len(steps))), duration})
    return [
        Note(start, stop - start, Pitch(step, (-1) ** index, 4 + index % 2))
        for index, (step, start, stop) in enumerate(zip(steps, cuts, cuts[1:], strict=False))
    ] or [Note(0, duration, None)]


def filled(measure: Measure, steps: str) -> Measure:
    notes = wandering(measure.duration, steps)
    return measure.with_notes([*notes[:-1], Note(notes[-1].onset, measure.duration - notes[-1].onset, notes[-1].pitch)])


edits = st.tuples(st.integers(0, 1), st.integers(0, 5), st.integers(1, 3), st.text("ABCDEFG", min_size=1, max_size=4))


def edited(document: AbcDocument, where: tuple[int, int, int, str]) -> tuple[int, Span, Edit] | None:
    """Replace measures that there are; nothing where that is refused, which it may be."""
    part, start, count, steps = where
    part = part % len(document.parts)
    start = start % len(document.melody(part).measures)
    old = document.melody(part).measures[start : start + count]
    span = Span(start, start + len(old))
    try:
        return part, span, document.with_measures(part, span, [filled(one, steps) for one in old])
    except FileUnsupportedError:
        return None


@settings(max_examples=60, deadline=None)
@given(tunes())
def test_the_text_of_a_tune_is_kept_whatever_it_is(text: str) -> None:
    assert opened(text).to_bytes().decode() == text


@settings(max_examples=80, deadline=None)
@given(tunes(), edits)
def test_the_melody_after_a_splice_is_the_one_that_was_asked_for(text: str, where: tuple[int, int, int, str]) -> None:
    document = opened(text)
    if (done := edited(document, where)) is None:
        return
    part, span, edit = done
    again = opened(edit.document.to_bytes().decode())
    for index in range(len(document.parts)):
        assert again.melody(index) == edit.document.melody(index)
    for place in span.indices:
        asked = [note.pitch for note in filled(document.melody(part).measures[place], where[3]).notes]
        assert [note.pitch for note in again.melody(part).measures[place].notes] == asked


@settings(max_examples=80, deadline=None)
@given(tunes(), edits)
def test_everything_outside_a_splice_is_equal_in_bytes_and_in_meaning(
    text: str, where: tuple[int, int, int, str]
) -> None:
    document = opened(text)
    if (done := edited(document, where)) is None:
        return
    part, span, edit = done
    again = opened(edit.document.to_bytes().decode())
    for index in range(len(document.parts)):
        before, after = document.scanned.voices[index].measures, again.scanned.voices[index].measures
        for place, (old, new) in enumerate(zip_longest(before, after)):
            if index != part or (place not in span.indices and old.slot not in slots(before, span)):
                assert is_same_but_for_others(text_of(document, old), text_of(again, new))
            if index != part or place not in span.indices:
                assert sounding(document, index, place) == sounding(again, index, place)
    if len(again.scanned.voices[part].measures) == len(places(document, part)):  # no rest of several measures
        kept = zip(between_measures(document, part), between_measures(again, part), strict=True)
        assert all(old in new for old, new in kept)  # chord symbols of the measures may stand beside them now


@settings(max_examples=60, deadline=None)
@given(tunes(), edits)
def test_old_notes_that_are_put_back_bring_back_the_melody(text: str, where: tuple[int, int, int, str]) -> None:
    document = opened(text)
    if (done := edited(document, where)) is None:
        return
    part, span, edit = done
    back = edit.document.with_measures(part, span, document.melody(part).measures[span.start : span.stop]).document
    assert back.melody(part) == document.melody(part)
    assert opened(back.to_bytes().decode()).melody(part) == document.melody(part)


@settings(max_examples=50, deadline=None)
@given(tunes(), edits)
def test_old_notes_that_are_put_back_bring_back_a_text_that_was_written_here(
    text: str, where: tuple[int, int, int, str]
) -> None:
    document = opened(melody_to_abc(opened(text).melody()))
    done = edited(document, where)
    if done is None or not all(measure.is_full for measure in document.melody().measures):
        return  # short measures are grouped by the measure that they are taken to belong to
    part, span, edit = done
    old = document.melody(part).measures[span.start : span.stop]
    assert edit.document.with_measures(part, span, old).document.to_bytes() == document.to_bytes()


def text_of(document: AbcDocument, measure: LocatedMeasure) -> str:
    return document.text[measure.mark.start : measure.mark.stop]


def is_same_but_for_others(before: str, after: str) -> bool:
    """Whether a measure is as it was; one that encloses text of another voice is as long in its own notes."""
    return before == after or "V:" in before


def slots(measures: tuple[LocatedMeasure, ...], span: Span) -> set[int]:
    return {measures[index].slot for index in span.indices}


def sounding(document: AbcDocument, part: int, index: int) -> list[tuple[int, int, str]]:
    """The notes of a measure; its last one may lose or gain a tie with its neighbour."""
    notes = document.melody(part).measures[index].notes
    return [(note.onset, note.duration, note.pitch.name if note.pitch else "z") for note in notes]


def places(document: AbcDocument, part: int) -> list[tuple[int, int]]:
    """Where the measures of a voice stand; those of one long rest stand in one place."""
    marks = (measure.mark for measure in document.scanned.voices[part].measures)
    return sorted({(mark.start, mark.stop) for mark in marks})


def between_measures(document: AbcDocument, part: int) -> list[str]:
    """The text outside the measures of a voice, without lyrics, which give way to other numbers of notes."""
    stops, starts = zip(*((stop, start) for start, stop in places(document, part)), strict=True)
    edges = zip((0, *stops), (*starts, len(document.text)), strict=True)
    return [re.sub(r"w:[^\n]*", "w:", document.text[stop:start]) for stop, start in edges]


# music21 is asked for single notes; it would say the same of the whole tune

plain_notes = st.tuples(st.sampled_from(["", "", "", "^", "_", "="]), st.sampled_from([*"CDEFGABcdefg", "c'", "G,"]))
plain_measures = st.lists(plain_notes.map("".join), min_size=8, max_size=8).map("".join)
keys = st.sampled_from(["C", "D", "Bb", "F#m", "Ador", "Gmix", "Cphr", "Flyd", "Ebmaj", "A minor"])


@settings(max_examples=40, deadline=None)
@given(keys, st.lists(plain_measures, min_size=1, max_size=40))
def test_the_melody_is_the_same_as_read_whole(key: str, measures: list[str]) -> None:
    text = f"%abc-2.1\nX:1\nM:4/4\nL:1/8\nK:{key}\n{'|'.join(measures)}|\n"
    (voice,) = scan_tune(text, split_tunes(text)[0], "drawn.abc").voices
    handler = abcFormat.ABCHandler()
    handler.process(text)
    whole = [token.pitchName for token in handler.tokens if isinstance(token, abcFormat.ABCNote)]
    mine = [note.pitch for measure in read_melody(voice).measures for note in measure.notes if note.pitch]
    assert [pitch.name.replace("b", "-") for pitch in mine] == [name and name.replace("n", "") for name in whole]
