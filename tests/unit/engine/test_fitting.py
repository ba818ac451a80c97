"""From tokens back to measures: cut to fit, moved back, spelled."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop.encoding.tokens import encode
from inpaint_desktop.encoding.vocabulary import HOLD, REST, token_of
from inpaint_desktop.engine.fitting import fit
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.pitch import Pitch

MakeTune = Callable[..., Melody]
QUARTER = TICKS_PER_QUARTER


def tokens_of(*names: str) -> tuple[int, ...]:
    """Tokens of a measure in which each name lasts a quarter; ``-`` holds on."""
    tokens: list[int] = []
    for name in names:
        first = HOLD if name == "-" else REST if name == "z" else token_of(Pitch.parse(name))
        tokens += [first, *[HOLD] * 5]
    return tuple(tokens)


def names_in(measures: Sequence[Measure]) -> list[str]:
    return [note.pitch.name if note.pitch else "z" for measure in measures for note in measure.notes]


def rests(*keys: int) -> Melody:
    return Melody(tuple(Measure.of_rest(Meter(4, 4), KeySignature(fifths)) for fifths in keys))


@given(st.integers(0, 2**31), st.integers(-5, 6))
def test_the_tokens_of_a_measure_give_it_back(make_tune: MakeTune, seed: int, fifths: int) -> None:
    tune = make_tune(3, seed=seed, fifths=fifths)
    rows = [encode(measure).tokens for measure in tune.measures]
    again = fit(rows, tune, Span(0, 3), semitones=0)
    assert [[(n.onset, n.pitch and n.pitch.midi) for n in m.notes] for m in again] == [
        [(n.onset, n.pitch and n.pitch.midi) for n in m.notes] for m in tune.measures
    ]


def test_f_sharp_in_d_major_is_never_g_flat() -> None:
    written = fit([tokens_of("Gb4", "A4", "Db5", "D5")], rests(2), Span(0, 1), semitones=0)
    assert names_in(written) == ["F#4", "A4", "C#5", "D5"]


def test_notes_come_back_from_the_models_key() -> None:
    written = fit([tokens_of("G4", "A4", "B4", "z")], rests(-1), Span(0, 1), semitones=2)
    assert names_in(written) == ["F4", "G4", "A4", "z"]


def test_each_measure_is_spelled_in_the_key_that_governs_it() -> None:
    row = tokens_of("A#4", "D5", "A#4", "D5")
    written = fit([row, row], rests(-1, 5), Span(0, 2), semitones=0)
    assert names_in(written) == ["Bb4", "D5", "Bb4", "D5", "A#4", "D5", "A#4", "D5"]


def test_the_notes_around_the_gap_have_a_say_in_the_spelling() -> None:
    tune = rests(0, 0, 0)
    before, after = (fit([tokens_of(name, "-", "-", "-")], tune, Span(0, 1), semitones=0)[0] for name in ("D5", "E5"))
    tune = Melody((before, tune.measures[1], after))
    assert names_in(fit([tokens_of("Eb5", "-", "-", "-")], tune, Span(1, 2), semitones=0)) == ["D#5"]


def test_of_a_pickup_the_end_of_the_full_measure_is_kept(make_tune: MakeTune) -> None:
    tune = make_tune(3, pickup=1)
    (pickup,) = fit([tokens_of("G4", "A4", "B4", "C5")], tune, Span(0, 1), semitones=0)
    assert names_in([pickup]) == ["C5"]
    assert pickup.duration == QUARTER


def test_of_a_short_measure_the_beginning_is_kept(make_tune: MakeTune) -> None:
    tune = make_tune(4, section=1)
    short = fit([tokens_of("G4", "A4", "B4", "C5")], tune, Span(1, 2), semitones=0)
    assert names_in(short) == ["G4", "A4", "B4"]


def test_the_end_of_a_section_and_the_pickup_of_the_next_share_a_full_measure(make_tune: MakeTune) -> None:
    tune = make_tune(4, section=2)
    both = fit([tokens_of("G4", "A4", "B4", "C5")], tune, Span(2, 4), semitones=0)
    assert [names_in([measure]) for measure in both] == [["G4", "A4", "B4"], ["C5"]]


def test_a_note_that_reaches_over_a_cut_keeps_what_is_inside(make_tune: MakeTune) -> None:
    tune = make_tune(3, pickup=1)
    (pickup,) = fit([tokens_of("G4", "-", "A4", "-")], tune, Span(0, 1), semitones=0)
    assert [(note.onset, note.duration) for note in pickup.notes] == [(0, QUARTER)]


def test_what_governs_a_measure_stays() -> None:
    like = replace(rests(1).measures[0], number="7", tempo_bpm=90.0, repeat_start=True, repeat_end=True, endings=(1,))
    (written,) = fit([tokens_of("G4", "-", "-", "-")], Melody((like,)), Span(0, 1), semitones=0)
    assert replace(written, notes=like.notes) == like


def test_a_measure_without_any_time_stays_without_notes() -> None:
    empty = Measure((), Meter(4, 4), KeySignature(0), 0)
    tune = Melody((empty, *rests(0, 0).measures, empty))
    written = fit([tokens_of("G4", "-", "-", "-")] * 2, tune, Span(0, 2), semitones=0)
    assert names_in(written) == ["G4"]
    assert names_in(fit([tokens_of("G4", "-", "-", "-")], tune, Span(2, 3), semitones=0)) == ["G4"]
    assert names_in(fit([tokens_of("G4", "-", "-", "-")], tune, Span(1, 2), semitones=0)) == ["G4"]
