import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from inpaint_desktop.documents.document import Edit
from inpaint_desktop.documents.musicxml.document import MusicXmlDocument
from inpaint_desktop.documents.musicxml.facts import LocatedMeasure, LocatedPart, Strand
from inpaint_desktop.documents.musicxml.opening import open_musicxml
from inpaint_desktop.documents.musicxml.score_writing import melody_to_musicxml
from inpaint_desktop.documents.musicxml.spanners import lines
from inpaint_desktop.documents.ties import joined
from inpaint_desktop.errors import FileUnsupportedError, MeasureLengthError, SelectionError
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.pitch import Pitch
from inpaint_desktop.score.spelling import spell

DATA = Path(__file__).parents[3] / "data" / "musicxml"
FERRY = (DATA / "ferry.musicxml").read_text(encoding="utf-8")
Q = TICKS_PER_QUARTER
PLACES = (0, Q // 4, Q // 3, Q // 2, 2 * Q // 3, 3 * Q // 4)
ONE_LINE = (
    "<score-partwise><part-list><score-part id='P1'><part-name/></score-part></part-list><part id='P1'>"
    "<measure number='1'><attributes><divisions>1</divisions><time><beats>2</beats><beat-type>4</beat-type></time>"
    "</attributes><note><rest/><duration>2</duration></note></measure><measure number='2'/>"
    "<measure number='3'></measure></part></score-partwise>"
)


def _open(text: str | bytes) -> MusicXmlDocument:
    content = text if isinstance(text, bytes) else text.encode()
    return open_musicxml(content, file_name="tune.musicxml")


def _measure(old: Measure, *notes: tuple[float, str]) -> Measure:
    """Other notes for a measure: length in quarters and name; ``r`` rests, ``~`` after a name ties on."""
    placed, now = [], 0
    for quarters, name in notes:
        duration = round(quarters * Q)
        pitch = None if name == "r" else Pitch.parse(name.removesuffix("~"))
        placed.append(Note(now, duration, pitch, name.endswith("~")))
        now += duration
    return replace(old, notes=tuple(placed), duration=now)


def _replace(document: MusicXmlDocument, start: int, *measures: list[tuple[float, str]], part: int = 0) -> Edit:
    old = document.melody(part).measures[start : start + len(measures)]
    new = [_measure(measure, *notes) for measure, notes in zip(old, measures, strict=True)]
    return document.with_measures(part, Span(start, start + len(measures)), new)


def _text(edit: Edit, measure: int, part: int = 0) -> str:
    mark = edit.document.parts[part].measures[measure]
    return _document(edit).text[mark.start : mark.stop]


def _document(edit: Edit) -> MusicXmlDocument:
    assert isinstance(edit.document, MusicXmlDocument)
    return edit.document


def _located(edit: Edit, measure: int) -> LocatedMeasure:
    return _document(edit).located.parts[0].measures[measure]


def _assert_only_span_changed(before: MusicXmlDocument, after: MusicXmlDocument, part: int, span: Span) -> None:
    old, new = before.parts[part].measures, after.parts[part].measures
    assert after.text[: new[span.start].start] == before.text[: old[span.start].start]
    assert after.text[new[span.stop - 1].stop :] == before.text[old[span.stop - 1].stop :]
    for mark_before, mark_after in zip(old, new, strict=True):
        assert replace(mark_after, start=0, stop=0) == replace(mark_before, start=0, stop=0)


def _open_lines(part: LocatedPart) -> int:
    """How many ends of slurs have no other end."""
    notes = [note for measure in part.measures for _, note in measure.notes_of(STRAND)]
    ends = [spanner for note in notes for spanner in note.spanners]
    return len(ends) - 2 * len(list(lines(part, STRAND)))


STRAND = Strand(0)
FOUR = [(1.0, "G5"), (1.0, "A5"), (1.0, "B5"), (1.0, "G5")]


@st.composite
def _random_measures(draw: st.DrawFn, old: Measure) -> Measure:
    beats = range(0, old.duration, Q)
    places = {beat + place for beat in beats for place in draw(st.sets(st.sampled_from(PLACES), max_size=4))}
    times = sorted({0, old.duration} | {place for place in places if place < old.duration})
    numbers = draw(st.lists(st.none() | st.integers(55, 86), min_size=len(times) - 1, max_size=len(times) - 1))
    ties = draw(st.lists(st.booleans(), min_size=len(numbers), max_size=len(numbers)))
    notes = zip(pairwise(times), spell(numbers, old.key), ties, strict=True)
    return old.with_notes(
        Note(start, stop - start, pitch, tie and pitch is not None) for (start, stop), pitch, tie in notes
    )


def _blank(meter: Meter, fifths: int) -> MusicXmlDocument:
    measures = [Measure.of_rest(meter, KeySignature(fifths), str(number)) for number in range(1, 5)]
    return _open(melody_to_musicxml(Melody(tuple(measures))))


BLANKS = [_blank(Meter(*beats), fifths) for beats, fifths in (((4, 4), 2), ((3, 4), -3), ((6, 8), 1), ((2, 2), 0))]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_music21_reads_what_was_asked_for_and_the_rest_is_untouched(data: st.DataObject) -> None:
    document = data.draw(st.sampled_from([*BLANKS, _open(FERRY)]))
    start = data.draw(st.integers(0, len(document.melody().measures) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(document.melody().measures))))
    wanted = [data.draw(_random_measures(document.melody().measures[index])) for index in span.indices]
    edited = _document(document.with_measures(0, span, wanted))
    _assert_only_span_changed(document, edited, 0, span)
    assert _open(edited.to_bytes()).melody() == edited.melody()
    for index, measure in zip(span.indices, wanted, strict=True):
        found, asked = edited.melody().measures[index].notes, joined(measure.notes)
        assert found[:-1] == asked[:-1]
        assert replace(found[-1], ties_on=False) == replace(asked[-1], ties_on=False)


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_measures_put_back_give_the_old_melody(data: st.DataObject) -> None:
    document = data.draw(st.sampled_from([*BLANKS, _open(FERRY)]))
    span = Span(1, data.draw(st.integers(2, 4)))
    other = [data.draw(_random_measures(document.melody().measures[index])) for index in span.indices]
    edited = _document(document.with_measures(0, span, other))
    back = _document(edited.with_measures(0, span, document.melody().measures[1 : span.stop]))
    assert back.melody() == document.melody()
    _assert_only_span_changed(document, back, 0, span)


