"""Notes as ABC text, the way a careful engraver would write them.

Accidentals stand only where the key signature and the notes before ask for one. Programs do not
agree whether an accidental also holds in other octaves, so where one was written in another
octave the note gets its own. Groups of beamed notes are divided by spaces: by the felt beat, and
in 4/4 and 2/2 by halves of the measure where nothing is shorter than an eighth.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from inpaint_desktop.documents.abc.fields import ALTERATIONS, Context, unit_by_meter
from inpaint_desktop.documents.ties import with_sound_ties
from inpaint_desktop.score.melody import Measure, Melody, Note
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.pitch import Pitch

TICKS_PER_WHOLE = 4 * TICKS_PER_QUARTER
SHORTEST_TICKS = TICKS_PER_QUARTER // 32  # a 128th note
MEASURES_A_LINE = 4

_SIGNS = {alter: sign for sign, alter in ALTERATIONS.items()}
_TUPLETS = ((3, 2), (5, 4), (7, 4))  # so many in the time of so many
_MODE_NAMES = {"minor": "m", "mixolydian": "mix", "dorian": "dor", "phrygian": "phr", "lydian": "lyd", "locrian": "loc"}
_MODE_FIFTHS = {"minor": 3, "mixolydian": 1, "dorian": 2, "phrygian": 4, "lydian": -1, "locrian": 5}
_TONIC_LINE = "FCGDAEB"


@dataclass(frozen=True, slots=True)
class WrittenNote:
    """A note as text, with the tuplet sign before it and the tie after it.

    ``space`` is what divides it from the next note: a space where a group ends, or nothing.
    """

    note: Note
    text: str
    space: str


# How notes are divided


def as_written(notes: Sequence[Note], meter: Meter, *, start: int = 0) -> tuple[Note, ...]:
    """Split the notes that no single written note can stand for into tied ones, at beats.

    ``start`` is the tick of the full measure at which these notes begin: more than 0 in a pickup.
    """
    tuplets = {note for group in _tuplet_groups(notes) for note in group.notes}
    return tuple(
        part for note in notes for part in ([note] if note in tuplets else _split_note(note, meter, start=start))
    )


def _split_note(note: Note, meter: Meter, *, start: int) -> Iterator[Note]:
    while not _is_writable(note.duration) and note.duration % SHORTEST_TICKS == 0:
        cut = _cut(note, meter, start=start)
        yield replace(note, duration=cut, ties_on=note.pitch is not None)
        note = replace(note, onset=note.onset + cut, duration=note.duration - cut)
    yield note


def _cut(note: Note, meter: Meter, *, start: int) -> int:
    """How long the first part of a note is that must be split: up to a beat, if one lies within it."""
    for grid in (meter.ticks // 2 if meter.beats % 2 == 0 else meter.beat_ticks, meter.beat_ticks):
        to_beat = grid - (note.onset + start) % grid
        cuts = [cut for cut in range(to_beat, note.duration, grid) if _is_writable(cut)]
        best = [cut for cut in cuts if _is_writable(note.duration - cut)]
        if best or cuts:
            return (best or cuts)[-1]
    return max(cut for cut in _writable_lengths() if cut < note.duration)


def _is_writable(ticks: int) -> bool:
    """Whether a plain or dotted note lasts this long."""
    return ticks in _writable_lengths()


def _writable_lengths() -> frozenset[int]:
    return _WRITABLE


_WRITABLE = frozenset(
    length
    for power in range(9)
    for length in (SHORTEST_TICKS << power, (SHORTEST_TICKS << power) * 3 // 2)
    if length % SHORTEST_TICKS == 0
) | {2 * TICKS_PER_WHOLE, TICKS_PER_WHOLE * 3 // 2}


# Tuplets


@dataclass(frozen=True, slots=True)
class _TupletGroup:
    """Notes under one tuplet sign: ``actual`` in the time of ``normal``."""

    notes: tuple[Note, ...]
    actual: int
    normal: int

    @property
    def sign(self) -> str:
        count = len(self.notes)
        is_plain = (self.actual, self.normal) == (3, 2) and count == 3
        return "(3" if is_plain else f"({self.actual}:{self.normal}:{count}"


def _tuplet_groups(notes: Sequence[Note]) -> Iterator[_TupletGroup]:
    """Find the runs of notes that a tuplet sign makes writable."""
    index = 0
    while index < len(notes):
        group = _group_at(notes, index)
        if group:
            yield group
        index += len(group.notes) if group else 1


def _group_at(notes: Sequence[Note], index: int) -> _TupletGroup | None:
    if notes[index].duration % SHORTEST_TICKS == 0:
        return None
    for actual, normal in _TUPLETS:
        count = _group_length(notes[index:], Fraction(actual, normal))
        if count:
            return _TupletGroup(tuple(notes[index : index + count]), actual, normal)
    return None


def _group_length(notes: Sequence[Note], factor: Fraction) -> int:
    """How many notes fill a time without the tuplet's help; 0 where they never do.

    The first place where a beat ends is best, and any other is second best.
    """
    second_best = total = 0
    for count, note in enumerate(notes[:9], start=1):
        total += note.duration
        written = note.duration * factor
        if written.denominator != 1 or not _is_writable(int(written)):
            break
        if total % TICKS_PER_QUARTER == 0 and count > 1:
            return count
        if total % SHORTEST_TICKS == 0:
            second_best = second_best or count
    return second_best


# Notes to text


def write_notes(
    notes: Sequence[Note], contexts: Sequence[Context], *, start: int = 0, tied_from: Pitch | None = None
) -> tuple[WrittenNote, ...]:
    """Write notes that ``as_written`` has divided, each under its context.

    ``start`` is the tick of the full measure at which these notes begin: more than 0 in a pickup.
    ``tied_from`` is the note before them, where a tie stands after it.
    """
    signs: dict[Note, str] = {}
    factors: dict[Note, Fraction] = {}
    for group in _tuplet_groups(notes):
        signs[group.notes[0]] = group.sign
        factors |= dict.fromkeys(group.notes, Fraction(group.actual, group.normal))
    names = _names(notes, contexts, tied_from)
    texts = (
        signs.get(note, "") + name + _length(note.duration * factors.get(note, Fraction(1)), context.unit)
        for note, context, name in zip(notes, contexts, names, strict=True)
    )
    spaces = _spaces(notes, contexts[0].meter, start=start)
    return tuple(
        WrittenNote(note, text + ("-" if note.ties_on else ""), space)
        for note, text, space in zip(notes, texts, spaces, strict=True)
    )


def _length(ticks: Fraction, unit: Fraction) -> str:
    length = ticks / TICKS_PER_WHOLE / unit
    numerator = str(length.numerator) if length.numerator != 1 else ""
    denominator = {1: "", 2: "/"}.get(length.denominator, f"/{length.denominator}")
    return numerator + ("/2" if numerator and denominator == "/" else denominator)


def _names(notes: Sequence[Note], contexts: Sequence[Context], tied_from: Pitch | None) -> Iterator[str]:
    """The accidental, letter and octave marks of each note."""
    held: dict[str, dict[int, int]] = {}  # step -> octave -> the alteration last written there
    for note, context in zip(notes, contexts, strict=True):
        if note.pitch is None:
            yield "z"
            continue
        pitch = replace(note.pitch, octave=note.pitch.octave - context.octave_shift)
        expected = _expected(pitch, context, held.get(pitch.step, {}))
        if note is notes[0] and tied_from and tied_from.staff_position == note.pitch.staff_position:
            expected.add(tied_from.alter)  # a tie would carry its accidental over the barline
        sign = "" if expected == {pitch.alter} else _SIGNS[pitch.alter]
        if sign:
            before = held.pop(pitch.step, {})
            before.pop(pitch.octave, None)
            held[pitch.step] = {**before, pitch.octave: pitch.alter}  # the newest stands last
        yield sign + _letter(pitch)


def _expected(pitch: Pitch, context: Context, held: Mapping[int, int]) -> set[int]:
    """The alterations that readers may give to the note when it has no accidental."""
    by_key = context.alter(pitch.step)
    if context.propagation == "not":
        return {by_key}
    by_octave = held.get(pitch.octave, by_key)
    by_pitch = list(held.values())[-1] if held else by_key
    return {by_octave, by_pitch}


def _letter(pitch: Pitch) -> str:
    if pitch.octave >= 5:
        return pitch.step.lower() + "'" * (pitch.octave - 5)
    return pitch.step + "," * (4 - pitch.octave)


def _spaces(notes: Sequence[Note], meter: Meter, *, start: int) -> Iterator[str]:
    for note, after in pairwise(notes):
        group = _group_ticks(notes, meter, note.onset + start, start=start)
        yield " " if (note.onset + start) // group != (after.onset + start) // group else ""
    yield ""


def _group_ticks(notes: Sequence[Note], meter: Meter, tick: int, *, start: int) -> int:
    """How long the group of beamed notes at ``tick`` of the full measure is."""
    is_by_halves = str(meter) in {"4/4", "2/2"}
    half = meter.ticks // 2
    if not is_by_halves:
        return max(meter.beat_ticks, TICKS_PER_QUARTER)
    in_half = (note for note in notes if (note.onset + start) // half == tick // half)
    has_short_notes = any(note.duration < TICKS_PER_QUARTER // 2 for note in in_half)
    return TICKS_PER_QUARTER if has_short_notes else half


# A whole tune


def melody_to_abc(melody: Melody, *, number: int = 1, title: str | None = None) -> str:
    """Write a melody as a whole ABC tune, four measures a line."""
    measures = with_sound_ties(melody.measures)
    first = measures[0]
    context = Context(meter=first.meter, is_free=False, unit=_best_unit(first.meter), key=first.key)
    header = [f"X:{number}", f"T:{_one_line(melody.title if title is None else title)}", f"M:{first.meter}"]
    header.append(f"L:{context.unit.numerator}/{context.unit.denominator}")
    if first.tempo_bpm is not None:
        header.append(f"Q:1/4={first.tempo_bpm:g}")
    header.append(f"K:{key_name(first)}")
    return "\n".join([*header, *_body_lines(measures, context), ""])


def _one_line(text: str) -> str:
    return " ".join(text.replace("%", r"\%").split())


def _best_unit(meter: Meter) -> Fraction:
    return max(unit_by_meter(meter), Fraction(1, 8))


def key_name(measure: Measure) -> str:
    """The key of a measure as ``K:`` names it: ``Bb``, ``F#m``, ``Ador``."""
    key = measure.key
    position = key.fifths + _MODE_FIFTHS.get(key.mode, 0) + 1
    step, sharps = _TONIC_LINE[position % 7], position // 7
    if abs(sharps) > 1:
        return key.major_tonic
    return step + {0: "", 1: "#", -1: "b"}[sharps] + _MODE_NAMES.get(key.mode, "")


