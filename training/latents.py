"""Where the LatentRNN's windows come from: contexts as latents, gaps as tokens.

Shapes: B batch, P past, F future, N missing and M all measures of a window, T ticks, Z latent size.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from inpaint_desktop.encoding.vocabulary import END, START
from inpaint_desktop.models.inpaint_net import InpaintNet
from inpaint_desktop.models.measure_vae import Latent, MeasureVae
from training.machine import PLAIN, Machine
from training.published import PublishedWindows
from training.windows import Bank, Batch

ENCODED_AT_ONCE = 512


@dataclass(frozen=True)
class Windows:
    """A batch of windows.

    ``past`` (B, P, Z), ``future`` (B, F, Z), the gaps' tokens ``targets`` (B, N, T) and, for who asks, what the encoder
    makes of them, ``truth`` (B, N, Z).
    """

    past: Latent
    future: Latent
    targets: Tensor
    truth: Callable[[], Latent]

    @property
    def is_music(self) -> Tensor:
        """Which measures of the gaps are not padding, (B, N)."""
        return (self.targets[..., 0] != START) & (self.targets[..., 0] != END)


class Latents(Protocol):
    """Turns rows of a bank into tensors."""

    device: torch.device

    def windows(self, batch: Batch) -> Windows:
        """A batch of rows as a batch of windows."""


class LatentBank:
    """The latents of every row of a bank, encoded once, for an encoder that does not change.

    With a ``folder`` they are kept there, for other runs over the same MeasureVAE and the same measures.
    """

    def __init__(self, vae: MeasureVae, bank: Bank, machine: Machine = PLAIN, folder: Path | None = None) -> None:
        self.device = machine.device
        self.tokens = torch.from_numpy(bank.tokens).to(self.device)  # (rows, T) uint8
        path = folder / f"{_digest(vae, bank, machine)}.safetensors" if folder else None
        latents = load_file(path) if path and path.exists() else self._encoded(vae, machine)
        if path and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            save_file(latents, path.with_suffix(".part"))
            path.with_suffix(".part").replace(path)
        self.mean, self.log_std = (latents[name].to(self.device) for name in ("mean", "log_std"))

    def _encoded(self, vae: MeasureVae, machine: Machine) -> dict[str, Tensor]:
        was_training = vae.training
        vae.eval()
        with torch.no_grad(), machine.casting():
            parts = [vae.encoder(chunk.long()) for chunk in self.tokens.split(ENCODED_AT_ONCE)]
        vae.train(was_training)
        return {
            "mean": torch.cat([part.mean.half() for part in parts]),
            "log_std": torch.cat([part.log_std.half() for part in parts]),
        }

    def windows(self, batch: Batch) -> Windows:
        """A batch of rows as a batch of windows."""
        gap = self.tokens[torch.from_numpy(batch.gap).to(self.device)].long()
        return Windows(self._latent(batch.past), self._latent(batch.future), gap, partial(self._latent, batch.gap))

    def _latent(self, rows: np.ndarray) -> Latent:
        index = torch.from_numpy(rows).to(self.device)
        return Latent(self.mean[index].float(), self.log_std[index].float())


def _digest(vae: MeasureVae, bank: Bank, machine: Machine) -> str:
    """A name for the latents of these measures under this encoder."""
    digest = hashlib.sha256(bank.tokens.tobytes())
    for weight in vae.encoder.state_dict().values():
        digest.update(weight.cpu().numpy().tobytes())
    digest.update(b"bfloat16" if machine.autocast else b"float32")
    return digest.hexdigest()[:16]


class FreshLatents:
    """Encodes the rows of a bank whenever they are asked for, with the encoder's dropout as it is."""

    def __init__(self, model: InpaintNet, bank: Bank, machine: Machine = PLAIN) -> None:
        self.device = machine.device
        self.model = model
        self.tokens = torch.from_numpy(bank.tokens).to(self.device)

    def windows(self, batch: Batch) -> Windows:
        """A batch of rows as a batch of windows."""
        past, gap, future = (
            self.tokens[torch.from_numpy(rows).to(self.device)].long() for rows in (batch.past, batch.gap, batch.future)
        )
        return _encoded(self.model, past, gap, future)


def _encoded(model: InpaintNet, past: Tensor, gap: Tensor, future: Tensor) -> Windows:
    with torch.no_grad():
        return Windows(model.encode(past), model.encode(future), gap, partial(model.encode, gap))


class Sampler(Protocol):
    """Draws windows as rows of a bank."""

    generator: np.random.Generator

    def batch(self, size: int) -> Batch:
        """Draw ``size`` windows."""


class Source(Protocol):
    """Draws windows to learn from."""

    generator: np.random.Generator

    def draw(self, size: int) -> Windows:
        """Draw ``size`` windows."""


class SampledWindows:
    """Windows of several samplers of one bank, each with its share."""

    def __init__(self, latents: Latents, samplers: Sequence[tuple[float, Sampler]]) -> None:
        self.latents = latents
        self.samplers = samplers
        self.generator = samplers[0][1].generator

    def draw(self, size: int) -> Windows:
        """Draw ``size`` windows from one of the samplers."""
        return self.latents.windows(drawn_from(self.samplers, self.generator).batch(size))


def drawn_from(samplers: Sequence[tuple[float, Sampler]], generator: np.random.Generator) -> Sampler:
    """One of the samplers, drawn by its share."""
    shares = np.cumsum([share for share, _ in samplers])
    return samplers[int(np.searchsorted(shares, generator.random() * shares[-1], side="right"))][1]


class TransposedWindows:
    """Windows of the published code, transposed, their contexts encoded when they are drawn."""

    def __init__(self, model: InpaintNet, windows: PublishedWindows, gaps: tuple[int, int] = (2, 6)) -> None:
        self.model = model
        self.published = windows
        self.gaps = gaps
        self.generator = windows.generator

    def draw(self, size: int) -> Windows:
        """Draw ``size`` windows; at least one measure is past and two are future."""
        missing, past = self.published.gap(self.gaps)
        device = next(self.model.parameters()).device
        tokens = torch.from_numpy(self.published.draw(size)).to(device)  # (B, M, T)
        gap = tokens[:, past : past + missing]
        return _encoded(self.model, tokens[:, :past], gap, tokens[:, past + missing :])