def test_measures_whose_notes_stay_keep_every_character() -> None:
    document = _open(FERRY)
    edit = document.with_measures(0, Span(0, 6), document.melody().measures)
    assert edit == Edit(document, ())


def test_chord_symbols_and_directions_stay_at_their_time() -> None:
    document = _open(FERRY)
    edit = _replace(document, 1, [(1, "D5"), (3, "E5")], [(2, "B4"), (2, "A4")])
    before = document.located.parts[0].measures
    for index in (1, 2):
        text = _text(edit, index)
        kept = [item for item in before[index].items if item.tag in {"harmony", "direction"}]
        found = [item for item in _located(edit, index).items if item.tag in {"harmony", "direction"}]
        assert [item.tag for item in found] == [item.tag for item in kept]
        assert text.count("<offset>") == (1 if index == 1 else 0)
    assert "<offset>2</offset>\n      </harmony>" in _text(edit, 1)  # the A7 on beat 3, under a note from beat 2
    assert [item.onset for item in _located(edit, 2).items if item.tag == "direction"] == [2 * Q]


def test_barlines_endings_and_comments_stay() -> None:
    edit = _replace(_open(FERRY), 4, FOUR)
    tags = [item.tag for item in _located(edit, 4).items]
    assert tags == ["barline", "note", "#comment", "note", "harmony", "note", "note", "barline"]
    assert edit.document.parts[0].measures[4].endings == (1,)
    assert edit.document.parts[0].measures[4].repeat_end


def test_what_went_with_the_notes_is_said() -> None:
    edit = _replace(_open(FERRY), 1, FOUR, FOUR)
    assert edit.dropped == (
        "The lyrics of measure 2 went with the notes that were replaced.",
        "Ornaments, articulations and other marks on the notes of measure 1 went with the notes that were replaced.",
        "The slurs of measure 1 went with the notes that were replaced.",
        "The tie into measure 3 no longer has a note to come from.",
    )


