"""Which of the candidates become takes, and in which order.

Candidates that repeat another one or the original are left out. The rest are taken greedily: at
each place stands the one that is likely under the model and unlike those before it (maximal
marginal relevance; Carbonell and Goldstein, SIGIR 1998).
"""

from collections.abc import Sequence

from inpaint_desktop.engine.properties import likeness, sounding, sounding_notes
from inpaint_desktop.engine.request import Take

DIVERSITY = 0.8
"""How many nats a tick of likelihood full likeness to an earlier take costs.

With 0.8 in place of 0.15, eight takes have 46 % of their notes in common instead of 50 %, and are 0.02 nats a tick less
likely (24 gaps of the validation split)."""

OUT_OF_KEY = 0.3
"""How many nats a tick a take costs whose notes are all out of key."""

SILENCE = 100.0
"""How many nats a tick a take costs without any note: it comes after all others, however likely a rest is."""


def distinct(takes: Sequence[Take]) -> list[Take]:
    """The takes that sound different from the original, from what they shall be like, and from all before them."""
    if not takes:
        return []
    request = takes[0].request
    heard = {sounding(request.original), sounding(request.example)}
    kept = []
    for take in takes:
        notes = sounding(take.measures)
        if notes not in heard:
            heard.add(notes)
            kept.append(take)
    return kept


def ranked(takes: Sequence[Take], count: int, first: Sequence[Take] = ()) -> list[Take]:
    """The best ``count`` takes, best first after those that have been chosen already and come ``first``."""
    notes = {id(take): sounding(take.measures) for take in takes}
    nearest = {id(take): 0.0 for take in takes}
    left = sorted(takes, key=lambda take: take.seed)
    chosen: list[Take] = []
    while left and len(chosen) < count:
        waiting = first[len(chosen) : len(chosen) + 1] or left
        best = max(waiting, key=lambda take: _worth(take) - DIVERSITY * nearest[id(take)])
        left.remove(best)
        chosen.append(best)
        for take in left:
            nearest[id(take)] = max(nearest[id(take)], likeness(notes[id(take)], notes[id(best)]))
    return chosen


def _worth(take: Take) -> float:
    silence = 0.0 if sounding_notes(take.measures) else SILENCE
    return take.log_likelihood - OUT_OF_KEY * take.properties.out_of_key - silence
