"""What the ear hears of measures in their place, the real ones or new ones: key, seams, pitches, rhythm, repetition.

*Context* are the measures next to the gap, as many on either side as the paper's figures show. *Groove similarity* is
the share of grid ticks at which two measures agree on whether a note starts (Wu and Yang, ISMIR 2020).
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import product

from inpaint_desktop.encoding.grid import grid_of
from inpaint_desktop.encoding.transposition import key_of
from inpaint_desktop.score.melody import Measure, Melody, Note, Span

CONTEXT = 6
WIDE = 12
"""More semitones than this make a leap wide: it exceeds an octave."""


@dataclass(frozen=True, slots=True)
class Impression:
    """What is heard of the measures in a gap.

    ``out_of_key`` is a share of notes; ``leap`` the mean interval at both seams in semitones, ``wide`` the share of the
    seams that leap over more than an octave, both ``None`` where no note stands at a seam. ``pitch_classes`` and
    ``durations`` are overlaps of the gap's histogram with the context's, from 0 to 1, ``groove`` is the mean
    similarity to the context's measures. ``repeated`` is the share of measures that stand elsewhere in the tune note
    for note, ``same_rhythm`` of those whose rhythm does.
    """

    notes: int
    out_of_key: float
    leap: float | None
    wide: float | None
    pitch_classes: float
    durations: float
    groove: float
    repeated: float
    same_rhythm: float


def impression_of(melody: Melody, span: Span, measures: Sequence[Measure]) -> Impression:
    """Listen to ``measures`` in the place of those in ``span``."""
    around = (*melody.measures[: span.start], *melody.measures[span.stop :])
    before, after = melody.measures[: span.start], melody.measures[span.stop :]
    context = (*before[-CONTEXT:], *after[:CONTEXT])
    notes, leaps = _pitched(measures), _seams(before, measures, after)
    in_key = key_of(Melody(around or melody.measures)).pitch_classes
    return Impression(
        notes=len(notes),
        out_of_key=_share([midi % 12 not in in_key for midi in map(_midi, notes)]),
        leap=sum(leaps) / len(leaps) if leaps else None,
        wide=_share([leap > WIDE for leap in leaps]) if leaps else None,
        pitch_classes=overlap(_pitch_classes(measures), _pitch_classes(context)),
        durations=overlap(_durations(measures), _durations(context)),
        groove=_mean([groove(one, other) for one, other in product(measures, context)]),
        repeated=_share([_content(one) in set(map(_content, around)) for one in measures]),
        same_rhythm=_share([_onsets(one) in set(map(_onsets, around)) for one in measures]),
    )


def groove(one: Measure, other: Measure) -> float:
    """The share of grid ticks at which both measures start a note, or neither does."""
    ticks = len(grid_of(one.meter))
    return 1.0 - len(_onsets(one) ^ _onsets(other)) / ticks


def overlap(weights: Counter[int], others: Counter[int]) -> float:
    """How much two histograms have in common, from 0 to 1; 1 where both are empty."""
    if not weights or not others:
        return float(not weights and not others)
    shares = [min(weights[key] / weights.total(), others[key] / others.total()) for key in weights]
    return sum(shares)


def _seams(before: Sequence[Measure], measures: Sequence[Measure], after: Sequence[Measure]) -> list[int]:
    """The intervals, in semitones, into the gap and out of it; only notes of adjoining measures make one."""
    inside = _pitched(measures)
    pairs = ((_pitched(before[-1:])[-1:], inside[:1]), (inside[-1:], _pitched(after[:1])[:1]))
    return [abs(_midi(there[0]) - _midi(here[0])) for here, there in pairs if here and there]


def _pitched(measures: Sequence[Measure]) -> list[Note]:
    return [note for measure in measures for note in measure.notes if note.pitch]


def _midi(note: Note) -> int:
    assert note.pitch is not None
    return note.pitch.midi


def _pitch_classes(measures: Sequence[Measure]) -> Counter[int]:
    weights: Counter[int] = Counter()
    for note in _pitched(measures):
        weights[_midi(note) % 12] += note.duration
    return weights


def _durations(measures: Sequence[Measure]) -> Counter[int]:
    return Counter(note.duration for note in _pitched(measures))


def _onsets(measure: Measure) -> frozenset[int]:
    return frozenset(note.onset for note in measure.notes if note.pitch)


def _content(measure: Measure) -> Hashable:
    return tuple((note.onset, note.pitch.midi if note.pitch else None) for note in measure.notes)


def _share(claims: Sequence[bool]) -> float:
    return sum(claims) / len(claims) if claims else 0.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
