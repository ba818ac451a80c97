"""The order in which the measures of a tune are played: repeats and endings, D.C., D.S., Fine and coda.

After a jump back, repeats are left out and of endings the last one is played, as is the custom, up to the coda or
to where the jump was made. Each jump back is made once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from inpaint_desktop.score.form import FormSign
from inpaint_desktop.score.melody import Measure

MAX_PLAYED_MEASURES = 20_000


def played_order(measures: Sequence[Measure], *, with_jumps: bool = True) -> tuple[int, ...]:
    """The indices of the measures in the order in which they are played; without jumps, only repeats are followed."""
    walk = _Walk(measures, with_jumps=with_jumps)
    order: list[int] = []
    while walk.index < len(measures) and len(order) < MAX_PLAYED_MEASURES:
        index = walk.index
        if walk.step():
            order.append(index)
    return tuple(order)


@dataclass(slots=True)
class _Walk:
    """Goes through the measures of a tune. A section begins at ``start`` and is played for the ``turn``-th time.

    ``jumped_from`` is the measure of the last jump back, until the music goes on behind it.
    """

    measures: Sequence[Measure]
    with_jumps: bool
    index: int = 0
    start: int = 0
    turn: int = 1
    jumped_from: int | None = None
    jumps_made: set[int] = field(default_factory=set)

    def step(self) -> bool:
        """Go on to the measure that comes next; say whether the one before it is played."""
        measure = self.measures[self.index]
        if measure.repeat_start and self.index != self.start:
            self.start, self.turn = self.index, 1
        is_played = not measure.endings or self._this_turn in measure.endings
        target = self._target() if is_played else None
        if target is not None:
            self.index = target
            return True
        if _ends_section(self.measures, self.index, is_played=is_played):
            self.start, self.turn = self.index + 1, 1
        self.index += 1
        return is_played

    @property
    def _has_jumped(self) -> bool:
        return self.jumped_from is not None

    @property
    def _this_turn(self) -> int:
        return _turns(self.measures, self.start) if self._has_jumped else self.turn

    def _target(self) -> int | None:
        """Where it goes on after a measure that was played, if not with the next one."""
        repeats = self.measures[self.index].repeat_end and not self._has_jumped
        if repeats and self.turn < _turns(self.measures, self.start):
            self.turn += 1
            return self.start
        target = self._jump() if self.with_jumps else None
        if target is not None:
            self.start, self.turn = target, 1
        return target

    def _jump(self) -> int | None:
        signs = self.measures[self.index].form_signs
        if self._has_jumped and FormSign.FINE in signs:
            return len(self.measures)
        coda = self._coda() if self._has_jumped and self._leaves_for_coda() else None
        if coda is not None:
            self.jumped_from = None
            return coda
        return self._jump_back()

    def _jump_back(self) -> int | None:
        signs = self.measures[self.index].form_signs
        target = 0 if FormSign.DA_CAPO in signs else self._segno() if FormSign.DAL_SEGNO in signs else None
        if self.index == self.jumped_from:
            self.jumped_from = None
        if target is None or self.index in self.jumps_made:
            return None
        self.jumps_made.add(self.index)
        self.jumped_from = self.index
        return target

    def _leaves_for_coda(self) -> bool:
        following = self.measures[self.index + 1 : self.index + 2]
        return FormSign.TO_CODA in self.measures[self.index].form_signs or any(
            FormSign.TO_CODA_HERE in measure.form_signs for measure in following
        )

    def _coda(self) -> int | None:
        """The next coda, if there is one."""
        places = range(self.index + 1, len(self.measures))
        return next((place for place in places if FormSign.CODA in self.measures[place].form_signs), None)

    def _segno(self) -> int | None:
        """The nearest segno before here, if there is one."""
        places = range(self.index, -1, -1)
        return next((place for place in places if FormSign.SEGNO in self.measures[place].form_signs), None)


def _turns(measures: Sequence[Measure], start: int) -> int:
    """How many times the section that begins at ``start`` is played: as its endings say, or twice."""
    turns = 2
    has_endings = False
    for index in range(start, len(measures)):
        measure = measures[index]
        if index > start and (measure.repeat_start or (has_endings and not measure.endings)):
            break
        has_endings = bool(measure.endings)
        turns = max(turns, *measure.endings, 2)
        if measure.repeat_end and not _goes_on_in_endings(measures, index):
            break
    return turns


def _goes_on_in_endings(measures: Sequence[Measure], index: int) -> bool:
    """Whether another ending of the same section follows."""
    following = measures[index + 1] if index + 1 < len(measures) else None
    return (
        following is not None
        and bool(following.endings)
        and max(following.endings) > max(measures[index].endings, default=0)
    )


def _ends_section(measures: Sequence[Measure], index: int, *, is_played: bool) -> bool:
    """Whether a section ends here and is not repeated any more."""
    measure = measures[index]
    if measure.endings:
        following = measures[index + 1] if index + 1 < len(measures) else None
        goes_on = following is not None and (
            following.endings == measure.endings or _goes_on_in_endings(measures, index)
        )
        return not goes_on
    return is_played and measure.repeat_end