def _body_lines(measures: Sequence[Measure], context: Context) -> Iterator[str]:
    line = ""
    for index, measure in enumerate(measures):
        before = measures[index - 1] if index else None
        after = measures[index + 1] if index + 1 < len(measures) else None
        fields, context = _changes(before, measure, context)
        line += _opening(before, measure) + fields + _measure_text(measure, context, before) + _barline(measure, after)
        if after is None or _ends_line(index + 1, measures):
            yield line.rstrip(" ")
            line = ""


def _ends_line(count: int, measures: Sequence[Measure]) -> bool:
    has_pickup = not measures[0].is_full
    return (count - has_pickup) % MEASURES_A_LINE == 0 and count > has_pickup


def _changes(before: Measure | None, measure: Measure, context: Context) -> tuple[str, Context]:
    """The inline fields before a measure whose meter, key or tempo is new."""
    if before is None:
        return "", context
    fields = ""
    if measure.meter != before.meter:
        fields += f"[M:{measure.meter}]"
    if measure.key != before.key:
        fields += f"[K:{key_name(measure)}]"
    if measure.tempo_bpm is not None and measure.tempo_bpm != before.tempo_bpm:
        fields += f"[Q:1/4={measure.tempo_bpm:g}]"
    return fields + (" " if fields else ""), replace(context, meter=measure.meter, key=measure.key)


def _opening(before: Measure | None, measure: Measure) -> str:
    """What stands before a measure: the start of a repeat, and the sign of an ending."""
    repeat = "|: " if measure.repeat_start and (before is None or not before.repeat_end) else ""
    is_new = measure.endings and (before is None or before.endings != measure.endings or before.repeat_end)
    ending = "[" + ",".join(str(number) for number in measure.endings) + " " if is_new else ""
    return repeat + ending


def _barline(measure: Measure, after: Measure | None) -> str:
    if measure.repeat_end:
        return " :|" if after is None else (" :: " if after.repeat_start else " :| ")
    if after is None:
        return " |]"
    if after.repeat_start:
        return " "  # the sign for the start of a repeat is a barline too
    return " || " if measure.endings and not after.endings else " | "


def _measure_text(measure: Measure, context: Context, before: Measure | None) -> str:
    start = measure.meter.ticks - measure.duration if before is None and not measure.is_full else 0
    notes = as_written(measure.notes, measure.meter, start=max(start, 0))
    written = write_notes(notes, [context] * len(notes), start=max(start, 0))
    return "".join(note.text + note.space for note in written)
