"""The three protocols of evaluation, always named.

A is the paper's: windows side by side with their padding, transposed, latents sampled, repeats as played. In B
and C no padding counts, nothing is transposed and latents are means; B has repeats as they are played, C
in notated order, played-out repeats written once.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from inpaint_desktop.encoding.transposition import HOME_FIFTHS
from inpaint_desktop.models.inpaint_net import InpaintNet
from training.corpus import Corpus
from training.gaps import Gaps, draw_gaps
from training.latents import LatentBank
from training.machine import PLAIN, Machine
from training.measures import home_ticks, tokens_in
from training.published import PublishedWindows
from training.scoring import Trial
from training.windows import Bank, Book, bind

Key = Literal["written", "home"]
PROTOCOLS = ("A", "B", "C")
COUNT = 1600
SEED = 5


@dataclass(frozen=True)
class Corpora:
    """The two forms of a prepared corpus."""

    played: Corpus
    notated: Corpus

    def of(self, protocol: str) -> Corpus:
        """The form that a protocol takes its tunes from."""
        return self.notated if protocol == "C" else self.played


@dataclass(frozen=True)
class Ground:
    """The tunes (in A, windows) of a split, as a protocol and a model read them; ``groups`` one a tune."""

    protocol: str
    bank: Bank
    book: Book
    groups: np.ndarray

    def gaps(self, missing: int, count: int = COUNT) -> Gaps:
        """The fixed list of gaps of ``missing`` measures."""
        generator = np.random.default_rng([SEED, missing])
        if self.protocol == "A":
            return _gaps_of_windows(self.book, missing, generator)
        return draw_gaps(self.book, missing, count, generator)


def ground_of(protocol: str, corpora: Corpora, split: str, key: Key, *, count: int = COUNT) -> Ground:
    """Lay out a split for a protocol; in A, ``count`` windows of it."""
    if protocol == "A":
        return _ground_of_windows(corpora.played, split, key, count)
    corpus = corpora.of(protocol)
    tunes = corpus.tunes(split)
    places = np.concatenate([np.arange(corpus.starts[tune], corpus.starts[tune + 1]) for tune in tunes])
    starts = np.cumsum([0, *np.diff(corpus.starts)[tunes]])
    chosen = replace(corpus, starts=starts, ticks=corpus.ticks[places], **_per_tune(corpus, tunes))
    bank, (book,) = bind([(chosen, tokens_in(key, chosen))])
    return Ground(protocol, bank, book, corpus.group[tunes])


def _per_tune(corpus: Corpus, tunes: np.ndarray) -> dict[str, np.ndarray]:
    return {name: getattr(corpus, name)[tunes] for name in ("split", "fifths", "semitones", "group")}


def _ground_of_windows(corpus: Corpus, split: str, key: Key, count: int) -> Ground:
    tokens, tunes = published_tokens(corpus, split, key, count)
    rows, inverse = np.unique(tokens.reshape(-1, tokens.shape[-1]).astype(np.uint8), axis=0, return_inverse=True)
    starts = np.arange(count + 1) * tokens.shape[1]
    padding = np.zeros((2, rows.shape[1]), np.uint8)  # never reached: these windows hold their own
    return Ground("A", Bank(np.concatenate((rows, padding))), Book(inverse.reshape(-1), starts), corpus.group[tunes])


def published_tokens(corpus: Corpus, split: str, key: Key, count: int) -> tuple[np.ndarray, np.ndarray]:
    """A fixed draw of published windows as tokens (count, 16, T), and their tunes (count,).

    A model that moves every tune into the home key undoes the transpositions.
    """
    windows = PublishedWindows.of(corpus, split, np.random.default_rng(SEED))
    chosen, semitones = windows.choose(count)
    if key == "home":
        fifths = np.full_like(corpus.fifths, HOME_FIFTHS)
        home = replace(corpus, ticks=home_ticks(corpus), fifths=fifths)
        windows = replace(windows, corpus=home)
        semitones = np.zeros_like(semitones)
    return windows.tokens(chosen, semitones), windows.tunes[chosen]


def _gaps_of_windows(book: Book, missing: int, generator: np.random.Generator) -> Gaps:
    """One gap in every window, at least one measure past and two future, as the published code draws them."""
    measures = int(book.lengths[0])
    pasts = generator.integers(1, measures - missing - 1, size=len(book.lengths))
    return Gaps(missing, np.arange(len(pasts)), pasts, pasts, measures - missing - pasts)


def trial_on(model: InpaintNet, ground: Ground, missing: int, count: int, machine: Machine = PLAIN) -> Trial:
    """A trial of the model on one list of gaps."""
    latents = LatentBank(model.vae, ground.bank, machine)
    gaps = ground.gaps(missing, count)
    return Trial(ground.protocol, ground.bank, ground.book, gaps, latents, sampled=ground.protocol == "A")
