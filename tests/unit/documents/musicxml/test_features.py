"""Small files with one feature of MusicXML each: what must come out of them, before and after measures are replaced."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inpaint_desktop.documents.document import Edit
from inpaint_desktop.documents.musicxml.document import MusicXmlDocument
from inpaint_desktop.documents.musicxml.opening import open_musicxml
from inpaint_desktop.documents.ties import joined
from inpaint_desktop.errors import FileDamagedError, FileUnsupportedError
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER
from inpaint_desktop.score.pitch import Pitch
from tests.unit.documents.musicxml.oracle import parts_of, signs_of, sounds_in, sounds_of

DATA = Path(__file__).parents[3] / "data" / "musicxml"
FILES = sorted(path.name for path in DATA.glob("*.*ml"))
Q = TICKS_PER_QUARTER

MELODIES: dict[str, dict[str, str]] = {
    "changes.musicxml": {"Cello": "G3 | C4:3 | E4 | D4:2 | Eb4:1.5 G4:1.5 | C4:4"},
    "chords_and_grace_notes.musicxml": {"Mandolin": "E5 A4 r:2 | C5:4"},
    "cross_staff.musicxml": {"Piano, staff 1": "G4 E4 C4 G3 | C5:2 B4:2", "Piano, staff 2": "C3:4 | D3:2 G2:2"},
    "dal_segno_and_coda.musicxml": {"Fiddle": "G4:2 A4:2 | B4:4 | D5:4 | E5:2 D5:2 | C5:2 B4:2"},
    "duet_latin1_crlf.xml": {
        "Singstimme": "F4 A4:0.5 C5 A4:0.5 | Bb4:1.5 G4:1.5 | A4 G4:0.5 F4 E4:0.5 | F4:3",
        "Klarinette in B": "B4:1.5 B4:1.5 | C5 C5:0.5 A4:1.5 | B4:1.5 A4 F#4:0.5 | G4:3",
    },
    "ferry.musicxml": {
        "Fiddle": "A4 | D5 E5:0.5 F#5:0.5 E5 D5 | B4:1.5 A4:0.5 D5:2~ | D5 C#5 B4 A4 | B4 A4 D5 A4 "
        "| G4:0.5 F#4:0.5 E4 D4:2"
    },
    "figured_bass.musicxml": {"Continuo": "C3:2 G3:2 | C3:4"},
    "long_rest.musicxml": {"Horn": "C5:4 | r:4 | r:4 | r:4 | r:4 | G4:4"},
    "lyrics_in_verses.musicxml": {"Voice": "C5:2 D5:2 | E5:4"},
    "no_voice_numbers.musicxml": {
        "Harmonium, voice 1": "E5:2 D5:2 | C5:4",
        "Harmonium, voice 2": "G4:4 | F4:2 E4:2",
    },
    "percussion.musicxml": {
        "Drums": "percussion.musicxml, part 'Drums', measure 1 has notes without a pitch, as drums have; "
        "choose a part with a melody.",
        "Whistle": "G5:4 | A5:4",
    },
    "prologue.musicxml": {"Fiddle": "A4 B4 | C5:2"},
    "repeat_signs_and_slashes.musicxml": {"Guitar": "C4:4 | r:4 | E4:4 | F4:4"},
    "ties_and_slurs.musicxml": {"Oboe": "C5:2 E5:2~ | E5:4~ | E5 D5 C5:2"},
    "timewise.musicxml": {
        "Treble, voice 1": "C5:2 D5:2 | E5:2 F5:2 | E5:4",
        "Treble, voice 2": "r:4 | A4:4 | r:4",
        "Bass": "C3:4 | F3:4 | r:4",
    },
    "transposing.musicxml": {"Clarinet in B♭": "D5 F#5 A5:2 | D5:4"},
    "tuplets_in_tuplets.musicxml": {"Viola": "C4:1/3 D4:1/9 E4:1/9 F4:1/9 G4:1/3 A4 | C4:2"},
    "two_voices.musicxml": {
        "Flute, voice 1": "E5 F5 G5:2 | G5 F5 E5:2 | C5:4",
        "Flute, voice 2": "C5:2 B4:2 | r:2 C5:2 | r:4",
    },
    "version_1_0.xml": {"Music": "C4:4 | r:4"},
    "voices_of_each_staff.musicxml": {"Piano, staff 1": "G4:2 A4:2 | B4:4", "Piano, staff 2": "C3:4 | G3:2 G2:2"},
    "woven.musicxml": {
        "Organ, voice 1": "E5 F5 G5 A5 | E5:2 r:2 | r G5 A5:2 | r:2 E5 C5",
        "Organ, voice 2": "C4:2 D4:2 | r:2 B3 C4 | C4 D4 E4:2 | C4:2 r:2",
        "Organ, voice 3": "r:4 | G3:4 | r:4 | r:4",
    },
}


def open_file(name: str) -> MusicXmlDocument:
    return open_musicxml((DATA / name).read_bytes(), file_name=name)


def melody_in_words(melody: Melody | str) -> str:
    """Notes as ``C5:2`` with the length in quarters where it is not one, ``r`` for a rest and ``~`` for a tie."""
    if isinstance(melody, str):
        return melody
    return " | ".join(" ".join(map(_in_words, measure.notes)) for measure in melody.measures)


def _in_words(note: Note) -> str:
    quarters, rest = divmod(note.duration * 4, Q)
    length = f"{quarters / 4:g}" if not rest else f"1/{Q // note.duration}"
    return f"{note.pitch.name if note.pitch else 'r'}{'' if length == '1' else f':{length}'}{'~' * note.ties_on}"


def test_every_file_has_its_melodies_written_down() -> None:
    assert sorted(MELODIES) == FILES


@pytest.mark.parametrize("name", FILES)
def test_the_melody_of_every_voice_is_the_one_that_the_file_means(name: str) -> None:
    document = open_file(name)
    found = {part.name: melody_in_words(document.melodies[index]) for index, part in enumerate(document.parts)}
    assert found == MELODIES[name]


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_not_changed_keeps_every_byte(name: str) -> None:
    document = open_file(name)
    assert document.to_bytes() == (DATA / name).read_bytes()
    for index, melody in enumerate(document.melodies):
        if not isinstance(melody, str):
            span = Span(0, len(melody.measures))
            assert document.with_measures(index, span, melody.measures) == Edit(document, ())


@pytest.mark.parametrize("name", FILES)
def test_music21_reads_the_same_notes(name: str) -> None:
    document = open_file(name)
    for part, measures in enumerate(parts_of(document)):
        strands = [strand for strand in document.located.strands if strand.part == part]
        # Where a part of a timewise score has no measure, it has none for music21 at the end.
        for staves, located in zip(measures, document.located.parts[part].measures, strict=True):
            heard = sum((sounds_in(located, strand) for strand in strands), sounds_in(located, strands[0]).__class__())
            assert heard == sounds_of(staves)


# Transposing instruments


def _transpose(inner: str, number: str = "") -> str:
    return f"<attributes><transpose{number}>{inner}</transpose></attributes>"


def _transposed(*measures: str) -> MusicXmlDocument:
    """A part with such measures, each of which begins with the text before its whole note on staff 1, and on 2."""
    note = "<note><pitch><step>C</step><octave>5</octave></pitch><duration>4</duration><voice>{0}</voice>"
    notes = f"{note}<staff>{{0}}</staff></note>"
    both = f"{notes.format(1)}<backup><duration>4</duration></backup>{notes.format(2)}"
    first, *others = measures
    measures = (f"<attributes><divisions>1</divisions></attributes>{first}", *others)
    inside = "".join(f"<measure>{text}{both}</measure>" for text in measures)
    part_list = '<part-list><score-part id="P1"><part-name/></score-part></part-list>'
    score = f'<score-partwise>{part_list}<part id="P1">{inside}</part></score-partwise>'
    return open_musicxml(score.encode(), file_name="staves.musicxml")


def _transpositions(document: MusicXmlDocument, part: int) -> list[int]:
    return [measure.transposition for measure in document.melody(part).measures]


def test_a_transposition_holds_until_another_one_comes() -> None:
    low = "<diatonic>-1</diatonic><chromatic>-2</chromatic><octave-change>-1</octave-change>"
    horn, flute = _transpose("<chromatic>-7</chromatic>"), _transpose("<chromatic>0</chromatic>")
    document = _transposed("", _transpose(low), "", horn, flute)
    assert _transpositions(document, 0) == _transpositions(document, 1) == [0, -14, -14, -7, 0]


def test_a_transposition_may_be_that_of_one_staff() -> None:
    lower = _transpose("<chromatic>-12</chromatic>", ' number="2"')
    document = _transposed(lower, _transpose("<chromatic>-2</chromatic>"))
    assert _transpositions(document, 0) == [0, -2]
    assert _transpositions(document, 1) == [-12, -2]


@pytest.mark.parametrize("semitones", ["", "much", "9" * 400, "nan", "1e9"])
def test_a_transposition_that_no_instrument_has_is_none(semitones: str) -> None:
    assert _transpositions(_transposed(_transpose(f"<chromatic>{semitones}</chromatic>")), 0) == [0]


def test_an_edit_leaves_the_transposition() -> None:
    document = open_file("transposing.musicxml")
    rest = Note(0, 4 * Q, None)
    new = document.melody().measures[0].with_notes([rest])
    edited = document.with_measures(0, Span(0, 1), [new]).document
    assert [measure.transposition for measure in edited.melody().measures] == [-2, -2]


# What holds for any new notes


@st.composite
def _new_measure(draw: st.DrawFn, old: Measure) -> Measure:
    step = draw(st.sampled_from([Q, Q // 2, Q // 3, Q // 4]))
    times = sorted({0, old.duration} | draw(st.sets(st.integers(1, 24).map(lambda n: n * step), max_size=5)))
    times = [time for time in times if time <= old.duration]
    pitches = st.none() | st.builds(Pitch, st.sampled_from("CDEFGAB"), st.integers(-1, 1), st.integers(3, 5))
    return old.with_notes(
        Note(start, stop - start, pitch, pitch is not None and draw(st.booleans()))
        for start, stop in pairwise(times)
        for pitch in [draw(pitches)]
    )


@st.composite
def _edits(draw: st.DrawFn) -> tuple[MusicXmlDocument, int, Span, list[Measure]]:
    """A document, one of its voices, a span, and new measures for it."""
    document = draw(st.sampled_from(DOCUMENTS))
    part = draw(st.sampled_from([i for i, melody in enumerate(document.melodies) if not isinstance(melody, str)]))
    measures = document.melody(part).measures
    start = draw(st.integers(0, len(measures) - 1))
    span = Span(start, draw(st.integers(start + 1, len(measures))))
    return document, part, span, [draw(_new_measure(measures[index])) for index in span.indices]


def _edited(document: MusicXmlDocument, part: int, span: Span, measures: list[Measure]) -> MusicXmlDocument | None:
    """The document after an edit; none where signs hide the notes, which nothing else may refuse."""
    try:
        edited = document.with_measures(part, span, measures).document
    except FileUnsupportedError as error:
        if "notes would not show" not in str(error):
            raise
        return None
    assert isinstance(edited, MusicXmlDocument)
    return edited


DOCUMENTS = [open_file(name) for name in FILES]


@settings(max_examples=150, deadline=None)
@given(_edits())
def test_the_melody_is_the_one_that_was_asked_for_and_the_saved_file_has_it(
    edit: tuple[MusicXmlDocument, int, Span, list[Measure]],
) -> None:
    document, part, span, measures = edit
    edited = _edited(document, part, span, measures)
    if edited is None:
        return
    again = open_musicxml(edited.to_bytes(), file_name=edited.file_name)
    assert again.located == edited.located
    assert again.melodies == edited.melodies
    for index, measure in zip(span.indices, measures, strict=True):
        found, asked = edited.melody(part).measures[index].notes, joined(measure.notes)
        assert (*found[:-1], replace(found[-1], ties_on=False)) == (*asked[:-1], replace(asked[-1], ties_on=False))


@settings(max_examples=150, deadline=None)
@given(_edits())
def test_the_text_around_the_measures_stays(edit: tuple[MusicXmlDocument, int, Span, list[Measure]]) -> None:
    document, part, span, _ = edit
    edited = _edited(*edit)
    if edited is None or "multiple-rest" in document.text:
        return
    pieces, end = [], 0
    for mark in document.parts[part].measures[span.start : span.stop]:
        pieces.append(document.text[end : mark.start])
        end = mark.stop
    left, rest = edited.text, [*pieces, document.text[end:]]
    for mark, piece in zip(edited.parts[part].measures[span.start : span.stop][::-1], rest[:0:-1], strict=True):
        assert left[mark.stop :] == piece
        left = left[: mark.start]
    assert left == rest[0]


@settings(max_examples=40, deadline=None)
@given(_edits())
def test_for_music21_all_other_voices_and_signs_are_what_and_when_they_were(
    edit: tuple[MusicXmlDocument, int, Span, list[Measure]],
) -> None:
    document, part, _, _ = edit
    edited = _edited(*edit)
    if edited is None:
        return
    strand = document.located.strands[part]
    before, after = parts_of(document), parts_of(edited)
    for index, (old, new) in enumerate(zip(before, after, strict=True)):
        for number, (old_staves, new_staves) in enumerate(zip(old, new, strict=True)):
            old_sounds, new_sounds = sounds_of(old_staves), sounds_of(new_staves)
            if index == strand.part:
                old_sounds -= sounds_in(document.located.parts[index].measures[number], strand)
                new_sounds -= sounds_in(edited.located.parts[index].measures[number], strand)
            assert new_sounds == old_sounds
            assert signs_of(new_staves) == signs_of(old_staves)


@settings(max_examples=80, deadline=None)
@given(_edits())
def test_measures_put_back_give_the_old_melody_and_leave_the_other_voices(
    edit: tuple[MusicXmlDocument, int, Span, list[Measure]],
) -> None:
    document, part, span, _ = edit
    edited = _edited(*edit)
    if edited is None:
        return
    back = _edited(edited, part, span, list(document.melody(part).measures[span.start : span.stop]))
    assert back is not None
    assert back.melodies == document.melodies


def test_a_measure_that_keeps_its_notes_is_tied_as_asked_when_the_one_before_it_changes() -> None:
    document = open_file("ties_and_slurs.musicxml")
    old = document.melody().measures
    whole = Pitch("E", 0, 5)
    untied = old[0].with_notes((Note(0, 4 * Q, whole),))
    edited = document.with_measures(0, Span(0, 2), [untied, old[1]]).document
    assert melody_in_words(edited.melody()) == "E5:4 | E5:4~ | E5 D5 C5:2"
    tied = old[0].with_notes((Note(0, 4 * Q, whole, ties_on=True),))
    assert melody_in_words(edited.with_measures(0, Span(0, 2), [tied, old[1]]).document.melody()) == (
        "E5:4~ | E5:4~ | E5 D5 C5:2"
    )


def test_a_measure_that_keeps_its_notes_loses_the_tie_into_it_with_the_note_that_it_came_from() -> None:
    document = open_file("ties_and_slurs.musicxml")
    old = document.melody().measures
    low, high = (old[0].with_notes((Note(0, 4 * Q, Pitch(step, 0, 5)),)) for step in "DE")
    before = document.with_measures(0, Span(0, 2), [low, high]).document
    tied = before.with_measures(0, Span(0, 2), [_tied(high), _tied(high)]).document
    back = tied.with_measures(0, Span(0, 2), [low, tied.melody().measures[1]])
    assert back.document.to_bytes() == before.to_bytes()
    assert not back.dropped


def _tied(measure: Measure) -> Measure:
    return measure.with_notes((replace(measure.notes[0], ties_on=True),))


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "iso-8859-1", "cp1252", "ascii"])
def test_every_byte_around_the_measures_stays_in_any_encoding(encoding: str, line_end: str) -> None:
    text = (DATA / "prologue.musicxml").read_text(encoding="utf-8").replace("\n", line_end)
    if encoding not in {"utf-8-sig", "utf-16", "utf-32"}:
        text = text.replace('encoding="UTF-8"', f'encoding="{encoding}"')
    if encoding != "ascii":
        text = text.replace("before <score>", "Über <score>").replace("the end", "vorüber")
    content = text.encode(encoding)
    document = open_musicxml(content, file_name="prologue.musicxml")
    new = document.melody().measures[0].with_notes((Note(0, 2 * Q, Pitch("E", -1, 5)),))
    edited = document.with_measures(0, Span(0, 1), [new]).document.to_bytes()
    first, last = (
        content.index(mark.encode(document.codec.name)) for mark in ("<!-- the first <note> -->", "</measure>")
    )
    assert edited[:first] == content[:first]
    assert edited.endswith(content[last:])
    assert melody_in_words(open_musicxml(edited, file_name="prologue.musicxml").melody()) == "Eb5:2 | C5:2"


def test_what_stands_between_the_notes_stays_in_its_order() -> None:
    document = open_file("prologue.musicxml")
    new = document.melody().measures[0].with_notes((Note(0, Q, Pitch("E", 0, 5)), Note(Q, Q, None)))
    edited = document.with_measures(0, Span(0, 1), [new]).document
    assert isinstance(edited, MusicXmlDocument)
    mark = edited.parts[0].measures[0]
    xml = edited.text[mark.start : mark.stop]
    assert xml.startswith('<measure number="1" width="300.5" studio:take=\'3 > 2\'>')
    kept = ["<print", "<attributes>", "<!-- the first <note> -->", "<?app between?>", "dolce", "<link xlink:href="]
    assert sorted(kept, key=xml.index) == kept


def test_parts_of_a_timewise_score_are_replaced_where_they_lie_in_their_measures() -> None:
    document = open_file("timewise.musicxml")
    rest = document.melody(2).measures[2]
    edited = document.with_measures(2, Span(2, 3), [rest.with_notes((Note(0, 4 * Q, Pitch("G", 0, 2)),))]).document
    assert isinstance(edited, MusicXmlDocument)
    assert '    <part id="P2">\n' in edited.text[edited.text.index('<measure number="3">') :]
    assert melody_in_words(edited.melody(2)) == "C3:4 | F3:4 | G2:4"
    assert open_musicxml(edited.to_bytes(), file_name="timewise.musicxml") == edited


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("<step>E</step>", "<step>H</step>", "measure 2: <step>H</step> is not one of C D E F G A B (line "),
        (
            "<duration>8<",
            "<duration>eight<",
            "measure 1: <duration>eight</duration> is not a number from 0 to 512 (line",
        ),
        ("<beats>4<", "<beats>x<", "(the measure begins in line 10, column 5)"),
        ("</part>\n  </measure>", "</measure>", "mismatched tag in line 28, column 7, where </part> was expected"),
    ],
)
def test_a_malformed_file_gets_the_line_and_column_where_it_breaks(old: str, new: str, sentence: str) -> None:
    text = (DATA / "timewise.musicxml").read_text(encoding="utf-8")
    with pytest.raises(FileDamagedError) as caught:
        open_musicxml(text.replace(old, new, 1).encode(), file_name="timewise.musicxml")
    assert sentence in str(caught.value)


def test_an_edit_locates_only_what_it_changed() -> None:
    document = open_file("woven.musicxml")
    new = document.melody(1).measures[1].with_notes((Note(0, 4 * Q, Pitch("C", 0, 4)),))
    edited = document.with_measures(1, Span(1, 2), [new]).document
    assert isinstance(edited, MusicXmlDocument)
    before, after = document.located.parts[0].measures, edited.located.parts[0].measures
    assert [old is new for old, new in zip(before, after, strict=True)] == [True, False, True, True]
    assert edited.located.parts[0].marks[0] is document.located.parts[0].marks[0]