def test_a_trill_line_is_not_called_a_slur() -> None:
    line = '<notations><ornaments><wavy-line type="{}" number="1"/></ornaments></notations></note>'
    notes = "<note><pitch><step>C</step><octave>5</octave></pitch><duration>1</duration>"
    text = ONE_LINE.replace(
        "<note><rest/><duration>2</duration></note>", "".join(notes + line.format(end) for end in ("start", "stop"))
    )
    assert "The glissandi and trill lines of measure 1" in _replace(_open(text), 0, [(2, "D5")]).dropped[-1]


@pytest.mark.parametrize("span", [(1, 2), (2, 3), (3, 4), (4, 5), (2, 4), (3, 5), (1, 5)])
def test_slurs_over_the_edge_end_on_new_notes(span: tuple[int, int]) -> None:
    halves = [(2.0, "C5"), (2.0, "D5")]
    edit = _replace(_open(FERRY), span[0], *([halves] * (span[1] - span[0])))
    part = _document(edit).located.parts[0]
    assert _open_lines(part) == 0
    crossing = {(line.start, line.stop) for line in lines(part, STRAND)}
    # The slurs of the tune run inside measure 1, from 2 to 3, and from 3 to 4.
    assert crossing == {(2, 3), (3, 4)} - {
        pair for pair in ((2, 3), (3, 4)) if all(span[0] <= measure < span[1] for measure in pair)
    } | ({(1, 1)} if span[0] > 1 else set())


def test_a_slur_from_outside_ends_on_the_first_new_note_and_one_to_outside_begins_on_the_last() -> None:
    edit = _replace(_open(FERRY), 3, [(1, "r"), *FOUR[:3]])
    slurs = [(int(item.onset), s.end) for item in _located(edit, 3).items if item.note for s in item.note.spanners]
    assert slurs == [(Q, "stop"), (3 * Q, "start")]


def test_a_tie_over_the_edge_binds_where_the_pitch_goes_on() -> None:
    edit = _replace(_open(FERRY), 3, [(3, "D5"), (1, "A5")])
    assert edit.document.melody().measures[2].notes[-1].ties_on
    assert '<tie type="stop"/>' in _text(edit, 3)
    assert not any("tie" in sentence for sentence in edit.dropped)
    assert _open(edit.document.to_bytes()).melody() == edit.document.melody()


def test_a_tie_over_the_edge_to_another_pitch_is_said_to_be_open() -> None:
    edit = _replace(_open(FERRY), 3, FOUR)
    assert not edit.document.melody().measures[2].notes[-1].ties_on
    assert "tie" not in _text(edit, 3)
    assert "The tie from measure 2 no longer finds its note in the next measure." in edit.dropped


def test_a_tie_that_the_next_measure_cannot_answer_is_left_out_and_said() -> None:
    edit = _replace(_open(FERRY), 0, [(1, "D5~")])
    assert not edit.document.melody().measures[0].notes[-1].ties_on
    assert edit.dropped[-1] == "A tie from measure 0 was left out: the next measure is not tied to it."


def test_new_measures_are_tied_to_each_other() -> None:
    edit = _replace(_open(FERRY), 1, [*FOUR[:3], (1, "C#5~")], [(2, "C#5"), (2, "D5")])
    assert edit.document.melody().measures[1].notes[-1].ties_on
    assert _open(edit.document.to_bytes()).melody() == edit.document.melody()


def test_a_part_is_replaced_beside_others_in_the_layout_and_encoding_of_the_file() -> None:
    content = (DATA / "duet_latin1_crlf.xml").read_bytes()
    document = _open(content)
    edit = _replace(document, 1, [(1.5, "D5"), (0.5, "C#5"), (1, "B4")], [(3, "F#5")], part=1)
    edited = _document(edit)
    _assert_only_span_changed(document, edited, 1, Span(1, 3))
    assert edited.melody(0) == document.melody(0)
    assert edited.to_bytes().startswith(content[:2000])
    assert "\n" not in edited.text.replace("\r\n", "")
    assert "\r\n\t\t\t<note>\r\n\t\t\t\t<pitch>\r\n\t\t\t\t\t<step>D</step>" in _text(edit, 1, 1)
    assert "<voice>" not in edited.text
    assert _open(edited.to_bytes()).melodies == edited.melodies


def test_a_file_without_line_ends_gets_none() -> None:
    document = _open(ONE_LINE)
    edit = _replace(document, 0, *([[(1, "C5"), (0.5, "D5"), (0.5, "E5")]] * 3))
    assert "\n" not in _document(edit).text
    assert _open(edit.document.to_bytes()).melody() == edit.document.melody()


