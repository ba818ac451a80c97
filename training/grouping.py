"""Which tunes belong together, so that no tune stands in two splits.

Tunes with the same title, or with the same intervals and rhythm in their first measures, are one group, and so
are those that are connected through others. Tunes that already have a split keep it; a new tune goes where
those of its group are held out, else where a hash of its group says, which is the same on every machine.
"""

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from inpaint_desktop.encoding.titles import title_key
from inpaint_desktop.encoding.tokens import encode
from inpaint_desktop.encoding.vocabulary import is_note, pitch_of
from inpaint_desktop.score.melody import Measure, Melody
from training.corpus import SPLITS, Tune
from training.sources import Found

OPENING = 4
_HELD_OUT = {"test": 0, "valid": 1, "train": 2}
_TRAIN_SHARE, _VALID_SHARE = 0.90, 0.95


@dataclass(frozen=True, slots=True)
class _Member:
    """A tune in a group: what connects it to others, and its split and group where it has them."""

    keys: tuple[Hashable, ...]
    split: str = ""
    group: str = ""


def with_splits(known: Sequence[Tune], found: Iterable[Found]) -> list[Tune]:
    """Give every found tune a group and a split; those that repeat another tune, in any key, are dropped."""
    seen = {shape_of(tune.melody.measures) for tune in known}
    members = [_Member(_keys(tune.melody), tune.split, tune.group) for tune in known]
    kept: list[Found] = []
    for tune in found:
        shape = shape_of(tune.melody.measures)
        if shape not in seen:
            seen.add(shape)
            kept.append(tune)
            members.append(_Member(_keys(tune.melody)))
    placed = _placed(members)[len(known) :]
    return [
        *known,
        *(
            Tune(tune.melody, tune.source, group, split, tune.melody.measures[0].key.fifths)
            for tune, (group, split) in zip(kept, placed, strict=True)
        ),
    ]


def shape_of(measures: Sequence[Measure]) -> bytes:
    """The rhythm and the intervals of measures, the same in every key."""
    tokens = np.array([encode(measure).tokens for measure in measures], np.int16).reshape(-1)
    notes = [place for place, token in enumerate(tokens) if is_note(int(token))]
    if notes:
        lowest = pitch_of(int(tokens[notes[0]])).midi
        for place in notes:
            tokens[place] = 1000 + pitch_of(int(tokens[place])).midi - lowest
    return hashlib.sha256(tokens.tobytes()).digest()


def _keys(melody: Melody) -> tuple[Hashable, ...]:
    title = title_key(melody.title)
    opening = ("opening", shape_of(melody.measures[:OPENING]))
    return (opening, ("title", title)) if title else (opening,)


def _placed(members: Sequence[_Member]) -> list[tuple[str, str]]:
    """The group and the split of every member."""
    roots = _connected(members)
    groups: dict[int, list[_Member]] = defaultdict(list)
    for member, root in zip(members, roots, strict=True):
        groups[root].append(member)
    verdicts = {root: _verdict(group) for root, group in groups.items()}
    return [verdicts[root] for root in roots]


def _verdict(group: Sequence[_Member]) -> tuple[str, str]:
    known = min((member for member in group if member.split), key=lambda one: _HELD_OUT[one.split], default=None)
    if known is not None:
        return known.group, known.split
    name = hashlib.sha256(min(repr(key) for member in group for key in member.keys).encode()).hexdigest()[:10]
    share = int(name, 16) / 16**10
    return name, SPLITS[(share >= _TRAIN_SHARE) + (share >= _VALID_SHARE)]


def _connected(members: Sequence[_Member]) -> list[int]:
    """The root of every member: the same for those that share a key, directly or through others."""
    parents = list(range(len(members)))

    def root(place: int) -> int:
        while parents[place] != place:
            parents[place] = parents[parents[place]]
            place = parents[place]
        return place

    first_with: dict[Hashable, int] = {}
    for place, member in enumerate(members):
        for key in (*member.keys, *((("group", member.group),) if member.group else ())):
            parents[root(place)] = root(first_with.setdefault(key, place))
    return [root(place) for place in range(len(members))]
