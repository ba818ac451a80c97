"""A request as a model reads it: the window in its key, the rules, and the way from tokens back to a take."""

from collections.abc import Sequence

import torch

from inpaint_desktop.encoding.grammar import Constraints, Grammar, grammar_of
from inpaint_desktop.encoding.transposition import Transposition, home_of, key_of
from inpaint_desktop.encoding.window import window_around
from inpaint_desktop.engine.fitting import fit
from inpaint_desktop.engine.properties import properties_of
from inpaint_desktop.engine.request import FillRequest, Take
from inpaint_desktop.errors import SettingsError
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Melody, Span


class Reading:
    """What all candidates for a request share, whatever model draws them.

    ``in_home_key`` says that the model reads every tune in the home key, ``longest`` how many measures it sees.
    """

    def __init__(self, request: FillRequest, device: torch.device, *, in_home_key: bool, longest: int) -> None:
        self.request = request
        self.device = device
        melody, span = request.melody, request.span
        around = _around(melody, span)
        self.key = key_of(around)
        self.transposition = home_of(around) if in_home_key else Transposition(0, melody.measures[span.start].key)
        self.window = window_around(melody, span, self.transposition, longest=longest)
        self.grammars = self._rules(_with_key(request, around, self.key))

    def _rules(self, constraints: Constraints) -> list[Grammar]:
        """The rules for each measure of the gap.

        Raises:
            SettingsError: they leave no note that the model has.
        """
        measures = self.request.melody.measures
        grammars = [
            grammar_of(measures[slot.start].meter, constraints, self.transposition.semitones)
            for slot in self.window.slots
        ]
        if not all(grammar.has_notes for grammar in grammars):
            message = "The limits leave no note that may be used; widen the range, or allow notes out of key."
            raise SettingsError(message)
        return grammars

    @property
    def heeds_original(self) -> bool:
        """Whether the measures that stand in the gap now have a say."""
        span, measures = self.request.span, self.request.melody.measures
        is_silent = all(note.is_rest for index in span.indices for note in measures[index].notes)
        return self.request.similarity > 0 and not is_silent

    def take(self, rows: Sequence[Sequence[int]], seed: int, likelihood: float) -> Take:
        """Make a take of the gap's tokens, one row a measure."""
        melody, span = self.request.melody, self.request.span
        measures = fit([tuple(row) for row in rows], melody, span, semitones=self.transposition.semitones)
        original = melody.measures[span.start : span.stop]
        return Take(self.request, measures, seed, likelihood, properties_of(measures, original, self.key))


def _with_key(request: FillRequest, around: Melody, key: KeySignature) -> Constraints:
    """The request's constraints, and the key's pitch classes among them where the takes shall stay in key."""
    constraints = request.constraints
    if not request.stay_in_key:
        return constraints
    allowed = key.pitch_classes | _pitch_classes(around)
    if constraints.pitch_classes is not None:
        allowed &= constraints.pitch_classes
    return Constraints(constraints.lowest, constraints.highest, allowed)


def _around(melody: Melody, gap: Span) -> Melody:
    """The measures around the gap; what stands in it has no say in the key, unless there is nothing else."""
    return Melody((*melody.measures[: gap.start], *melody.measures[gap.stop :]) or melody.measures)


def _pitch_classes(melody: Melody) -> frozenset[int]:
    """The pitch classes that a melody uses, accidentals among them."""
    return frozenset(note.pitch.midi % 12 for measure in melody.measures for note in measure.notes if note.pitch)