def test_divisions_that_cannot_carry_the_notes_change_for_the_measure_only() -> None:
    edit = _replace(_open(FERRY), 2, [(1 / 3, "B4"), (1 / 3, "C#5"), (1 / 3, "D5"), (3, "E5")])
    measure = _located(edit, 2)
    assert [item.divisions for item in measure.items if item.divisions] == [6, 2]
    assert (measure.divisions, measure.divisions_after) == (2, 2)
    again = _replace(_document(edit), 2, FOUR)
    assert "divisions" not in _text(again, 2)


def test_a_measure_of_rest_is_one_rest() -> None:
    text = _text(_replace(_open(FERRY), 5, [(4, "r")]), 5)
    assert text.count("<note>") == 1
    assert '<rest measure="yes"/>\n        <duration>8</duration>\n        <voice>1</voice>\n      </note>' in text


def _with_left_hand(*behind: str) -> MusicXmlDocument:
    """The ferry tune with something behind the melody of measure 2, and of 3."""
    text = FERRY
    for number, xml in enumerate(behind, 3):
        end = f"    </measure>\n    <!--============ {number}"
        assert end in text
        text = text.replace(end, xml + end)
    return _open(text)


LEFT_HAND = """
      <backup><duration>8</duration></backup>
      <note><pitch><step>D</step><octave>3</octave></pitch><duration>8</duration><voice>5</voice><staff>2</staff>\
<notations><slur type="{}" number="9"/><fermata/></notations><lyric><text>la</text></lyric></note>
"""


def test_other_voices_stay_when_the_melody_of_their_measure_is_replaced() -> None:
    document = _with_left_hand(LEFT_HAND.format("start"))
    assert [(part.name, part.voices) for part in document.parts] == [
        ("Fiddle, staff 1", ("1",)),
        ("Fiddle, staff 2", ("5",)),
    ]
    assert document.melody() == _open(FERRY).melody()
    edit = _replace(document, 2, FOUR)
    assert LEFT_HAND.format("start") + "    </measure>" in _text(edit, 2)
    assert _open(_document(edit).text).melody() == edit.document.melody()


def test_other_voices_keep_their_unit_of_time_where_the_melody_needs_a_finer_one() -> None:
    left_hand = LEFT_HAND.format("start")
    edit = _replace(_with_left_hand(left_hand), 2, [(1 / 3, "B4"), (2 / 3, "C#5"), (3, "E5")])
    note = left_hand[left_hand.index("<note>") :]
    assert "<backup>\n        <duration>24</duration>\n      </backup>\n      <attributes>\n        <divisions>2" in (
        _text(edit, 2)
    )
    assert note + "    </measure>" in _text(edit, 2)
    again = _replace(_document(edit), 2, [(0.25, "B4"), (0.75, "C#5"), (3, "E5")])
    assert note + "    </measure>" in _text(again, 2)
    assert _open(_document(again).text).melody() == again.document.melody()


def test_verovio_leaves_other_voices_at_their_time() -> None:
    document = _open(_with_left_hand(LEFT_HAND.format("start")).text.replace("<clef>", "<staves>2</staves><clef>", 1))
    edit = _replace(document, 2, [(1 / 3, "B4"), (2 / 3, "C#5"), (3, "E5")])
    code = """
import sys, verovio
verovio.enableLog(verovio.LOG_OFF)
toolkit = verovio.toolkit()
toolkit.loadData(sys.stdin.read())
print([len(moment.get("on", ())) for moment in toolkit.renderToTimemap() if 5 <= moment["qstamp"] < 9])
"""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, input=_document(edit).text, capture_output=True, text=True, check=True)
    assert done.stdout.strip().startswith("[2, 1, 1")  # on the first beat of measure 2 both hands begin


def test_lines_and_marks_of_other_voices_are_left_alone() -> None:
    document = _with_left_hand(LEFT_HAND.format("start"), LEFT_HAND.format("stop"))
    edit = _replace(document, 2, FOUR)
    assert _document(edit).text.count('number="9"') == 2
    assert not any("marks" in sentence or "slurs" in sentence for sentence in edit.dropped)


def _with_long_rest() -> MusicXmlDocument:
    style = "<attributes><measure-style><multiple-rest>2</multiple-rest></measure-style></attributes>"
    return _open(ONE_LINE.replace("<measure number='2'/>", f"<measure number='2'>{style}</measure>"))


