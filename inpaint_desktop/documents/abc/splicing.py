"""New notes put into measures of an ABC text, with everything else in its place.

Inside a measure, chord symbols, annotations, directions, inline fields, comments, line breaks and the
text of other voices are kept at the time at which they stood. Grace notes, ornaments, chords and slurs stay
with notes that stay and go with the others (see ``hanging``); of a slur that crosses the edge of the replaced
measures, the half inside is kept, so that its partner outside does not dangle.

Times are ticks from the start of the measure; places are character offsets.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from inpaint_desktop.documents.abc.fields import Context
from inpaint_desktop.documents.abc.hanging import CHORD, GRACE, ORNAMENT, NewMeasure, hanging_on
from inpaint_desktop.documents.abc.located import Item, LocatedMeasure
from inpaint_desktop.documents.abc.writing import write_notes
from inpaint_desktop.documents.document import MeasureMark
from inpaint_desktop.documents.rhythm import Written
from inpaint_desktop.documents.wording import gone, to_single_notes
from inpaint_desktop.score.pitch import Pitch

_AT_A_NOTE = frozenset({"string", "direction"})
_BETWEEN_NOTES = frozenset({"inline", "ending"})
_EMPTY_LINES = re.compile(r"(\r\n|\n|\r)(?:[ \t]*(?:\r\n|\n|\r))+")
_LINE_END = re.compile(r"[ \t]*(?:[\r\n]|\Z)")
_LINE_BREAK = frozenset({"space", "continuation", "comment", "text", "newline", "field", "foreign", "linebreak"})
_KEEPS_BREAK = frozenset({"newline", "foreign", "linebreak"})


@dataclass(frozen=True, slots=True)
class Replacement:
    """Text that takes the place of what stands from ``start`` to ``stop``."""

    start: int
    stop: int
    text: str


@dataclass(frozen=True, slots=True)
class _Fixture:
    """Text that stays in a measure: at which time, and whether it hangs on a note."""

    text: str
    onset: int
    is_at_note: bool
    context: Context | None

    @property
    def is_chord_symbol(self) -> bool:
        """Whether it is a chord symbol, not an annotation or a direction."""
        return self.is_at_note and self.text[:1] == '"' and self.text[1:2] not in "^_<>@"


@dataclass(frozen=True, slots=True)
class Splice:
    """What takes the place of what, and sentences about what hung on the notes and is lost."""

    replacements: tuple[Replacement, ...]
    dropped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _SlurEdge:
    """One end of a slur: in which of the replaced measures, when, and whether it opens the slur."""

    measure: int
    onset: int
    opens: bool


def spliced(text: str, replacements: Iterable[Replacement]) -> str:
    """Put every replacement in its place; they must not overlap."""
    pieces, end = [], 0
    for replacement in sorted(replacements, key=lambda one: (one.start, one.stop)):
        pieces += [text[end : replacement.start], replacement.text]
        end = replacement.stop
    return "".join([*pieces, text[end:]])


def splice_notes(
    text: str,
    located: Sequence[LocatedMeasure],
    chosen: range,
    new: Sequence[NewMeasure],
    *,
    tied_from: Pitch | None = None,
) -> Splice:
    """Write new notes into the measures ``chosen`` of ``located``.

    ``tied_from`` is the note before them, where a tie stands after it.
    """
    slurs = _slurs([located[index] for index in chosen])
    kept = [slur for slur in slurs.inner if _stays(new, *slur)]
    edges = [*slurs.crossing, *(edge for slur in kept for edge in slur)]
    texts, lost = {}, {}
    for place, index in enumerate(chosen):
        mine = [edge for edge in edges if edge.measure == place]
        texts[index], lost[index] = _measure_text(text, located[index], new[place], mine, tied_from)
        tied_from = new[place].written[-1].pitch if located[index].is_tied_outside else None
    slots = groupby(range(len(located)), key=lambda index: located[index].slot)
    groups = (list(group) for _, group in slots)
    replacements = tuple(
        _slot_text(text, located, group, texts) for group in groups if any(index in texts for index in group)
    )
    lost_slurs = sorted({chosen[start.measure] for start, stop in slurs.inner if (start, stop) not in kept})
    return Splice(replacements, tuple(_sentences([measure.mark.number for measure in located], lost, lost_slurs)))


def _slot_text(
    text: str, located: Sequence[LocatedMeasure], group: Sequence[int], texts: dict[int, str]
) -> Replacement:
    """The text of one place; of a ``Z4``, the measures that are not replaced stay rests."""
    pieces: list[str] = []
    for is_new, run in groupby(group, key=lambda index: index in texts):
        indices = list(run)
        if is_new:
            pieces += [texts[index] for index in indices]
        else:
            pieces.append(f"Z{len(indices)}" if len(indices) > 1 else "Z")
    mark = located[group[0]].mark
    new = _without_blank_lines(text, mark, " | ".join(pieces))
    return Replacement(mark.start, mark.stop, _kept_apart(text, mark, new))


def _kept_apart(text: str, mark: MeasureMark, new: str) -> str:
    """Keep stray signs beside a measure from becoming accidentals, octave marks or lengths of the new notes."""
    before = " " if text[mark.start - 1 : mark.start] in set("^_=") else ""
    after = " " if text[mark.stop : mark.stop + 1] in set(",'/0123456789") else ""
    return before + new + after


def _without_blank_lines(text: str, mark: MeasureMark, new: str) -> str:
    """Take away line breaks that would leave a line empty, which ends an ABC tune."""
    new = _EMPTY_LINES.sub(r"\1", new)
    before = text[max(mark.start - 500, 0) : mark.start].rstrip(" \t")
    if not before or before[-1] in "\r\n":
        new = new.lstrip(" \t\r\n")
    if _LINE_END.match(text, mark.stop):
        new = new.rstrip(" \t\r\n")
    return new


# One measure


def _measure_text(
    text: str,
    located: LocatedMeasure,
    new: NewMeasure,
    edges: Sequence[_SlurEdge],
    tied_from: Pitch | None,
) -> tuple[str, Set[str]]:
    """The new text of a measure, and the kinds of things that hung on its notes and are lost."""
    notes = new.written
    fixtures = (
        [] if len(located.sounds) == 1 and located.items[0].kind == "long_rest" else _fixtures(text, located.items)
    )
    targets = _targets(fixtures, notes)
    contexts = _contexts(located.context, fixtures, targets, len(notes))
    hanging = hanging_on(text, located, new, contexts, is_tied_to=tied_from is not None)
    is_pickup = located.mark.is_pickup
    written = write_notes(notes, contexts, is_pickup=is_pickup, tied_from=tied_from, chords=hanging.chords)
    opened, closed = _slur_places(edges, notes)
    pieces: list[str] = []
    for index in range(len(written) + 1):
        for fixture, target in zip(fixtures, targets, strict=True):
            if target == index:
                _add_fixture(pieces, fixture)
        if index < len(written):
            note = written[index]
            # A tie belongs right after its note; a slur closes after the tie.
            pieces += ["(" * opened.count(index), note.tuplet, hanging.before.get(index, "")]
            pieces += [note.text, ")" * closed.count(index), note.space]
    return "".join(pieces).rstrip(" "), hanging.lost


def _add_fixture(pieces: list[str], fixture: _Fixture) -> None:
    """Append kept text; a line break brings its own spaces."""
    if not fixture.is_at_note and pieces and fixture.text.strip(" ") != fixture.text:
        pieces[-1] = pieces[-1].rstrip(" ")
    pieces.append(fixture.text)


def _fixtures(text: str, items: Sequence[Item]) -> list[_Fixture]:
    found: list[_Fixture] = []
    for is_break, run in groupby(items, key=lambda item: item.kind in _LINE_BREAK):
        tokens = list(run)
        if is_break:
            if any(token.kind in _KEEPS_BREAK for token in tokens):
                contexts = [token.context for token in tokens if token.context]
                last = contexts[-1] if contexts else None
                kept = text[tokens[0].start : tokens[-1].stop]
                found.append(_Fixture(kept, tokens[0].onset, is_at_note=False, context=last))
            continue
        found += [
            _Fixture(text[token.start : token.stop], token.onset, token.kind in _AT_A_NOTE, token.context)
            for token in tokens
            if token.kind in _AT_A_NOTE or token.kind in _BETWEEN_NOTES
        ]
    return found


def _targets(fixtures: Sequence[_Fixture], notes: Sequence[Written]) -> list[int]:
    """The index of the note before which each fixture stands; the number of notes is the end.

    What hangs on a note goes to the note that sounds at its time; a chord symbol to the next one
    where that note has got a chord symbol of another time. Anything else goes before the first
    note that begins at its time or later.
    """
    targets: list[int] = []
    taken: dict[int, int] = {}  # note -> the time of its chord symbol
    for fixture in fixtures:
        if fixture.is_at_note:
            index = next((i for i, note in enumerate(notes) if note.end > fixture.onset), len(notes) - 1)
            if fixture.is_chord_symbol:
                is_free = taken.get(index, fixture.onset) == fixture.onset
                index += 0 if is_free or index + 1 == len(notes) else 1
                taken.setdefault(index, fixture.onset)
        else:
            index = next((i for i, note in enumerate(notes) if note.onset >= fixture.onset), len(notes))
        targets.append(index)
    return targets


def _contexts(first: Context, fixtures: Sequence[_Fixture], targets: Sequence[int], count: int) -> list[Context]:
    contexts = []
    for index in range(count):
        changes = [f.context for f, target in zip(fixtures, targets, strict=True) if f.context and target <= index]
        contexts.append(changes[-1] if changes else first)
    return contexts


# Slurs


class _Slurs(NamedTuple):
    """The halves of slurs whose other half stands outside the replaced measures, and the slurs that lie inside."""

    crossing: Sequence[_SlurEdge]
    inner: Sequence[tuple[_SlurEdge, _SlurEdge]]


def _slurs(measures: Sequence[LocatedMeasure]) -> _Slurs:
    opened: list[_SlurEdge] = []
    closed: list[_SlurEdge] = []
    inner: list[tuple[_SlurEdge, _SlurEdge]] = []
    for place, item in ((place, item) for place, measure in enumerate(measures) for item in measure.items):
        if item.kind == "slur_start":
            opened.append(_SlurEdge(place, item.onset, True))
        elif item.kind == "slur_stop" and opened:
            inner.append((opened.pop(), _SlurEdge(place, item.onset, False)))
        elif item.kind == "slur_stop":
            closed.append(_SlurEdge(place, item.onset, False))
    return _Slurs(closed + opened, inner)


def _stays(new: Sequence[NewMeasure], start: _SlurEdge, stop: _SlurEdge) -> bool:
    """Whether a slur stays: the notes under it do, or the rhythm of all its measures."""
    return all(
        new[place].notes.keeps_line(
            start.onset if place == start.measure else 0, stop.onset if place == stop.measure else None
        )
        for place in range(start.measure, stop.measure + 1)
    )


def _slur_places(edges: Sequence[_SlurEdge], notes: Sequence[Written]) -> tuple[list[int], list[int]]:
    """The notes before which slurs open, and those after which they close."""
    pitched = [index for index, note in enumerate(notes) if note.pitch] or list(range(len(notes)))
    opened = [next((i for i in pitched if notes[i].end > edge.onset), pitched[-1]) for edge in edges if edge.opens]
    closed = [
        next((i for i in reversed(pitched) if notes[i].onset < edge.onset), pitched[0])
        for edge in edges
        if not edge.opens
    ]
    return opened, closed


# What is lost


def _sentences(numbers: Sequence[str], lost: Mapping[int, Set[str]], lost_slurs: Sequence[int]) -> Iterator[str]:
    """Name what hung on the notes of measures and is lost, by their index."""
    for kind, what in ((GRACE, "The grace notes"), (ORNAMENT, "The ornaments")):
        if concerned := [index for index, kinds in lost.items() if kind in kinds]:
            yield gone(what, numbers, concerned)
    if concerned := [index for index, kinds in lost.items() if CHORD in kinds]:
        yield to_single_notes(numbers, concerned)
    if lost_slurs:
        yield gone("The slurs", numbers, lost_slurs)
