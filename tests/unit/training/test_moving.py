"""Windows moved along the scale keep their shape, their padding and what belongs together."""

import numpy as np
import pytest

from inpaint_desktop.encoding.vocabulary import END, START, is_note, pitch_of
from inpaint_desktop.score.key import KeySignature
from training.measures import home_tokens
from training.moving import MOVES, MovedWindows, moved_bank
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
