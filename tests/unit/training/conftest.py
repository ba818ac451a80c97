"""Small corpora for the tests of training: tunes made from a few scale patterns, so that they can be learned."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch

from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.spelling import spell
from training.corpus import SPLITS, Tune, build
from training.trials import Corpora

SCALE = (67, 69, 71, 72, 74, 76, 78, 79)
PATTERNS = ((0, 2, 4, 2, 1, 3, 2, 1), (4, 3, 2, 1, 0, 1, 2, 4), (7, 6, 5, 4, 5, 4, 3, 2), (0, 0, 4, 4, 5, 5, 4, 4))


def eighths(numbers: list[int], key: KeySignature) -> Measure:
    """A measure of eight eighth notes."""
    eighth = TICKS_PER_QUARTER // 2
    notes = tuple(Note(place * eighth, eighth, pitch) for place, pitch in enumerate(spell(numbers, key)))
    return Measure(notes, Meter(4, 4), key, 8 * eighth)


def tune_of(seed: int, measures: int, split: str) -> Tune:
    """A tune in G whose measures are drawn from the patterns."""
    generator = np.random.default_rng(seed)
    chosen = generator.integers(len(PATTERNS), size=measures)
    moves = generator.integers(0, 3, size=measures)
    key = KeySignature(1)
    made = [
        eighths([SCALE[(step + move) % 8] for step in PATTERNS[pattern]], key)
        for pattern, move in zip(chosen, moves, strict=True)
    ]
    return Tune(Melody(tuple(made), f"Tune {seed}"), "made up", f"group {seed}", split, 1)


@pytest.fixture(autouse=True)
def small_floats() -> Iterator[None]:
    """Leave no trace of the training's arithmetic: other tests draw floats of any size."""
    yield
    torch.set_flush_denormal(False)


@pytest.fixture(scope="session")
def tunes() -> list[Tune]:
    """Six tunes of 8 to 18 measures; the last two are held out."""
    splits = ("train", "train", "train", "train", "valid", "test")
    return [tune_of(seed, 8 + 2 * seed, split) for seed, split in enumerate(splits)]


@pytest.fixture(scope="session")
def corpora(tunes: list[Tune]) -> Corpora:
    """The tunes as both forms of a corpus, every second one in another key."""
    assert {tune.split for tune in tunes} == set(SPLITS)
    mixed = [_moved(tune, 3) if place % 2 else tune for place, tune in enumerate(tunes)]
    return Corpora(build(mixed, notated=False), build(mixed, notated=True))


def _moved(tune: Tune, semitones: int) -> Tune:
    key = KeySignature(-2)
    measures = tuple(
        eighths([note.pitch.midi + semitones for note in measure.notes if note.pitch], key)
        for measure in tune.melody.measures
    )
    return replace(tune, melody=Melody(measures, tune.melody.title), fifths=-2)
