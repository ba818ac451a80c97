from fractions import Fraction

import pytest

from inpaint_desktop.documents.abc.located import ScannedVoice
from inpaint_desktop.documents.abc.scanner import scan_tune
from inpaint_desktop.documents.abc.tunes import choose_tune, even_lines, split_tunes
from inpaint_desktop.errors import FileDamagedError, FileTooLargeError
from inpaint_desktop.score.meter import TICKS_PER_QUARTER

HEADER = "X:1\nT:Test\nM:4/4\nL:1/8\nK:C\n"


def scan(text: str) -> ScannedVoice:
    even = even_lines(text)
    return scan_tune(even, choose_tune(split_tunes(even), None, "test.abc"), "test.abc").voices[0]


def measures_of(body: str, header: str = HEADER) -> list[str]:
    text = header + body
    return [text[measure.mark.start : measure.mark.stop] for measure in scan(text).measures]


def eighths(body: str, header: str = HEADER) -> list[list[Fraction]]:
    return [
        [Fraction(2 * sound.duration, TICKS_PER_QUARTER) for sound in measure.sounds]
        for measure in scan(header + body).measures
    ]


@pytest.mark.parametrize(
    "barline", ["|", "||", "|]", "[|", "|:", ":|", "::", ":|:", ":||:", "|::", ".|", "[|]", "|]|:"]
)
def test_every_barline_divides(barline: str) -> None:
    assert measures_of(f"CDEF GABc {barline} c8|]") == ["CDEF GABc", "c8"]


@pytest.mark.parametrize("sign", ["|1", "| 1", "|[1", "|1,3", "|[1-3", "||[1"])
def test_endings_divide_and_are_known(sign: str) -> None:
    tune = scan(HEADER + f"C8{sign} D8:|2 E8||F8|]")
    first = (1, 3) if "," in sign else (1, 2, 3) if "-" in sign else (1,)
    assert [measure.mark.endings for measure in tune.measures] == [(), first, (2,), ()]


def test_repeats_are_marked_where_they_begin_and_end() -> None:
    tune = scan(HEADER + "|:C8|D8:|:E8::F8|G8:|\n")
    assert [m.mark.repeat_start for m in tune.measures] == [True, False, True, True, False]
    assert [m.mark.repeat_end for m in tune.measures] == [False, True, True, False, True]


@pytest.mark.parametrize(
    "body",
    [
        'C8|"Am | not a bar"D8',
        "C8|!trill!D8",
        "C8|!D.C. al fine!D8",
        "C8|+trill+D8",
        "C8|~.uD8",
        "C8|{ga|}D8",
        "C8|[r: a | remark]D8",
        "C8 % | comment\n|D8",
        "C8|\n%%comment | directive\nD8",
        "C8|\nw: a | b\nD8",
        "C8|\nN: note | note\nD8",
        "%%begintext\nA | B | C\n%%endtext\nC8|D8",
    ],
)
def test_what_is_not_music_holds_no_barlines(body: str) -> None:
    assert len(measures_of(body)) == 2


def test_a_measure_may_go_on_after_the_line_break() -> None:
    assert measures_of("CDEF\\\n GABc|c4\nc4|") == ["CDEF\\\n GABc", "c4\nc4"]


def test_letters_before_a_repeat_sign_are_music_though_they_look_like_a_field() -> None:
    assert measures_of("C8|\nA8:|\nA:|") == ["C8", "A8", "A"]


def test_a_measure_begins_with_its_first_note_and_ends_with_its_last() -> None:
    assert measures_of('|: "Am" [K:G] {c}CDEF GABc "D" |\n c8 !fine! |]') == ["{c}CDEF GABc", "c8"]


@pytest.mark.parametrize(
    ("notes", "lengths"),
    [
        ("A A2 A3/2 A/ A/4 A// A3/ A/2", "1 2 3/2 1/2 1/4 1/4 3/2 1/2"),
        ("A>B A<B A>>B A2>B2", "3/2 1/2 1/2 3/2 7/4 1/4 3 1"),
        ("A > B z>z", "3/2 1/2 3/2 1/2"),
        ("(3ABc (3A2B2c2", "2/3 2/3 2/3 4/3 4/3 4/3"),
        ("(3:2:2A2B (2AB (4ABcd", "4/3 2/3 3/2 3/2 3/4 3/4 3/4 3/4"),
        ("(5ABcde", "2/5 2/5 2/5 2/5 2/5"),
        ("(3A>Bc", "1 1/3 2/3"),
        ("[CEG]2 [C2E2]3/2 [CE]/", "2 3 1/2"),
        ("z2 x2 Ay2B", "2 2 1 1"),
        ("A{g}>B {/f}A", "3/2 1/2 1"),
    ],
)
def test_lengths_are_counted(notes: str, lengths: str) -> None:
    assert eighths(notes + "|") == [[Fraction(length) for length in lengths.split()]]


