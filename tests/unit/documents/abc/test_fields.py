from fractions import Fraction

import pytest

from inpaint_desktop.documents.abc.fields import (
    Context,
    UnreadableError,
    apply_field,
    field_of,
    parse_meter,
    parse_tempo,
)
from inpaint_desktop.score.meter import Meter

EIGHTH = Fraction(1, 8)


@pytest.mark.parametrize(
    ("value", "fifths", "mode"),
    [
        ("D", 2, "major"),
        ("Am", 0, "minor"),
        ("A minor", 0, "minor"),
        ("Bb", -2, "major"),
        ("F#min", 3, "minor"),
        ("Ador", 1, "dorian"),
        ("A Dorian", 1, "dorian"),
        ("Gmix", 0, "mixolydian"),
        ("EPhr", 0, "phrygian"),
        ("F lydian", 0, "lydian"),
        ("Bloc", 0, "locrian"),
        ("Cion", 0, "major"),
        ("Daeo", -1, "minor"),
        ("HP", 2, ""),
        ("Hp", 2, ""),
        ("none", 0, ""),
        ("", 0, ""),
        ("G clef=bass", 1, "major"),
        ("D exp ^f ^c", 2, ""),
        ("D treble", 2, "major"),
        ("g", 1, "major"),
    ],
)
def test_key_is_read(value: str, fifths: int, mode: str) -> None:
    key = apply_field(Context(), "K", value).key
    assert (key.fifths, key.mode) == (fifths, mode)


@pytest.mark.parametrize("value", ["clef=bass", "bass", "alto", "octave=1"])
def test_a_clef_alone_leaves_the_key(value: str) -> None:
    before = apply_field(Context(), "K", "D")
    assert apply_field(before, "K", value).key.fifths == 2


def test_a_signature_of_its_own_is_kept_beside_the_key() -> None:
    context = apply_field(Context(), "K", "D exp _b ^f")
    assert [context.alter(step) for step in "FCB"] == [1, 0, -1]


def test_accidentals_added_to_a_key_change_it() -> None:
    context = apply_field(Context(), "K", "Dphr ^f")
    assert [context.alter(step) for step in "FBE"] == [1, -1, -1]


@pytest.mark.parametrize("field", ["K:G clef=bass", "K:bass", 'V:1 clef=bass name="Cello"'])
def test_clef_is_read_from_key_and_voice(field: str) -> None:
    assert apply_field(Context(), field[0], field[2:]).clef == "bass"


@pytest.mark.parametrize(
    ("value", "meter"),
    [
        ("4/4", Meter(4, 4)),
        ("C", Meter(4, 4)),
        ("C|", Meter(2, 2)),
        (" 6 / 8", Meter(6, 8)),
        ("2+3/8", Meter(5, 8)),
        ("(2+2+3)/8", Meter(7, 8)),
    ],
)
def test_meter_is_read(value: str, meter: Meter) -> None:
    assert parse_meter(value.strip()) == meter


@pytest.mark.parametrize("value", ["999999999/1", "4/3", "0/4", "65/4", "3/128", "four", "4/", "9" * 5000 + "/4"])
def test_a_meter_that_cannot_be_is_refused(value: str) -> None:
    with pytest.raises(UnreadableError, match="write one such as M:4/4"):
        parse_meter(value)


def test_a_free_meter_is_no_meter() -> None:
    assert apply_field(Context(), "M", "none").is_free


@pytest.mark.parametrize("value", ["1/0", "0/8", "9/1", "1/1024", "long"])
def test_a_unit_length_that_cannot_be_is_refused(value: str) -> None:
    with pytest.raises(UnreadableError, match="write one such as L:1/8"):
        apply_field(Context(), "L", value)


@pytest.mark.parametrize(
    ("value", "tempo"),
    [
        ("1/4=120", 120.0),
        ('"Allegro" 1/4 = 120', 120.0),
        ("3/8=50", 75.0),
        ('1/2=76 "Slowly"', 152.0),
        ("1/4 1/8=40", 60.0),
        ("120", 120.0),
        ("C=100", 50.0),
        ("C3=100", 150.0),
        ('"Andante"', None),
        ("1/0=100", None),
    ],
)
def test_tempo_counts_quarters(value: str, tempo: float | None) -> None:
    assert parse_tempo(value, EIGHTH) == tempo


def test_a_key_with_too_many_sharps_is_refused() -> None:
    with pytest.raises(UnreadableError, match="more than 7 accidentals"):
        apply_field(Context(), "K", "G#")


def test_a_comment_after_a_field_is_not_part_of_it() -> None:
    assert apply_field(Context(), "K", "D % F and C").key.fifths == 2


@pytest.mark.parametrize(
    ("value", "clef"),
    [
        ("C clef=F", "bass"),
        ("C clef=C4", "tenor"),
        ('C clef="G2"', "treble"),
        ("C clef=F4-8", "bass-8"),
        ("C clef=G5", "alto"),
    ],
)
def test_a_clef_may_be_named_by_its_sign_and_line(value: str, clef: str) -> None:
    assert apply_field(Context(clef="alto"), "K", value).clef == clef


@pytest.mark.parametrize(
    ("field", "semitones"),
    [
        ("K:D transpose=-2", -2),
        ("K:transpose=+3", 3),
        ('V:1 name="transpose=5" clef=bass transpose=-14', -14),
        ("I:MIDI transpose -9", -9),
        ("%%MIDI transpose 12", 12),
        ("K:D", -1),
        ("K:C transpose=99999", -1),
    ],
)
def test_a_voice_may_sound_otherwise_than_written(field: str, semitones: int) -> None:
    assert apply_field(Context(transposition=-1), *field_of(field)).transposition == semitones


@pytest.mark.parametrize(
    ("value", "octaves"), [("treble-8", -1), ("bass+8", 1), ("treble+8 octave=-2", -1), ("alto octave=1", 1), ("C", 0)]
)
def test_an_8_at_the_clef_moves_notes_by_an_octave(value: str, octaves: int) -> None:
    assert apply_field(Context(), "K", value).octave_shift == octaves


def test_letters_stand_for_the_decorations_that_they_are_given() -> None:
    context = apply_field(apply_field(Context(), "U", "T = !trill!"), "U", "T=!turn!")
    assert (context.decoration("T"), context.decoration("M")) == ("!turn!", "M")
    assert apply_field(context, "U", "nothing to see") == context