def test_a_long_rest_is_written_out_when_its_first_measure_is_filled() -> None:
    edit = _replace(_with_long_rest(), 1, [(2, "C5")])
    assert "measure-style" not in _document(edit).text
    assert edit.dropped == ("The long rest from measure 2 is now written measure by measure.",)


def test_a_long_rest_is_shortened_when_a_later_measure_is_filled() -> None:
    document = _open(
        _with_long_rest()
        .text.replace(">2</multiple-rest>", ">3</multiple-rest>")
        .replace("</part>", "<measure number='4'/><measure number='5'/></part>")
    )
    edit = _replace(document, 3, [(2, "C5")])
    assert "<multiple-rest>2</multiple-rest>" in _text(edit, 1)
    assert edit.dropped == ("The long rest from measure 2 now ends before measure 4.",)
    assert _open(edit.document.to_bytes()) == edit.document
    again = _replace(_document(edit), 2, [(2, "C5")])
    assert "multiple-rest" not in _document(again).text
    assert _open(again.document.to_bytes()) == again.document


@pytest.mark.parametrize(
    ("style", "what"),
    [
        ("<slash type='start' use-stems='no'/>", "slashes"),
        ("<measure-repeat type='start'>1</measure-repeat>", "a repeat sign"),
        ("<beat-repeat type='start'/>", "repeat signs for beats"),
    ],
)
def test_measures_that_do_not_show_their_notes_are_refused(style: str, what: str) -> None:
    sign = f"<attributes><measure-style>{style}</measure-style></attributes>"
    document = _open(ONE_LINE.replace("<measure number='2'/>", f"<measure number='2'>{sign}</measure>"))
    for index in (1, 2):
        with pytest.raises(FileUnsupportedError, match=f"Measure {index + 1} is drawn with {what}, and its notes"):
            _replace(document, index, [(2, "C5")])


def test_chords_are_read_by_their_top_note_and_become_single_notes() -> None:
    chord = "<note><chord/><pitch><step>A</step><octave>5</octave></pitch><duration>4</duration></note>\n    </measure>"
    document = _open(FERRY.replace("    </measure>\n    <!--============ 3", chord + "\n    <!--============ 3"))
    assert document.melody().measures[2].notes[-1].pitch == Pitch.parse("A5")
    assert "The chords of measure 2 gave way to single notes." in _replace(document, 2, FOUR).dropped


HUNG = """
    <note><grace slash="yes"/><pitch><step>B</step><octave>4</octave></pitch><voice>1</voice><type>eighth</type>
      <notations><slur type="start" number="2"/></notations></note>
    <note><pitch><step>C</step><octave>5</octave></pitch><duration>1</duration><voice>1</voice><type>quarter</type>
      <notations>
        <slur type="stop" number="2"/>
        <articulations><staccato placement="below"/></articulations>
        <slur type="start" number="1"/>
      </notations>
    </note>
    <note><pitch><step>F</step><alter>1</alter><octave>4</octave></pitch><duration>1</duration><voice>1</voice>
      <type>quarter</type><accidental>sharp</accidental><notations><technical><fingering>2</fingering></technical></notations></note>
    <note><chord/><pitch><step>D</step><octave>5</octave></pitch><duration>1</duration><voice>1</voice>
      <type>quarter</type><notations><slur type="stop" number="1"/><fermata/></notations></note>"""


def _hung() -> MusicXmlDocument:
    return _open(ONE_LINE.replace("<note><rest/><duration>2</duration></note>", HUNG, 1))


def _pitches(edit: Edit) -> list[tuple[str, bool, bool]]:
    """The notes of the first measure: pitch, whether it is a grace note and whether it is in a chord."""
    facts = (note for _, note in _located(edit, 0).notes_of(STRAND))
    return [(f"{note.pitch.step}{note.pitch.octave}", note.is_grace, note.is_chord) for note in facts if note.pitch]


