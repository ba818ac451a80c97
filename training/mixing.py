"""Which windows a model learns from: in notated order, as played, and those of the published code."""

import numpy as np

from training.latents import Sampler
from training.measures import tokens_in
from training.moving import MOVES, TRANSPOSITIONS, MovedWindows, moved_bank, transposed_bank
from training.recipes import Draws
from training.trials import Corpora
from training.windows import Bank, SideBySide, WindowSampler, bind

Shares = list[tuple[float, Sampler]]


def mixed(corpora: Corpora, draws: Draws, generator: np.random.Generator, measures: int) -> tuple[Bank, Shares]:
    """The bank of all measures, moved as windows will be, and the samplers of the train split, each with its share."""
    forms = (corpora.notated, corpora.played)
    bank, books = bind([(corpus, tokens_in("home", corpus)) for corpus in forms])
    notated, played = (book.only(corpus.tunes("train")) for corpus, book in zip(forms, books, strict=True))
    others = 1.0 - draws.published_share
    shares = [others * draws.notated_share, others * (1.0 - draws.notated_share), draws.published_share]
    samplers: list[WindowSampler | SideBySide] = [
        WindowSampler(bank, notated, generator, draws.gaps, draws.short_share, measures),
        WindowSampler(bank, played, generator, draws.gaps, draws.short_share, measures),
        SideBySide(bank, played, generator, draws.gaps, measures),
    ]
    whole, moving = bank, (draws.moved_share, len(MOVES))
    if draws.transposed:
        whole, moving = transposed_bank(bank), (1.0 - 1.0 / len(TRANSPOSITIONS), len(TRANSPOSITIONS))
    elif draws.moved_share:
        whole = moved_bank(bank)
    moved = [(share, MovedWindows(one, *moving)) for share, one in zip(shares, samplers, strict=True) if share]
    return whole, [*moved]
