from pathlib import Path

import pytest

from inpaint_desktop.documents.document import MeasureMark
from inpaint_desktop.documents.musicxml.facts import LocatedMeasure, LocatedPart
from inpaint_desktop.documents.musicxml.locating import locate
from inpaint_desktop.documents.musicxml.styles import long_rest_around, signs_instead_of_notes
from inpaint_desktop.errors import FileDamagedError, FileTooLargeError
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter

FERRY = (Path(__file__).parents[3] / "data" / "musicxml" / "ferry.musicxml").read_text(encoding="utf-8")
Q = TICKS_PER_QUARTER
ATTRIBUTES = "<attributes><divisions>4</divisions>{}</attributes>"


def _part(*bodies: str) -> LocatedPart:
    measures = "".join(f'<measure number="{number}">{body}</measure>' for number, body in enumerate(bodies, 1))
    text = f'<score-partwise><part id="P1">{measures}</part></score-partwise>'
    return locate(text, "tune.xml").parts[0]


def _measures(*bodies: str) -> tuple[LocatedMeasure, ...]:
    return _part(*bodies).measures


def _marks(*bodies: str) -> tuple[MeasureMark, ...]:
    return _part(*bodies).marks


def _note(duration: int, extra: str = "") -> str:
    return f"<note>{extra}<pitch><step>C</step><octave>5</octave></pitch><duration>{duration}</duration></note>"


def test_every_measure_is_found_in_the_text() -> None:
    marks = locate(FERRY, "ferry.musicxml").parts[0].marks
    texts = [FERRY[mark.start : mark.stop] for mark in marks]
    assert [mark.number for mark in marks] == list("012345")
    assert all(text.startswith("<measure ") and text.endswith("</measure>") for text in texts)


def test_repeats_endings_and_the_pickup_are_known() -> None:
    marks = locate(FERRY, "ferry.musicxml").parts[0].marks
    assert [mark.is_pickup for mark in marks] == [True, False, False, False, False, False]
    assert [mark.endings for mark in marks] == [(), (), (), (), (1,), (2,)]
    assert [mark.repeat_start for mark in marks].index(True) == 1
    assert [mark.repeat_end for mark in marks].index(True) == 4


def test_what_is_set_once_governs_the_measures_that_follow() -> None:
    mark = locate(FERRY, "ferry.musicxml").parts[0].marks[5]
    assert (mark.meter, mark.key, mark.clef, mark.tempo_bpm) == (Meter(4, 4), KeySignature(2, "major"), "treble", 112)


def test_a_change_inside_a_measure_governs_the_next_one() -> None:
    bass = "<clef><sign>F</sign><line>4</line></clef>"
    first, second = _marks(
        ATTRIBUTES.format("") + _note(16) + f"<attributes>{bass}</attributes>" + '<sound tempo="90"/>', _note(16)
    )
    assert (first.clef, first.tempo_bpm) == ("treble", None)
    assert (second.clef, second.tempo_bpm) == ("bass", 90)


@pytest.mark.parametrize(
    ("time", "meter"),
    [
        ("<beats>3+2</beats><beat-type>8</beat-type>", Meter(5, 8)),
        ("<beats>3</beats><beat-type>8</beat-type><beats>1</beats><beat-type>4</beat-type>", Meter(5, 8)),
        ("<senza-misura/>", Meter(4, 4)),
    ],
)
def test_uncommon_time_signatures_are_added_up(time: str, meter: Meter) -> None:
    assert _marks(ATTRIBUTES.format(f"<time>{time}</time>"))[0].meter == meter


@pytest.mark.parametrize(
    ("unit", "bpm"),
    [("quarter</beat-unit>", 80), ("half</beat-unit>", 160), ("quarter</beat-unit><beat-unit-dot/>", 120)],
)
def test_a_metronome_mark_sets_the_tempo_in_quarters(unit: str, bpm: float) -> None:
    metronome = f"<metronome><beat-unit>{unit}<per-minute>80</per-minute></metronome>"
    direction = f"<direction><direction-type>{metronome}</direction-type></direction>"
    assert _marks(ATTRIBUTES.format("") + direction + _note(4))[0].tempo_bpm == bpm


def test_onsets_follow_chords_grace_notes_backup_and_forward() -> None:
    grace = "<note><grace/><pitch><step>D</step><octave>5</octave></pitch></note>"
    move = "<backup><duration>6</duration></backup><forward><duration>2</duration></forward>"
    (measure,) = _measures(ATTRIBUTES.format("") + _note(4) + grace + _note(4) + _note(4, "<chord/>") + move + _note(2))
    onsets = [item.onset for item in measure.items if item.note is not None]
    assert onsets == [0, Q, Q, Q, Q]
    assert measure.length == 2 * Q


def test_divisions_may_change_inside_a_measure() -> None:
    (measure,) = _measures(
        ATTRIBUTES.format("") + _note(4) + "<attributes><divisions>6</divisions></attributes>" + _note(6)
    )
    assert measure.length == 2 * Q
    assert (measure.divisions, measure.divisions_after) == (None, 6)


def test_an_empty_measure_is_as_long_as_its_meter() -> None:
    assert _measures("", ATTRIBUTES.format("<time><beats>3</beats><beat-type>4</beat-type></time>"))[1].length == 3 * Q


def test_measures_whose_notes_do_not_show_are_known() -> None:
    style = "<attributes><measure-style><{0}</measure-style></attributes>"
    rests = _measures(style.format("multiple-rest>2</multiple-rest>"), "", "")
    assert [measure.long_rest for measure in rests] == [2, 0, 0]
    assert [long_rest_around(rests, index) for index in range(3)] == [None, 0, None]
    start, stop = ('measure-repeat type="start">1</measure-repeat>', 'measure-repeat type="stop"/>')
    repeats = _measures("", style.format(start), "", style.format(stop))
    assert list(signs_instead_of_notes(repeats)) == ["", "a repeat sign", "a repeat sign", ""]


def test_notes_without_a_unit_of_time_are_refused() -> None:
    with pytest.raises(
        FileDamagedError, match=r"tune\.xml, measure 1: notes stand before any <divisions>.*line 1, column 51"
    ):
        _measures(_note(4))


def test_a_part_with_too_many_measures_is_refused() -> None:
    with pytest.raises(FileTooLargeError, match="more than 2,000 measures"):
        _measures(*([""] * 2_001))


def test_a_tempo_that_one_part_names_holds_for_the_others_unless_they_have_their_own() -> None:
    def part(name: str, *tempos: int | None) -> str:
        sounds = ["" if tempo is None else f'<sound tempo="{tempo}"/>' for tempo in tempos]
        bodies = [ATTRIBUTES.format("") + sound + _note(16) for sound in sounds]
        measures = "".join(f'<measure number="{number}">{body}</measure>' for number, body in enumerate(bodies, 1))
        return f'<part id="{name}">{measures}</part>'

    parts = part("P1", None, 90, None) + part("P2", None, None, 70) + part("P3", None, None, None, None)
    score = locate(f"<score-partwise>{parts}</score-partwise>", "tune.xml")
    tempos = [[mark.tempo_bpm for mark in found.marks] for found in score.parts]
    assert tempos == [[None, 90, 90], [None, 90, 70], [None, 90, 90, None]]