def test_what_hangs_on_notes_that_stay_stays() -> None:
    edit = _replace(_hung(), 0, [(0.5, "E5"), (0.5, "G5"), (1, "D5")])
    assert _pitches(edit) == [("E5", False, False), ("G5", False, False), ("D5", False, False), ("F4", False, True)]
    text = _text(edit, 0)
    assert "<fermata/>" in text
    assert "<fingering>2</fingering>" in text
    assert "<accidental>sharp</accidental>" in text
    assert "staccato" not in text
    assert "slur" not in text
    assert edit.dropped == (
        "Ornaments, articulations and other marks on the notes of measure 1 went with the notes that were replaced.",
        "The grace notes of measure 1 went with the notes that were replaced.",
        "The slurs of measure 1 went with the notes that were replaced.",
    )


def test_grace_notes_stay_without_their_slurs() -> None:
    edit = _replace(_hung(), 0, [(1, "C5"), (0.5, "E5"), (0.5, "D5")])
    assert _pitches(edit)[:2] == [("B4", True, False), ("C5", False, False)]
    assert '<staccato placement="below"/>' in _text(edit, 0)
    assert "slur" not in _text(edit, 0)
    assert "The chords of measure 1 gave way to single notes." in edit.dropped


def test_marks_and_slurs_stay_on_all_notes_of_a_measure_that_keeps_its_rhythm() -> None:
    edit = _replace(_hung(), 0, [(1, "E5"), (1, "F5")])
    text = _text(edit, 0)
    assert [name for name in ("staccato", "fermata", 'slur type="start" number="1"') if name in text] == [
        "staccato",
        "fermata",
        'slur type="start" number="1"',
    ]
    assert _open_lines(_document(edit).located.parts[0]) == 0
    assert edit.dropped == (
        "The grace notes of measure 1 went with the notes that were replaced.",
        "The chords of measure 1 gave way to single notes.",
        "The slurs of measure 1 went with the notes that were replaced.",
    )


def test_a_chord_of_which_a_note_is_tied_goes() -> None:
    tied = HUNG.replace("<accidental>", '<tie type="start"/><accidental>')
    document = _open(ONE_LINE.replace("<note><rest/><duration>2</duration></note>", tied, 1))
    assert "The chords of measure 1 gave way to single notes." in _replace(document, 0, [(1, "E5"), (1, "D5")]).dropped


def test_a_score_of_drums_can_be_looked_at_and_says_that_it_is_no_melody() -> None:
    drums = "<unpitched><display-step>C</display-step><display-octave>5</display-octave></unpitched>"
    document = _open(ONE_LINE.replace("<rest/>", drums))
    assert [mark.number for mark in document.parts[0].measures] == ["1", "2", "3"]
    with pytest.raises(FileUnsupportedError, match=r"tune\.musicxml, a part, measure 1 has notes without a pitch"):
        document.melody()
    with pytest.raises(FileUnsupportedError, match="choose a part with a melody"):
        document.with_measures(0, Span(0, 1), ())


def test_a_part_with_quarter_tones_does_not_spoil_the_others() -> None:
    part = ONE_LINE[ONE_LINE.index("<part id") : ONE_LINE.index("</score-partwise>")]
    bad = part.replace("<rest/>", "<pitch><step>C</step><alter>0.5</alter><octave>4</octave></pitch>")
    document = _open(ONE_LINE.replace("</score-partwise>", bad.replace("P1", "P2") + "</score-partwise>"))
    assert document.melody(0).measures[0].notes[0].is_rest
    with pytest.raises(FileUnsupportedError, match=r"tune\.musicxml, a part, measure 1 has quarter tones"):
        document.melody(1)


def test_name_spaces_of_the_root_reach_the_parts() -> None:
    text = ONE_LINE.replace("<score-partwise>", "<score-partwise xmlns:xlink='http://www.w3.org/1999/xlink'>")
    link = "<link xlink:href='http://localhost'/>"
    document = _open(text.replace("<measure number='2'/>", f"<measure number='2'>{link}</measure>"))
    assert link in _text(_replace(document, 1, [(2, "C5")]), 1)


def test_selections_and_lengths_are_checked() -> None:
    document = _open(FERRY)
    with pytest.raises(SelectionError, match="has no part 2"):
        _replace(document, 0, FOUR, part=1)
    with pytest.raises(SelectionError, match="Measures 6 to 7 are not in this tune of 6 measures"):
        document.with_measures(0, Span(5, 7), document.melody().measures[:2])
    with pytest.raises(MeasureLengthError, match="measure 2"):
        _replace(document, 2, [(3, "C5")])


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    """MusicXML's own schema, as music21 brings it, with stand-ins for what it imports from the network."""
    music21 = pytest.importorskip("music21")
    path = Path(music21.__file__).parent / "musicxml" / "musicxml.xsd"
    text = path.read_text(encoding="utf-8")
    for name in ("xml", "xlink"):
        text = text.replace(f"http://www.musicxml.org/xsd/{name}.xsd", (DATA / f"{name}-attributes.xsd").as_uri())
    return etree.XMLSchema(etree.fromstring(text.encode()))