def test_a_tuplet_of_five_fills_three_in_a_compound_meter() -> None:
    assert eighths("(5ABcde|", HEADER.replace("4/4", "6/8")) == [[Fraction(3, 5)] * 5]


@pytest.mark.parametrize(
    ("meter", "length"), [("2/4", Fraction(1, 16)), ("3/4", Fraction(1, 8)), ("none", Fraction(1, 8))]
)
def test_the_unit_length_follows_from_the_meter(meter: str, length: Fraction) -> None:
    tune = scan(f"X:1\nM:{meter}\nK:C\nA|")
    assert tune.measures[0].context.unit == length


def test_the_file_header_holds_for_all_tunes() -> None:
    text = "M:3/4\nL:1/4\n\nX:1\nK:C\nA|\n\nX:2\nT:two\nK:C\nABc|\n"
    (tune,) = scan_tune(text, split_tunes(text)[1], "test.abc").voices
    assert (str(tune.measures[0].mark.meter), tune.measures[0].mark.is_pickup) == ("3/4", False)


def test_the_header_of_the_first_tune_does_not_hold_for_the_second() -> None:
    text = "X:1\nM:3/4\nL:1/4\nQ:90\nK:C\nABc|\n\nX:2\nT:two\nM:4/4\nK:C\nc8|\n"
    (measure,) = scan_tune(text, split_tunes(text)[1], "test.abc").voices[0].measures
    assert (measure.context.unit, measure.mark.tempo_bpm) == (Fraction(1, 8), None)


@pytest.mark.parametrize("meter", ["4/4", "6/4", "64/1"])
def test_a_long_rest_of_many_long_measures_is_no_long_note(meter: str) -> None:
    assert len(scan(HEADER.replace("4/4", meter) + "Z100|").measures) == 100


def test_fields_inside_the_tune_change_what_governs_the_measures() -> None:
    tune = scan(HEADER + "C8|[M:3/4][K:Bb]C6|\nM:6/8\nK:D clef=bass\nQ:3/8=60\nC6|\n")
    marks = [measure.mark for measure in tune.measures]
    assert [str(mark.meter) for mark in marks] == ["4/4", "3/4", "6/8"]
    assert [mark.key.fifths for mark in marks] == [0, -2, 2]
    assert (marks[2].clef, marks[2].tempo_bpm) == ("bass", 90.0)


def test_a_pickup_is_number_0() -> None:
    assert [m.mark.number for m in scan(HEADER + "G2|C8|D6:|G2|E8|]").measures] == ["0", "1", "2", "3", "4"]


def test_pickups_of_later_sections_are_known() -> None:
    tune = scan(HEADER + "G2|C8|D6:|G2|E8|D6|]")
    assert [m.mark.is_pickup for m in tune.measures] == [True, False, False, True, False, False]


def test_a_short_measure_under_an_ending_is_no_pickup() -> None:
    tune = scan(HEADER + "G2|C8|1 C6 G2:|2 C6|]")
    assert [m.mark.is_pickup for m in tune.measures] == [True, False, False, False]


def test_a_rest_of_several_measures_is_as_many_measures_in_one_place() -> None:
    tune = scan(HEADER + "C8|Z3|D8|")
    assert [m.mark.number for m in tune.measures] == ["1", "2", "3", "4", "5"]
    assert len({m.mark.start for m in tune.measures}) == 3


def test_a_tuplet_over_a_barline_binds_the_measures() -> None:
    assert [m.is_bound_to_next for m in scan(HEADER + "C6(3DE|F G6|A8|").measures] == [True, False, False]


