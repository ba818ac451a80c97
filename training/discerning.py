"""A classifier that tells filled measures from real ones, in their context.

It sees a window of measures in the home key, which of them are in question, and what ``hearing`` says of those. Its
area under the curve on tunes that it has not learned from is 0.5 where it can do no better than guess.

Shapes: X examples, M measures of a window, T ticks, D width, I impressions.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from inpaint_desktop.encoding import vocabulary
from inpaint_desktop.encoding.transposition import home_of
from inpaint_desktop.encoding.window import LONGEST_WINDOW, window_around
from inpaint_desktop.score.melody import Measure, Melody, Span
from training.hearing import impression_of

FOLDS = 5
EMBEDDED = 12
WIDTH = 64
EPOCHS = 12
BATCH = 64
RATE = 1e-3
DECAY = 0.05
DROPOUT = 0.2

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Examples:
    """Windows of which the gap is real or filled.

    ``tokens`` (X, M, T), ``in_question`` (X, M) says which measures these are, ``impressions`` (X, I), ``filled`` (X,)
    and ``groups`` (X,) of tunes.
    """

    tokens: NDArray[np.int64]
    in_question: NDArray[np.bool_]
    impressions: Numbers
    filled: NDArray[np.bool_]
    groups: NDArray[np.str_]

    def only(self, chosen: NDArray[np.bool_]) -> "Examples":
        """Some of the examples."""
        parts = (self.tokens, self.in_question, self.impressions, self.filled, self.groups)
        return Examples(*(part[chosen] for part in parts))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Case:
    """Measures in a gap of a melody; ``group`` is that of its tune."""

    melody: Melody
    span: Span
    measures: tuple[Measure, ...]
    is_filled: bool
    group: str


def examples_of(cases: Sequence[Case]) -> Examples:
    """Windows around the gaps, all moved into the home key by what stands around them."""
    tokens, in_question = zip(*map(_window, cases), strict=True)
    return Examples(
        np.array(tokens),
        np.array(in_question),
        np.array([_impression(case) for case in cases]),
        np.array([case.is_filled for case in cases]),
        np.array([case.group for case in cases]),
    )


def _window(case: Case) -> tuple[list[tuple[int, ...]], list[bool]]:
    melody, span = case.melody, case.span
    around = Melody((*melody.measures[: span.start], *melody.measures[span.stop :]))
    window = window_around(melody.with_measures(span, case.measures), span, home_of(around))
    rows = [*window.past, *window.gap, *window.future]
    is_gap = [False] * len(window.past) + [True] * len(window.gap) + [False] * len(window.future)
    missing = LONGEST_WINDOW - len(rows)
    return rows + [(vocabulary.END,) * len(rows[0])] * missing, is_gap + [False] * missing


def _impression(case: Case) -> list[float]:
    heard = astuple(impression_of(case.melody, case.span, case.measures))
    return [0.0 if value is None else float(value) for value in heard]


class Discerner(nn.Module):
    """Looks at all measures of a window and says how likely those in question are filled, as a logit."""

    def __init__(self, ticks: int, impressions: int) -> None:
        super().__init__()
        self.token = nn.Embedding(vocabulary.SIZE, EMBEDDED)
        self.measure = nn.Sequential(nn.Linear(ticks * EMBEDDED, WIDTH), nn.ReLU(), nn.Dropout(DROPOUT))
        self.question = nn.Embedding(2, WIDTH)
        self.place = nn.Embedding(LONGEST_WINDOW, WIDTH)
        layer = nn.TransformerEncoderLayer(WIDTH, 4, 2 * WIDTH, DROPOUT, batch_first=True, norm_first=True)
        self.layers = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.out = nn.Sequential(nn.Linear(WIDTH + impressions, WIDTH), nn.ReLU(), nn.Linear(WIDTH, 1))

    def forward(self, tokens: Tensor, in_question: Tensor, impressions: Tensor) -> Tensor:
        """The logits (X,)."""
        places = torch.arange(tokens.shape[1], device=tokens.device)
        states = self.measure(self.token(tokens).flatten(2)) + self.question(in_question.long()) + self.place(places)
        states = self.layers(states) * in_question[..., None]  # (X, M, D)
        seen = states.sum(1) / in_question.sum(1, keepdim=True)
        logits: Tensor = self.out(torch.cat((seen, impressions), -1))[:, 0]
        return logits


def suspicions(examples: Examples, seed: int = 0) -> Numbers:
    """How filled each example looks (X,), to a classifier that has learned from other tunes alone."""
    names = np.unique(examples.groups)
    fold_of = dict(zip(names.tolist(), np.random.default_rng(seed).permutation(len(names)) % FOLDS, strict=True))
    folds = np.array([fold_of[group] for group in examples.groups.tolist()])
    scores: Numbers = np.zeros(len(folds))
    for fold in range(FOLDS):
        held_out = folds == fold
        if held_out.any() and not held_out.all():
            scores[held_out] = _learned(examples.only(~held_out), examples.only(held_out), seed + fold)
    return scores


def _learned(examples: Examples, others: Examples, seed: int) -> Numbers:
    """What a classifier that learned from ``examples`` says of the ``others``."""
    center, spread = examples.impressions.mean(0), examples.impressions.std(0) + 1e-6
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = Discerner(examples.tokens.shape[2], examples.impressions.shape[1])
        optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=DECAY)
        inputs, filled = _tensors(examples, center, spread), torch.from_numpy(examples.filled).float()
        for _ in range(EPOCHS):
            for batch in torch.randperm(len(filled)).split(BATCH):
                logits = model(*(part[batch] for part in inputs))
                optimizer.zero_grad()
                nn.functional.binary_cross_entropy_with_logits(logits, filled[batch]).backward()
                optimizer.step()
        model.eval()
        with torch.inference_mode():
            scores: Numbers = model(*_tensors(others, center, spread)).double().numpy()
    return scores


def _tensors(examples: Examples, center: Numbers, spread: Numbers) -> tuple[Tensor, Tensor, Tensor]:
    impressions = torch.from_numpy((examples.impressions - center) / spread).float()
    return torch.from_numpy(examples.tokens), torch.from_numpy(examples.in_question), impressions


def area(scores: Numbers, filled: NDArray[np.bool_]) -> float:
    """The area under the curve: how often a filled example looks more filled than a real one, ties counted half."""
    ordered = np.sort(scores[~filled])
    below = np.searchsorted(ordered, scores[filled], side="left")
    up_to = np.searchsorted(ordered, scores[filled], side="right")
    return float(((below + up_to) / 2).mean() / len(ordered))


def area_interval(examples: Examples, scores: Numbers, resamples: int = 500) -> tuple[float, float]:
    """The 95 % bootstrap interval of ``area`` when whole tunes are drawn again."""
    names, member = np.unique(examples.groups, return_inverse=True)
    places = [np.flatnonzero(member == index) for index in range(len(names))]
    generator = np.random.default_rng(0)
    areas = []
    for _ in range(resamples):
        drawn = np.concatenate([places[index] for index in generator.integers(len(names), size=len(names))])
        if 0 < examples.filled[drawn].sum() < len(drawn):
            areas.append(area(scores[drawn], examples.filled[drawn]))
    low, high = np.quantile(areas, (0.025, 0.975))
    return float(low), float(high)
