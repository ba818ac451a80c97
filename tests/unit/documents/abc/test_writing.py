from dataclasses import replace
from fractions import Fraction

import pytest
import verovio
from hypothesis import given, settings
from hypothesis import strategies as st

from inpaint_desktop.documents.abc.fields import Context
from inpaint_desktop.documents.abc.reading import read_melody
from inpaint_desktop.documents.abc.scanner import scan_tune
from inpaint_desktop.documents.abc.tunes import split_tunes
from inpaint_desktop.documents.abc.writing import VoiceToWrite, key_name, melodies_to_abc, melody_to_abc, write_notes
from inpaint_desktop.documents.rhythm import written_notes
from inpaint_desktop.documents.ties import with_sound_ties
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.pitch import Pitch
from inpaint_desktop.score.spelling import spell

EIGHTH = TICKS_PER_QUARTER // 2
GRID = tuple(TICKS_PER_QUARTER * tick // 12 for tick in (0, 3, 4, 6, 8, 9))  # of a quarter note


def notes_of(line: str) -> list[Note]:
    """Notes such as ``F#4:2``: a pitch or ``z``, and the length in eighths; ``-`` ties."""
    notes, onset = [], 0
    for word in line.split():
        name, length = word.rstrip("-").split(":")
        duration = int(Fraction(length) * EIGHTH)
        notes.append(Note(onset, duration, None if name == "z" else Pitch.parse(name), ties_on=word.endswith("-")))
        onset += duration
    return notes


def written(line: str, *, fifths: int = 0, meter: str = "4/4", is_pickup: bool = False) -> str:
    beats, beat_type = meter.split("/")
    context = Context(meter=Meter(int(beats), int(beat_type)), key=KeySignature(fifths))
    notes = written_notes(notes_of(line), context.meter, is_pickup=is_pickup)
    texts = write_notes(notes, [context] * len(notes), is_pickup=is_pickup)
    return "".join(note.tuplet + note.text + note.space for note in texts)


@pytest.mark.parametrize(
    ("line", "fifths", "text"),
    [
        ("F#4:4 C#5:4", 2, "F4c4"),
        ("F4:4 F4:4", 2, "=F4F4"),
        ("F#4:2 F4:2 F#4:2 F#4:2", 0, "^F2=F2 ^F2F2"),
        ("F#4:4 F#5:4", 0, "^F4^f4"),
        ("F#4:4 F5:4", 0, "^F4=f4"),
        ("Bb4:4 B4:4", -2, "B4=B4"),
        ("F##4:4 Bbb4:4", 0, "^^F4__B4"),
        ("C3:2 C4:2 C5:2 C6:2", 0, "C,2C2 c2c'2"),
    ],
)
def test_accidentals_stand_only_where_they_are_needed(line: str, fifths: int, text: str) -> None:
    assert written(line, fifths=fifths).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("line", "meter", "text"),
    [
        ("C4:1 D4:1 E4:1 F4:1 G4:1 A4:1 B4:1 C5:1", "4/4", "CDEF GABc"),
        ("C4:1/2 D4:1/2 E4:1 F4:1 G4:1 A4:2 B4:2", "4/4", "C/D/E FG A2B2"),
        ("C4:1 D4:1 E4:1 F4:1 G4:1 A4:1", "6/8", "CDE FGA"),
        ("C4:1 D4:1 E4:1 F4:1 G4:1 A4:1", "3/4", "CD EF GA"),
        ("C4:2/3 D4:2/3 E4:2/3 F4:2 G4:4", "4/4", "(3CDE F2 G4"),
        ("C4:4/3 D4:2/3 E4:2 F4:4", "4/4", "(3:2:2C2D E2 F4"),
        ("C4:4/3 D4:4/3 E4:4/3 F4:4", "4/4", "(3C2D2E2 F4"),
        ("C4:2/5 D4:2/5 E4:2/5 F4:2/5 G4:2/5 A4:6", "4/4", "(5:4:5C/D/E/F/G/ A6"),
        ("C4:5 D4:3", "4/4", "C4- CD3"),
        ("z:5 D4:3", "4/4", "z4 zD3"),
        ("C4:3 D4:5", "4/4", "C3D- D4"),
        ("C4:7 D4:1", "4/4", "C4- C3D"),
        ("C4:1/2 D4:1/4 E4:1/4", "4/4", "C/D/4E/4"),
        ("C4:9/2 D4:7/2", "4/4", "C4- C/D3/2- D2"),
        ("C4:3 D4:2 E4:3", "4/4", "C3D- DE3"),
        ("C4:2/3 D4:2 E4:4/3", "2/4", "(3:2:2CD2- (3:2:2DE2"),
        ("z:6", "3/4", "z6"),
        ("C4:1 D4:1 E4:1 F4:1 G4:1 A4:1 B4:1", "7/8", "CD EF GAB"),
        ("C4:1 D4:1 E4:1 F4:1 G4:1", "5/8", "CDE FG"),
    ],
)
def test_notes_are_grouped_and_divided_as_an_engraver_does(line: str, meter: str, text: str) -> None:
    assert written(line, meter=meter) == text


