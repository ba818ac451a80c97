"""A request as a model reads it: the window in its key, the rules, and the way from tokens back to a take."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import torch
from torch import Tensor

from inpaint_desktop.encoding.grammar import (
    NO_NOTES,
    Constraints,
    Gap,
    Grammar,
    Resemblance,
    Rules,
    checked_rules,
    grammar_of,
)
from inpaint_desktop.encoding.transposition import Transposition, home_of, key_of
from inpaint_desktop.encoding.window import Window, window_around
from inpaint_desktop.engine.asked import as_asked
from inpaint_desktop.engine.fitting import fit
from inpaint_desktop.engine.guiding import Guide
from inpaint_desktop.engine.properties import Surroundings, properties_in
from inpaint_desktop.engine.request import FillRequest, Take
from inpaint_desktop.engine.sampling import RuledSampler, uniforms_of
from inpaint_desktop.errors import ConstraintError
from inpaint_desktop.score.melody import Measure, Melody, Span


class Reading:
    """What all candidates for a request share, whatever model draws them.

    ``in_home_key`` says that the model reads every tune in the home key, ``longest`` how many measures it sees.

    Raises:
        ConstraintError: what is asked for cannot be met, or leaves no note that the model has.
    """

    def __init__(self, request: FillRequest, device: torch.device, *, in_home_key: bool, longest: int) -> None:
        self.request = request
        self.device = device
        self._longest = longest
        melody, span = request.melody, request.span
        around = around_gap(melody, span)
        self.key = key_of(around)
        self.transposition = home_of(around) if in_home_key else Transposition(0, melody.measures[span.start].key)
        self.window = window_around(melody, span, self.transposition, longest=longest)
        self.gap = Gap.of(melody, span, self.window, self.transposition)
        self.constraints = in_key(request)
        self.grammars = self._grammars()
        if not request.is_free:
            _ = self.rules

    @cached_property
    def rules(self) -> Rules:
        """The rules of the whole gap."""
        request = self.request
        resemblance = Resemblance(request.example, request.similarity) if request.heeds_example else None
        return checked_rules(self.gap, self.constraints, resemblance)

    def _grammars(self) -> list[Grammar]:
        """The rules for each measure of the gap, as far as they hold in any measure."""
        pitches = Constraints(self.constraints.lowest, self.constraints.highest, self.constraints.pitch_classes)
        grammars = [
            grammar_of(self.request.melody.measures[slot.start].meter, pitches, self.transposition.semitones)
            for slot in self.window.slots
        ]
        if not all(grammar.has_notes for grammar in grammars):
            raise ConstraintError(NO_NOTES)
        return grammars

    def sampler(self, seeds: Sequence[int], boldness: float = 1.0) -> RuledSampler:
        """What draws the tokens of the whole gap, one candidate for each seed; see ``Candidates``."""
        variety, rules = self.request.variety.bolder(boldness), self.rules
        uniforms = uniforms_of(seeds, (len(self.window.slots), self.gap.ticks), "tokens").flatten(1)
        guide = Guide(rules, self.window, self.request.guidance, len(seeds))
        return RuledSampler(
            rules.walk(len(seeds)), guide, uniforms, temperature=variety.temperature, top_p=variety.top_p
        )

    def tokens_of(self, measures: Sequence[Measure]) -> Tensor:
        """The tokens of measures that stand, or might stand, in the gap, (N, T)."""
        melody, span = self.request.melody, self.request.span
        window: Window = window_around(
            melody.with_measures(span, measures), span, self.transposition, longest=self._longest
        )
        return torch.tensor(window.gap, device=self.device)

    def take(self, rows: Sequence[Sequence[int]], seed: int, likelihood: float) -> Take:
        """Make a take of the gap's tokens, one row a measure."""
        melody, span = self.request.melody, self.request.span
        measures = fit([tuple(row) for row in rows], melody, span, semitones=self.transposition.semitones)
        if not self.request.is_free:
            measures = as_asked(measures, self.gap, self.request.constraints)
        return self.take_of(measures, seed, likelihood)

    def take_of(self, measures: tuple[Measure, ...], seed: int, likelihood: float) -> Take:
        """Make a take of measures."""
        return Take(self.request, measures, seed, likelihood, properties_in(measures, self._surroundings))

    @cached_property
    def _surroundings(self) -> Surroundings:
        """What takes are measured against."""
        return Surroundings.of(self.request.melody, self.request.span, self.key)


def in_key(request: FillRequest) -> Constraints:
    """The request's constraints, and the key's pitch classes among them where the takes shall stay in key."""
    constraints = request.constraints
    if not request.stay_in_key:
        return constraints
    around = around_gap(request.melody, request.span)
    allowed = key_of(around).pitch_classes | _pitch_classes(around)
    if constraints.pitch_classes is not None:
        allowed &= constraints.pitch_classes
    return replace(constraints, pitch_classes=allowed)


def around_gap(melody: Melody, gap: Span) -> Melody:
    """The measures around the gap; what stands in it has no say in the key, unless there is nothing else."""
    return Melody((*melody.measures[: gap.start], *melody.measures[gap.stop :]) or melody.measures)


def _pitch_classes(melody: Melody) -> frozenset[int]:
    """The pitch classes that a melody uses, accidentals among them."""
    return frozenset(note.pitch.midi % 12 for measure in melody.measures for note in measure.notes if note.pitch)
