"""Windows moved along the scale keep their shape, their padding and what belongs together."""

import numpy as np
import pytest

from inpaint_desktop.encoding.vocabulary import END, START, is_note, pitch_of
from inpaint_desktop.score.key import KeySignature
from training.measures import MeasureSampler, home_ticks, home_tokens
from training.mixing import mixed
from training.moving import (
    MOVES,
    TRANSPOSITIONS,
    MovedWindows,
    TransposedMeasures,
    moved_bank,
    transposed_bank,
    transposition_tables,
)
from training.recipes import Draws
from training.trials import Corpora
from training.windows import Bank, WindowSampler, bind


def sampler_of(corpora: Corpora) -> WindowSampler:
    corpus = corpora.notated
    bank, (book,) = bind([(corpus, home_tokens(corpus))])
    return WindowSampler(bank, book, np.random.default_rng(1))


def rungs(tokens: np.ndarray) -> list[int]:
    """The staff positions of the notes."""
    return [pitch_of(int(token)).staff_position for token in tokens.reshape(-1) if is_note(int(token))]


def copy_of(bank: Bank, place: int) -> np.ndarray:
    rows = len(bank.tokens)
    tokens: np.ndarray = moved_bank(bank).tokens[place * rows : (place + 1) * rows]
    return tokens


@pytest.mark.parametrize("place", range(len(MOVES)))
def test_every_note_moves_by_steps_of_the_scale(corpora: Corpora, place: int) -> None:
    bank = sampler_of(corpora).bank
    moved = copy_of(bank, place)
    assert rungs(moved) == [rung + MOVES[place] for rung in rungs(bank.tokens)]
    pitches = [pitch_of(int(token)) for token in moved.reshape(-1) if is_note(int(token))]
    assert {pitch.midi % 12 for pitch in pitches} <= KeySignature(1).pitch_classes


@pytest.mark.parametrize("place", range(len(MOVES)))
def test_rhythm_and_padding_stay(corpora: Corpora, place: int) -> None:
    bank = sampler_of(corpora).bank
    moved = copy_of(bank, place)
    assert np.array_equal(moved == 0, bank.tokens == 0)
    assert (moved[-2].tolist(), moved[-1].tolist()) == ([START] * 24, [END] * 24)


def test_past_gap_and_future_move_together(corpora: Corpora) -> None:
    sampler = sampler_of(corpora)
    batch = MovedWindows(sampler, 0.5).batch(400)
    copies = np.concatenate((batch.past, batch.gap, batch.future), 1) // len(sampler.bank.tokens)
    assert (copies == copies[:, :1]).all()
    assert set(copies[:, 0].tolist()) == set(range(len(MOVES)))
    assert (copies[:, 0] == 0).mean() == pytest.approx(0.5, abs=0.1)


def test_without_a_share_nothing_moves(corpora: Corpora) -> None:
    sampler = sampler_of(corpora)
    assert MovedWindows(sampler, 0.0).batch(50).gap.max() < len(sampler.bank.tokens)


def notes_of(tokens: np.ndarray) -> list[int]:
    """The MIDI numbers of the notes."""
    return [pitch_of(int(token)).midi for token in tokens.reshape(-1) if is_note(int(token))]


def scale_of(tokens: np.ndarray) -> set[str]:
    """The names of the notes, without their octaves."""
    return {pitch_of(int(token)).name.rstrip("0123456789") for token in tokens.reshape(-1) if is_note(int(token))}


def test_a_bank_in_all_keys_holds_every_measure_in_each(corpora: Corpora) -> None:
    bank = sampler_of(corpora).bank
    whole = transposed_bank(bank).tokens.reshape(len(TRANSPOSITIONS), len(bank.tokens), -1)
    for semitones, copy in zip(TRANSPOSITIONS, whole, strict=True):
        assert notes_of(copy) == [midi + semitones for midi in notes_of(bank.tokens)]
        assert len(scale_of(copy)) == 7  # no note of the scale has two spellings
        assert np.array_equal(copy == 0, bank.tokens == 0)
        assert (copy[-2].tolist(), copy[-1].tolist()) == ([START] * 24, [END] * 24)


@pytest.mark.parametrize(
    ("semitones", "scale"),
    [(0, {"G", "A", "B", "C", "D", "E", "F#"}), (-5, {"D", "E", "F#", "G", "A", "B", "C#"}),
     (-7, {"C", "D", "E", "F", "G", "A", "B"}), (3, {"Bb", "C", "D", "Eb", "F", "G", "A"})],
)  # fmt: skip
def test_transposed_notes_are_spelled_by_their_key(corpora: Corpora, semitones: int, scale: set[str]) -> None:
    table = transposition_tables()[TRANSPOSITIONS.index(semitones)]
    assert scale_of(table[sampler_of(corpora).bank.tokens]) == scale


def test_measures_come_in_all_keys(corpora: Corpora) -> None:
    sampler = MeasureSampler(home_ticks(corpora.notated), np.ones(len(corpora.notated.ticks)), np.random.default_rng(1))
    scales = {frozenset(scale_of(measure)) for measure in TransposedMeasures(sampler).batch(400)}
    assert {"Bb", "Eb"} <= set.union(*map(set, scales))
    assert {"C#", "G#"} <= set.union(*map(set, scales))


def test_windows_come_in_all_keys(corpora: Corpora) -> None:
    bank, samplers = mixed(corpora, Draws(transposed=True, gaps=(2, 3)), np.random.default_rng(1), 16)
    rows = len(bank.tokens) // len(TRANSPOSITIONS)
    for _, sampler in samplers:
        batch = sampler.batch(400)
        keys = np.concatenate((batch.past, batch.gap, batch.future), 1) // rows
        assert (keys == keys[:, :1]).all()
        assert np.bincount(keys[:, 0], minlength=len(TRANSPOSITIONS)).min() > 5