def test_a_pickup_is_grouped_by_the_measure_that_it_ends() -> None:
    assert written("C4:1 D4:1 E4:1", is_pickup=True) == "CDE"
    assert written("C4:1 D4:1 E4:1", meter="6/8", is_pickup=True) == "CDE"


@pytest.mark.parametrize(
    ("fifths", "mode", "name"),
    [
        (2, "", "D"),
        (2, "minor", "Bm"),
        (3, "minor", "F#m"),
        (1, "dorian", "Ador"),
        (0, "mixolydian", "Gmix"),
        (-2, "major", "Bb"),
        (-7, "major", "Cb"),
        (-6, "minor", "Ebm"),
        (7, "minor", "A#m"),
        (0, "locrian", "Bloc"),
        (7, "locrian", "C#"),
    ],
)
def test_keys_are_named(fifths: int, mode: str, name: str) -> None:
    measure = Measure.of_rest(Meter(4, 4), KeySignature(fifths, mode))
    assert key_name(measure) == (name if mode != "locrian" or fifths == 0 else "B#loc")


meters = st.sampled_from([Meter(4, 4), Meter(2, 2), Meter(3, 4), Meter(2, 4), Meter(6, 8), Meter(9, 8), Meter(5, 4)])


@st.composite
def melodies(draw: st.DrawFn) -> Melody:
    """Melodies on the grid, in any key, with rests, ties, repeats and endings."""
    meter = draw(meters)
    key = KeySignature(draw(st.integers(-7, 7)), draw(st.sampled_from(["major", "minor", "dorian"])))
    measures = [draw(measures_in(meter, key, number)) for number in range(1, draw(st.integers(1, 3)) + 1)]
    return Melody(with_sound_ties(measures), "Drawn")


@st.composite
def measures_in(draw: st.DrawFn, meter: Meter, key: KeySignature, number: int) -> Measure:
    places = [quarter + tick for quarter in range(0, meter.ticks, TICKS_PER_QUARTER) for tick in GRID]
    inner = [place for place in places if 0 < place < meter.ticks]
    onsets = [0, *sorted(draw(st.sets(st.sampled_from(inner), max_size=8)))]
    pitches = spell([draw(st.none() | st.integers(50, 90)) for _ in onsets], key)
    stops = [*onsets[1:], meter.ticks]
    ties_on = draw(st.booleans())
    notes = tuple(
        Note(onset, stop - onset, pitch, ties_on=ties_on)
        for onset, stop, pitch in zip(onsets, stops, pitches, strict=True)
    )
    return Measure(notes, meter, key, meter.ticks, str(number))


def reread(text: str) -> Melody:
    return read_melody(scan_tune(text, split_tunes(text)[0], "written.abc").voices[0])


@settings(max_examples=60, deadline=None)
@given(melodies())
def test_what_is_written_reads_back_as_it_was(melody: Melody) -> None:
    assert reread(melody_to_abc(melody)) == melody


def melody_of(*lines: str, **structure: object) -> Melody:
    meter, key = Meter(4, 4), KeySignature(1, "major")
    return Melody(
        tuple(
            Measure(tuple(notes_of(line)), meter, key, notes_of(line)[-1].end, str(number))
            for number, line in enumerate(lines)
        ),
        str(structure.get("title", "")),
    )


