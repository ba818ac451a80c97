"""Moving a melody into the key in which a model reads it, and back.

A model may read every tune in one home key, so that it learns a phrase once and not twelve
times. The home signature is one sharp, the commonest in the corpus; the octave is chosen so
that the melody lies near the middle of the staff. Spelling inside the model is by key alone.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from inpaint_desktop.score.key import KeySignature, estimate_fifths
from inpaint_desktop.score.melody import Measure, Melody, Note
from inpaint_desktop.score.pitch import Pitch
from inpaint_desktop.score.spelling import spell

HOME_FIFTHS = 1
HOME_CENTER_MIDI = 73.0


@dataclass(frozen=True, slots=True)
class Transposition:
    """Move by ``semitones`` into the signature of ``key``."""

    semitones: int
    key: KeySignature

    def pitch(self, midi: int) -> Pitch:
        """The written pitch that a sounding ``midi`` number gets."""
        return _by_key(midi + self.semitones, self.key.fifths)

    def apply(self, measure: Measure) -> Measure:
        """The measure moved and spelled by key alone."""
        return measure.with_notes(self._moved(note) for note in measure.notes)

    def _moved(self, note: Note) -> Note:
        if note.pitch is None:
            return note
        return Note(note.onset, note.duration, self.pitch(note.pitch.midi), note.ties_on)


@lru_cache(maxsize=4096)
def _by_key(midi: int, fifths: int) -> Pitch:
    pitch = spell((midi,), KeySignature(fifths))[0]
    assert pitch is not None
    return pitch


def home_of(melody: Melody) -> Transposition:
    """How to move ``melody`` into the home key."""
    return home_of_notes(
        ((note.pitch.midi, note.duration) for note in _pitched(melody)),
        melody.measures[0].key.fifths if melody.measures else None,
    )


def home_of_notes(notes: Iterable[tuple[int, int]], signature: int | None) -> Transposition:
    """How to move notes, given as MIDI number and duration, into the home key."""
    weights: Counter[int] = Counter()
    sounded = weighted = 0
    for midi, duration in notes:
        weights[midi % 12] += duration
        sounded += duration
        weighted += midi * duration
    semitones = 7 * (HOME_FIFTHS - estimate_fifths(weights, signature)) % 12
    center = weighted / sounded if sounded else HOME_CENTER_MIDI
    octaves = round((HOME_CENTER_MIDI - center - semitones) / 12)
    return Transposition(semitones + 12 * octaves, KeySignature(HOME_FIFTHS))


def key_of(melody: Melody) -> KeySignature:
    """The key signature that fits the melody best; the written one unless another is clearly better."""
    weights: Counter[int] = Counter()
    for note in _pitched(melody):
        weights[note.pitch.midi % 12] += note.duration
    signature = melody.measures[0].key.fifths if melody.measures else None
    return KeySignature(estimate_fifths(weights, signature))


@dataclass(frozen=True, slots=True)
class _PitchedNote:
    pitch: Pitch
    duration: int


def _pitched(melody: Melody) -> Iterable[_PitchedNote]:
    for measure in melody.measures:
        for note in measure.notes:
            if note.pitch is not None:
                yield _PitchedNote(note.pitch, note.duration)
