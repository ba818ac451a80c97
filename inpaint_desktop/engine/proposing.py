"""What engines that draw candidates share: what they refuse, how many they draw, and which of them become takes."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Protocol

from inpaint_desktop.encoding.window import gap_slots
from inpaint_desktop.engine.ranking import distinct, ranked
from inpaint_desktop.engine.reading import Reading
from inpaint_desktop.engine.recognising import recognised
from inpaint_desktop.engine.request import FillRequest, Progress, Take
from inpaint_desktop.engine.splicing import spliced
from inpaint_desktop.errors import SelectionError, UnsuitableModelError
from inpaint_desktop.models.device import one_thread
from inpaint_desktop.score.melody import Measure

CANDIDATES_PER_TAKE = 2
EXTRA_CANDIDATES = 4
EARLY_CANDIDATES = 4
"""So many are drawn before the others; the best of them is the first take, which comes sooner than the whole choice."""

MOST_ROUNDS = 6
BOLDER = 1.4
"""By how much bolder the candidates of each round are than those of the one before; see ``Candidates``."""

SEEDS_PER_REQUEST = 1000
LONGEST_GAP = 8


def ignore_progress(_share: float) -> None:
    """Do nothing with progress."""


class Candidates(Protocol):
    """A request that a model has read, ready to draw."""

    reading: Reading

    def candidates(self, seeds: Sequence[int], boldness: float = 1.0) -> list[Take]:
        """Draw one candidate for each seed.

        Under narrow constraints a model may hardly find takes that differ; a ``boldness`` above 1 lets it try what it
        holds for less likely. Where nothing holds measures together it changes nothing.
        """

    def take_of(self, measures: tuple[Measure, ...], seed: int) -> Take:
        """Make a take of measures that were written otherwise."""


class DrawingEngine(ABC):
    """Fills measures by drawing more candidates than takes are wanted and choosing among them."""

    @property
    @abstractmethod
    def meters(self) -> Sequence[str]:
        """The meters that the model has learned, by name."""

    @abstractmethod
    def drawing(self, request: FillRequest) -> Candidates:
        """Read a request."""

    def propose(self, request: FillRequest, progress: Progress = ignore_progress) -> Iterator[Take]:
        """Propose takes, the best of the first few as soon as these are drawn; see ``Engine.propose``."""
        self.check(request)
        progress(0.0)
        with one_thread():
            drawing = self.drawing(request)
        candidates: list[Take] = []
        shown: list[Take] = []
        parts = _parts(request)
        for place, seeds in enumerate(parts):
            with one_thread():
                drawn = drawing.candidates(seeds, _boldness(request, seeds[0]))
                candidates = distinct([*candidates, *drawn])
            if not place:
                shown = ranked(candidates, 1)
                yield from recognised(shown)
            progress((place + 1) / (len(parts) + 1))
            if len(shown) == request.takes or (place and len(candidates) >= request.takes):
                break
        progress(1.0)
        yield from recognised(ranked(candidates, request.takes, shown)[len(shown) :])

    def again(self, request: FillRequest, seed: int) -> Take:
        """Make one take of a request again, from its own seed."""
        self.check(request)
        with one_thread():
            drawn = self.drawing(request).candidates([seed], _boldness(request, seed))
        return recognised(drawn)[0]

    def splice(self, request: FillRequest, rhythm: Sequence[Measure], pitches: Sequence[Measure]) -> Take:
        """Make a take of the rhythm of one take of a request and the pitches of another.

        Raises:
            ConstraintError: the result would not meet what the request asks for, or differ from neither of them.
        """
        self.check(request)
        measures = spliced(request, rhythm, pitches)
        with one_thread():
            take = self.drawing(request).take_of(measures, request.seed * SEEDS_PER_REQUEST)
        return recognised([take])[0]

    def check(self, request: FillRequest) -> None:
        """Make sure that the model can fill these measures.

        Raises:
            UnsuitableModelError: the meter is one the model was not trained for, or a measure is irregular.
            SelectionError: the selection is too long.
        """
        missing = len(gap_slots(request.melody, request.span))
        if missing > LONGEST_GAP:
            message = f"These measures are too many at once; choose at most {LONGEST_GAP}."
            raise SelectionError(message)
        for measure in request.melody.measures[request.span.start : request.span.stop]:
            self._check_measure(measure)

    def _check_measure(self, measure: Measure) -> None:
        place = f"Measure {measure.number}" if measure.number else "A chosen measure"
        if str(measure.meter) not in self.meters:
            message = (
                f"{place} is in {measure.meter}, which this model has not learned; choose measures in "
                f"{_choice(self.meters)}."
            )
            raise UnsuitableModelError(message)
        if measure.duration > measure.meter.ticks:
            message = f"{place} is longer than its meter says; correct it or choose other measures."
            raise UnsuitableModelError(message)


def _parts(request: FillRequest) -> list[range]:
    """The seeds that are drawn at a time: a round, and more where it leads to too few takes that differ.

    Of the first round, some come before the others, unless a single take is wanted.
    """
    rounds = [_seeds(request, turn) for turn in range(MOST_ROUNDS)]
    early = EARLY_CANDIDATES if request.takes > 1 else 0
    return [*filter(None, (rounds[0][:early], rounds[0][early:])), *rounds[1:]]


def _seeds(request: FillRequest, turn: int) -> range:
    """The seeds of the candidates of a round."""
    first = request.seed * SEEDS_PER_REQUEST + turn * _wanted(request)
    return range(first, first + _wanted(request))


def _wanted(request: FillRequest) -> int:
    """How many candidates a round has."""
    return CANDIDATES_PER_TAKE * request.takes + EXTRA_CANDIDATES


def _boldness(request: FillRequest, seed: int) -> float:
    """How boldly the candidate with a seed of a request is drawn: the later it comes, the more so."""
    turn = (seed - request.seed * SEEDS_PER_REQUEST) // _wanted(request)
    return float(BOLDER ** min(max(turn, 0), MOST_ROUNDS))


def _choice(names: Sequence[str]) -> str:
    """The names as a choice: a, b or c."""
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))