def test_a_tune_has_a_header_and_four_measures_a_line() -> None:
    text = melody_to_abc(melody_of("G4:2", *["G4:8"] * 8, title="Five\n% percent"), number=3)
    assert text == (
        "X:3\nT:Five \\% percent\nM:4/4\nL:1/8\nK:G\n"
        "G2 | G8 | G8 | G8 | G8 |\nG8 | G8 | G8 | G8 |]\n"
    )  # fmt: skip


def test_repeats_endings_and_changes_are_written_and_read_back() -> None:
    text = (
        "X:1\nT:All\nM:4/4\nL:1/8\nQ:1/4=90\nK:G\n"
        "D2 |: G8 | A8 | [1 B8 :| [2 [M:3/4][K:D]c6 || d6 :|\n|: e6 :: f6 :| g4- | g2 |]\n"
    ).replace(":|\n|:", "|\n|:")
    melody = reread(text)
    assert reread(melody_to_abc(melody)) == melody


def test_transposing_instruments_stay_so() -> None:
    horn, clarinet = (
        Melody(
            tuple(replace(one, transposition=by) for one, by in zip(melody_of(*["G4:8"] * 3).measures, by, strict=True))
        )
        for by in ((-7, -7, 0), (-2, -14, -14))
    )
    alone = melody_to_abc(horn)
    assert alone.endswith("K:G transpose=-7\nG8 | G8 | [K:G transpose=0] G8 |]\n")
    assert [measure.transposition for measure in reread(alone).measures] == [-7, -7, 0]
    both = melodies_to_abc([VoiceToWrite("", horn), VoiceToWrite("", clarinet)], title="")
    assert "V:1 transpose=-7\nV:2 transpose=-2\n" in both
    voices = scan_tune(both, split_tunes(both)[0], "written.abc").voices
    assert [one.transposition for one in read_melody(voices[1]).measures] == [-2, -14, -14]


def test_a_tie_that_leads_nowhere_is_not_written() -> None:
    assert "-" not in melody_to_abc(melody_of("G4:4- A4:4", "C5:8-"))


def test_verovio_reads_what_is_written() -> None:
    melody = melody_of("G4:2", "C4:4/3 D4:2/3 E4:2 F#4:4-", "F#4:5 z:3", title="Engraved")
    toolkit = verovio.toolkit()
    toolkit.setOptions({"inputFrom": "abc"})
    assert toolkit.loadData(melody_to_abc(melody))
    assert toolkit.getMEI().count("<measure") == 3


def test_the_parts_of_a_score_take_turns_as_voices() -> None:
    high = melody_of(*["G4:8"] * 5)
    low = Melody(tuple(replace(one, key=KeySignature(-1, "minor")) for one in melody_of(*["C3:8"] * 5).measures))
    text = melodies_to_abc([VoiceToWrite("Voice", high), VoiceToWrite('The "Bass"', low)], title="Duet")
    assert text == (
        'X:1\nT:Duet\nM:4/4\nL:1/8\nV:1 name="Voice"\nV:2 name="The \'Bass\'" clef=bass\nK:G\n'
        "[V:1] G8 | G8 | G8 | G8 |\n[V:2][K:Dm] C,8 | C,8 | C,8 | C,8 |\n[V:1] G8 |]\n[V:2] C,8 |]\n"
    )
    voices = scan_tune(text, split_tunes(text)[0], "written.abc").voices
    assert [read_melody(voice).measures[4].notes for voice in voices] == [high.measures[4].notes, low.measures[4].notes]


def test_a_length_that_fits_no_note_value_is_written_and_read_back() -> None:
    whole = 4 * TICKS_PER_QUARTER
    notes = (Note(0, 20239, Pitch("C", 0, 4)), Note(20239, whole - 20239, Pitch("D", 0, 4)))
    melody = Melody((Measure(notes, Meter(4, 4), KeySignature(0, "major"), whole, "1"),))
    assert reread(melody_to_abc(melody)) == melody
