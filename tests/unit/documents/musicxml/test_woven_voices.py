"""Voices woven into each other in any way that backup and forward allow, and new notes for one of them."""

from dataclasses import dataclass
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from inpaint_desktop.documents.musicxml.document import MusicXmlDocument
from inpaint_desktop.documents.musicxml.opening import open_musicxml
from inpaint_desktop.score.melody import Measure, Note, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER
from inpaint_desktop.score.pitch import Pitch
from tests.unit.documents.musicxml.oracle import parts_of, signs_of, sounds_in, sounds_of

Q = TICKS_PER_QUARTER
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<score-partwise version="4.0">\n<part-list><score-part id="P1">'
    '<part-name>Organ</part-name></score-part></part-list>\n<part id="P1">\n'
)
TAIL = "</part>\n</score-partwise>\n"
FIRST = "<attributes><divisions>4</divisions><time><beats>4</beats><beat-type>4</beat-type></time></attributes>\n"
_KINDS = frozenset({"finer", "words", "gap", "grace", "chord"})
WORDS = "<direction><direction-type><words>w{}</words></direction-type></direction>\n"


@dataclass
class _Weaver:
    """Writes a measure of sixteen sixteenths, in a unit of time that may change."""

    divisions: int = 4
    cursor: int = 0
    text: str = ""

    def time(self, sixteenths: int) -> str:
        return f"<duration>{sixteenths * self.divisions // 4}</duration>"

    def move_to(self, place: int) -> None:
        if place != self.cursor:
            tag = "backup" if place < self.cursor else "forward"
            self.text += f"<{tag}>{self.time(abs(place - self.cursor))}</{tag}>\n"
        self.cursor = place

    def note(self, step: str, voice: int, sixteenths: int, before: str = "") -> None:
        pitch = f"<pitch><step>{step}</step><octave>{6 - voice}</octave></pitch>"
        length = "" if "grace" in before else self.time(sixteenths)
        self.text += f"<note>{before}{pitch}{length}<voice>{voice}</voice></note>\n"
        self.cursor += 0 if before else sixteenths

    def set_divisions(self, divisions: int) -> None:
        if divisions != self.divisions:
            self.text += f"<attributes><divisions>{divisions}</divisions></attributes>\n"
            self.divisions = divisions


_STEPS = st.tuples(
    st.integers(1, 3), st.integers(1, 6), st.sampled_from("CDEFGA"), st.sets(st.sampled_from(sorted(_KINDS)))
)


@st.composite
def _bodies(draw: st.DrawFn) -> str:
    """Notes of three voices, with the cursor going back and on between them."""
    weaver, ends = _Weaver(), {1: 0, 2: 0, 3: 0}
    for number, (voice, length, step, extra) in enumerate(draw(st.lists(_STEPS, max_size=14))):
        sixteenths = min(length, 16 - ends[voice])
        if not sixteenths:
            continue
        weaver.set_divisions(8 if "finer" in extra else 4)
        weaver.move_to(ends[voice])
        weaver.text += WORDS.format(number) if "words" in extra else ""
        _add(weaver, voice, sixteenths, step, extra)
        ends[voice] = weaver.cursor
    weaver.move_to(16)
    weaver.set_divisions(4)
    return weaver.text


def _add(weaver: _Weaver, voice: int, sixteenths: int, step: str, extra: set[str]) -> None:
    if "gap" in extra:
        weaver.move_to(weaver.cursor + sixteenths)
        return
    if "grace" in extra:
        weaver.note("B", voice, 0, "<grace/>")
    weaver.note(step, voice, sixteenths)
    if "chord" in extra:
        weaver.note("B", voice, sixteenths, "<chord/>")


@st.composite
def _documents(draw: st.DrawFn) -> MusicXmlDocument:
    bodies = [draw(_bodies()) for _ in range(2)]
    measures = "".join(
        f'<measure number="{number}">\n{FIRST if number == 1 else ""}{body}</measure>\n'
        for number, body in enumerate(bodies, 1)
    )
    return open_musicxml((HEAD + measures + TAIL).encode(), file_name="organ.musicxml")


@st.composite
def _new(draw: st.DrawFn, old: Measure) -> Measure:
    step = draw(st.sampled_from([Q, Q // 2, Q // 3, Q // 4]))
    inner = draw(st.sets(st.integers(1, 48).map(lambda n: n * step), max_size=5))
    times = [0, *sorted(time for time in inner if time < old.duration), old.duration]
    pitches = st.none() | st.builds(Pitch, st.sampled_from("CDEFGAB"), st.just(0), st.integers(3, 5))
    return old.with_notes(Note(start, stop - start, draw(pitches)) for start, stop in pairwise(times))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_new_notes_of_one_voice_leave_all_others_as_they_sound(data: st.DataObject) -> None:
    document = data.draw(_documents())
    part = data.draw(st.integers(0, len(document.parts) - 1))
    span = data.draw(st.sampled_from([Span(0, 1), Span(1, 2), Span(0, 2)]))
    new = [data.draw(_new(document.melody(part).measures[index])) for index in span.indices]
    edited = document.with_measures(part, span, new).document
    assert isinstance(edited, MusicXmlDocument)
    again = open_musicxml(edited.to_bytes(), file_name=edited.file_name)
    assert again.located.parts == edited.located.parts
    strand = document.located.strands[part]
    (before,), (after,) = parts_of(document), parts_of(edited)
    for index in range(2):
        old_notes = sounds_of(before[index]) - sounds_in(document.located.parts[0].measures[index], strand)
        new_notes = sounds_of(after[index]) - sounds_in(edited.located.parts[0].measures[index], strand)
        assert new_notes == old_notes
        assert signs_of(before[index]) == signs_of(after[index])
