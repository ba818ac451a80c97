"""Cut, copy and paste of whole measures: their notes travel, what governs them stays."""

from collections.abc import Sequence

from inpaint_desktop.errors import SelectionError
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.places import Change, with_sound_ties


def copied(melody: Melody, span: Span) -> tuple[Measure, ...]:
    """Take the measures of ``span`` to paste them elsewhere.

    Raises:
        SelectionError: the span is not in the melody.
    """
    melody.check(span)
    return melody.measures[span.start : span.stop]


def cut(melody: Melody, span: Span) -> Change:
    """Leave a rest in every measure of ``span``; take them with ``copied`` before.

    Raises:
        SelectionError: the span is not in the melody.
    """
    return Change(span, tuple(_silent(measure) for measure in copied(melody, span)))


def _silent(measure: Measure) -> Measure:
    return measure.with_notes((Note(0, measure.duration, None),) if measure.duration else ())


def pasted(melody: Melody, start: int, measures: Sequence[Measure]) -> Change:
    """Put the notes of copied measures over those from measure ``start`` on.

    Raises:
        SelectionError: there is nothing to paste, they reach beyond the end of the tune, or a measure has
            another length than the one that it goes into.
    """
    span = Span(start, start + len(measures))
    _check_room(melody, span)
    here = melody.measures[span.start : span.stop]
    for mine, theirs in zip(here, measures, strict=True):
        if mine.duration != theirs.duration:
            message = (
                f"Measure {mine.number or '?'} has another length than the copied measure {theirs.number or '?'};"
                " paste where the measures are as long."
            )
            raise SelectionError(message)
    new = [mine.with_notes(theirs.notes) for mine, theirs in zip(here, measures, strict=True)]
    return Change(span, with_sound_ties(melody, span, new))


def _check_room(melody: Melody, span: Span) -> None:
    if not span.indices:
        message = "Nothing has been copied yet; select some measures and copy them first."
        raise SelectionError(message)
    room = len(melody.measures) - span.start
    if len(span) > room >= 0:
        message = (
            f"{len(span)} copied measures do not fit before the end of the tune, {room} from here;"
            " paste further to the front."
        )
        raise SelectionError(message)
    melody.check(span)
