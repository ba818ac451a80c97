"""What the train split is like: how often each token stands at each tick."""

import numpy as np

from training.floors import unigrams
from training.measures import measure_splits, tokens_in
from training.trials import Corpora, Key, published_tokens

HABIT_WINDOWS = 4000


def habits_of(corpora: Corpora, protocol: str, key: Key) -> np.ndarray:
    """How often each token stands at each tick in the train split, as the protocol reads it, (T, V)."""
    if protocol == "A":
        tokens, _ = published_tokens(corpora.played, "train", key, HABIT_WINDOWS)
        return unigrams(tokens.reshape(-1, tokens.shape[-1]))
    corpus = corpora.of(protocol)
    return unigrams(tokens_in(key, corpus)[measure_splits(corpus) == 0])
