"""What tests share: a tiny model on disk, made-up tunes, and folders of their own in the place of the user's."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from inpaint_desktop import paths
from inpaint_desktop.encoding.grid import grid_of
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.spelling import spell

if TYPE_CHECKING:
    from pathlib import Path

    from inpaint_desktop.engine.inpaintnet import InpaintNetEngine
    from inpaint_desktop.engine.transformer import TransformerEngine

settings.register_profile("steady", derandomize=True, deadline=None)  # the same on every machine, however busy
settings.load_profile("steady")

MakeTune = Callable[..., Melody]


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real InpaintNet on disk, tiny and untrained."""
    import torch  # tests that need no model do not wait for it

    from inpaint_desktop.models.checkpoint import save
    from inpaint_desktop.models.config import OURS
    from inpaint_desktop.models.inpaint_net import InpaintNet

    vae = replace(OURS.vae, embedding_size=4, hidden_size=8, head_size=8, latent_size=4)
    latent_rnn = replace(OURS.latent_rnn, hidden_size=8, attention_heads=1)
    path = tmp_path_factory.mktemp("models") / "tiny.safetensors"
    with torch.random.fork_rng():
        torch.manual_seed(1)
        save(InpaintNet(replace(OURS, name="tiny", vae=vae, latent_rnn=latent_rnn)), {"meters": ["4/4", "2/2"]}, path)
    return path


@pytest.fixture(scope="session")
def engine(weights: Path) -> InpaintNetEngine:
    """The tiny model, ready to fill measures."""
    from inpaint_desktop.engine.inpaintnet import InpaintNetEngine

    return InpaintNetEngine.open(weights, "cpu")


@pytest.fixture(scope="session")
def transformer_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real transformer on disk, tiny and untrained; its weights are large enough for lively takes."""
    import torch

    from inpaint_desktop.models.checkpoint import save
    from inpaint_desktop.models.gap_transformer import GapTransformer, TransformerConfig

    config = TransformerConfig("tiny", width=8, heads=2, readers=1, writers=2, embedding_size=4)
    path = tmp_path_factory.mktemp("models") / "tiny-transformer.safetensors"
    with torch.random.fork_rng():
        torch.manual_seed(1)
        model = GapTransformer(config)
        for parameter in model.parameters():
            torch.nn.init.normal_(parameter, std=0.3)
        save(model, {"architecture": "transformer", "meters": list(config.meters)}, path)
    return path


@pytest.fixture(scope="session")
def transformer(transformer_weights: Path) -> TransformerEngine:
    """The tiny transformer, ready to fill measures."""
    from inpaint_desktop.engine.transformer import TransformerEngine

    return TransformerEngine.open(transformer_weights, "cpu")


@pytest.fixture(scope="session")
def make_tune() -> MakeTune:
    """Make up tunes: ``make_tune(measures, seed=..., meter=..., fifths=..., pickup=..., section=...)``."""
    return _tune


@pytest.fixture
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Preferences and logs go into a folder of the test, in this process and in those that it starts."""
    for variable in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "HOME", "LOCALAPPDATA", "APPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "user"))
    return paths.log_folder()


def _tune(
    measures: int,
    *,
    seed: int = 0,
    meter: Meter = Meter(4, 4),  # noqa: B008 - immutable
    fifths: int = 1,
    pickup: int = 0,
    section: int = 0,
) -> Melody:
    """Make up a tune.

    ``pickup`` is the number of quarters in the first measure; after every ``section`` full measures stands
    one that lacks the last quarter, and then a pickup of one.
    """
    dice, key = random.Random(seed), KeySignature(fifths)
    durations = [meter.ticks] * measures
    if pickup:
        durations[0] = pickup * TICKS_PER_QUARTER
    for index in range(section, measures - 1, section) if section else ():
        durations[index : index + 2] = [meter.ticks - TICKS_PER_QUARTER, TICKS_PER_QUARTER]
    return Melody(
        tuple(
            Measure(_notes(dice, meter, key, duration), meter, key, duration, str(index + (not pickup)))
            for index, duration in enumerate(durations)
        )
    )


def _notes(dice: random.Random, meter: Meter, key: KeySignature, duration: int) -> tuple[Note, ...]:
    """Notes and rests of the key that start on ticks of the grid and fill ``duration``."""
    starts = [tick for tick in grid_of(meter).onsets if tick < duration]
    onsets = [0, *sorted(dice.sample(starts[1:], min(dice.randint(0, 7), len(starts) - 1)))]
    scale = [midi for midi in range(62, 80) if midi % 12 in key.pitch_classes]
    midi = [None if dice.random() < 0.1 else dice.choice(scale) for _ in onsets]
    ends = [*onsets[1:], duration]
    return tuple(Note(on, off - on, pitch) for on, off, pitch in zip(onsets, ends, spell(midi, key), strict=True))