def test_one_voice_is_welcome() -> None:
    assert scan(HEADER + 'V:1 name="Fiddle"\nC8|[V:1]D8|').name == "Fiddle"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("C8|\nC4 [CE|", "line 7, column 4, a .* has no "),
        ('C8|\n"Am C8|', "line 7, column 1, a .* has no "),
        ("C8|\n{c C8|", "line 7, column 1, a .* has no "),
        ("C8|\n\x01C8|", "line 7, column 1, there is a character"),
        ("C9999|", "line 6, column 1, the length"),
        ("C99999999|", "line 6, column 1, the note length"),
        ("C/99999999|", "line 6, column 1, the note length"),
        ("C0|", "line 6, column 1, the note length"),
        ("(0ABC|", "line 6, column 1, .* is not a tuplet"),
        ("[L:1/128]C/99|", "line 6, column 10, the length"),
        ("(3" * 9 + "ABC|", "line 6, column 17, .* begins a tuplet in 8 others"),
        ("A>>>>B|", "line 6, column 2, .* too many signs"),
        ("c''''''|", "line 6, column 1, the note .* out of any"),
        ("C,,,,,,|", "line 6, column 1, the note .* out of any"),
        ("[CE,,,,,,]|", "line 6, column 1, the note .* out of any"),
        ("[M:999999999/1]C8|", "line 6, column 1, the meter"),
        ("Z99999|", "line 6, column 1, .* too many measures"),
        ("[K:C octave=99]C|", "line 6, column 1, octave=99"),
        ("C16 " * 200, "line 6, column 800, a measure is longer"),
        ("C/16 " * 9000, r"line 6, column 25\d{3}, a measure has more"),
        ("%%text\n", "the tune has no notes"),
        ("C8|\nD4 E", "line 7, column 4, the tune breaks off"),
    ],
)
def test_damage_is_named_with_its_line(body: str, reason: str) -> None:
    with pytest.raises(FileDamagedError, match=rf"(?s)In test\.abc, .*{reason}"):
        scan(HEADER + body)


@pytest.mark.parametrize("body", ["C8|D8", "C2|D8|E6", "C8|D4|", "[M:none]C8|D4"])
def test_a_tune_may_end_without_a_barline(body: str) -> None:
    assert scan(HEADER + body).measures


def test_a_tune_without_a_key_is_refused() -> None:
    with pytest.raises(FileDamagedError, match="no K: line"):
        scan("X:1\nT:cut off\nM:4/4\n")


@pytest.mark.parametrize("body", ["C|" * 2001, "Z2000|C|", "A" * 1_000_001])
def test_a_tune_beyond_the_limits_is_refused(body: str) -> None:
    with pytest.raises(FileTooLargeError):
        scan(HEADER + body)


@pytest.mark.parametrize(
    ("body", "layered"),
    [
        ("C8|D4&E4|F8|G8|", [False, True, False, False]),
        ("C8|D8|&E8|F8|G8|", [False, True, False, False]),
        ("C8|D8|&&E8|[E-G]8|F8|G8|", [True, True, False, False]),
        ("C8|D4&&E8|E4|F8|G8|", [True, True, False, False]),
        ("C8|&Z|D8|F8|G8|", [True, False, False, False]),
        ("C8|D8|&&/|/|F8|G8|", [True, True, False, False]),
        ("(&C8|D8|&E8|E8|&)F8|G8|", [True, True, False, False]),
        ("C8|(&D8|F4&E8|E4&)|G8|", [False, True, True, False]),
    ],
)
def test_second_layers_hold_no_measures(body: str, layered: list[bool]) -> None:
    measures = scan(HEADER + body).measures
    assert [measure.has_overlay for measure in measures] == layered
    assert {sound.written for measure in measures for sound in measure.sounds} == set("CDFG")


def test_an_ending_may_have_a_full_stop() -> None:
    assert [m.mark.endings for m in scan(HEADER + "C8|1. D8:|2. E8|]").measures] == [(), (1,), (2,)]


def test_a_key_in_a_block_of_text_ends_no_header() -> None:
    text = "X:1\nT:Test\n%%begintext\nK: is the key\nM:none\n\n%%endtext\nM:3/4\nL:1/4\nK:G\nFGA|\n"
    (measure,) = scan(text).measures
    assert (str(measure.mark.meter), measure.mark.key.fifths, len(measure.sounds)) == ("3/4", 1, 3)


@pytest.mark.parametrize("control", ["\f", "\x1a", "\v"])
def test_signs_of_old_systems_are_no_damage(control: str) -> None:
    assert len(measures_of(f"C8|\n{control}D8|\n{control}")) == 2