def _rich_edit() -> MusicXmlDocument:
    triplet = [(1 / 3, "B4"), (1 / 3, "A#4"), (1 / 3, "B4")]
    first = [*triplet, (2.5, "C#5"), (0.25, "D5"), (0.25, "E5~")]
    second = [(1, "E5"), (2 / 3, "F5"), (2 / 3, "r"), (2 / 3, "Eb5"), (1, "D5")]
    return _document(_replace(_open(FERRY), 2, first, second))


def test_what_is_written_keeps_to_the_schema(schema: etree.XMLSchema) -> None:
    exported = melody_to_musicxml(_rich_edit().melody(), title="A & B")
    for text in (_rich_edit().text, exported):
        schema.assertValid(etree.fromstring(text.encode()))


def test_verovio_engraves_what_is_written(tmp_path: Path) -> None:
    path = tmp_path / "tune.musicxml"
    path.write_bytes(_rich_edit().to_bytes())
    code = """
import sys, verovio
verovio.enableLog(verovio.LOG_WARNING)
toolkit = verovio.toolkit()
print(toolkit.loadFile(sys.argv[1]), toolkit.renderToSVG(1).count('class="note"'))
"""
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    measures = _rich_edit().located.parts[0].measures
    notes = [note for measure in measures for _, note in measure.notes_of(STRAND) if note.pitch]
    assert done.stdout.split() == ["True", str(len(notes))]
    assert "MusicXML" not in done.stderr


def test_notes_beside_the_melody_in_its_own_voice_are_said_to_be_gone() -> None:
    other = (
        "<backup><duration>2</duration></backup><note><pitch><step>C</step><octave>4</octave></pitch>"
        "<duration>2</duration><voice>1</voice></note>\n    </measure>"
    )
    document = _open(FERRY.replace("    </measure>\n    <!--============ 3", other + "\n    <!--============ 3"))
    assert document.melody() == _open(FERRY).melody()
    edit = _replace(document, 2, FOUR)
    assert "Notes of measure 2 that sounded beside the melody in its voice are gone." in edit.dropped
    assert "<octave>4</octave>" not in _text(edit, 2)


def test_voices_that_no_way_back_can_reach_are_refused_in_a_sentence() -> None:
    def note(step: str, duration: int, voice: int) -> str:
        pitch = f"<pitch><step>{step}</step><octave>5</octave></pitch>"
        return f"<note>{pitch}<duration>{duration}</duration><voice>{voice}</voice></note>"

    thirds, halves = (
        "<attributes><divisions>3</divisions></attributes>",
        "<attributes><divisions>2</divisions></attributes>",
    )
    body = f"{thirds}{note('D', 1, 2)}{halves}{note('C', 2, 1)}{note('E', 2, 2)}"
    document = _open(f"<score-partwise><part id='P1'><measure number='7'>{body}</measure></part></score-partwise>")
    assert [len(part.measures) for part in document.parts] == [1, 1]
    measure = document.melody(1).measures[0]
    with pytest.raises(
        FileUnsupportedError, match="Measure 7 has voices that are woven into each other in different units"
    ):
        document.with_measures(1, Span(0, 1), [measure.with_notes([Note(0, measure.duration, None)])])


def test_a_measure_of_an_unheard_of_length_is_refused_in_a_sentence() -> None:
    note = "<note><pitch><step>C</step><octave>5</octave></pitch><duration>16</duration></note>"
    attributes = "<attributes><divisions>17</divisions></attributes>"
    document = _open(
        f"<score-partwise><part id='P1'><measure number='7'>{attributes}{note}</measure></part></score-partwise>"
    )
    measure = document.melody().measures[0]
    with pytest.raises(FileUnsupportedError, match="Measure 7 has note lengths that no note value has"):
        document.with_measures(0, Span(0, 1), [measure.with_notes([Note(0, measure.duration, None)])])
