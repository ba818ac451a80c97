"""What cannot be met is said before anything is written: in one sentence, with the measure and the note.

What is plainly wrong with one constraint, or with one note, has a sentence of its own. For the rest it is tried in how
many measures the rules can be met, and which of them stand in the way.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

from inpaint_desktop.encoding.grammar.constraints import Constraints
from inpaint_desktop.encoding.grammar.counts import kept_of
from inpaint_desktop.encoding.grammar.gap import Gap, HeardNote
from inpaint_desktop.encoding.grammar.line import note_after, note_before
from inpaint_desktop.encoding.grammar.rules import Resemblance, Rules, most_kept, rules_of
from inpaint_desktop.encoding.grammar.sheet import kept_pitches, locked_notes
from inpaint_desktop.encoding.vocabulary import HIGHEST_MIDI, LOWEST_MIDI
from inpaint_desktop.errors import ConstraintError
from inpaint_desktop.score.pitch import Pitch
from inpaint_desktop.score.spelling import spell

NO_NOTES = "The limits leave no note that may be used; widen the range, or allow notes out of key."


def checked_rules(gap: Gap, constraints: Constraints, resemblance: Resemblance | None = None) -> Rules:
    """The rules of a gap, which can be met.

    Raises:
        ConstraintError: they cannot; the sentence says where, and what stands in the way.
    """
    complaint = next(_complaints(gap, constraints), None)
    if complaint is not None:
        raise ConstraintError(complaint)
    rules = rules_of(gap, constraints, resemblance)
    if not rules.can_be_met:
        raise ConstraintError(_explained(gap, constraints, resemblance))
    return rules


def _complaints(gap: Gap, constraints: Constraints) -> Iterator[str]:
    """What is wrong with single constraints and notes."""
    yield from _about_measures(gap, constraints)
    yield from _about_ends(gap, constraints)
    yield from _about_locks(gap, constraints)
    if constraints.keep_rhythm:
        yield from _about_rhythm(gap)
    if constraints.keep_pitches:
        yield from _about_pitches(gap, constraints)
    yield from _about_copies(gap, constraints)


def _about_measures(gap: Gap, constraints: Constraints) -> Iterator[str]:
    if constraints.are_about_pitches_only:
        return
    for (_, (_, stop)), (index, (start, _)) in pairwise(gap.ends.items()):
        if start < stop:
            yield (
                f"{_begin(gap.name_of(index))} begins between the ticks that the model knows, where no constraint can "
                "be met exactly; choose other measures, or ask for nothing."
            )


def _about_ends(gap: Gap, constraints: Constraints) -> Iterator[str]:
    for name, midi in (("first note", constraints.first_note), ("last note", constraints.last_note)):
        if midi is not None:
            pitch = _spelled(gap, midi, gap.span.start)
            yield from _about_pitch(gap, constraints, pitch, f"The {name}, {pitch.name},", f"choose another {name}")


def _about_locks(gap: Gap, constraints: Constraints) -> Iterator[str]:
    places = {part.place for heard in gap.heard for part in heard.parts}
    if not constraints.locked <= places:
        yield "A locked note is not in the chosen measures; unlock it, or choose its measure too."
    for heard in locked_notes(gap, constraints):
        subject = f"The locked {_name(heard)} in {_measure(gap, heard)}"
        if not heard.is_on_grid:
            yield f"{subject} begins or ends between the ticks that the model knows; unlock it."
        if heard.pitch is not None:
            yield from _about_pitch(gap, constraints, heard.pitch, subject, "unlock it")


def _about_rhythm(gap: Gap) -> Iterator[str]:
    if not kept_pitches(gap):
        yield "The chosen measures have no notes whose rhythm could be kept; leave the rhythm free."
    for heard in gap.heard:
        if not heard.is_on_grid:
            yield (
                f"The {_name(heard)} in {_measure(gap, heard)} begins or ends between the ticks that the model knows, "
                "so the rhythm cannot be kept exactly; leave it free."
            )


def _about_pitches(gap: Gap, constraints: Constraints) -> Iterator[str]:
    notes = kept_pitches(gap)
    if not notes:
        yield "The chosen measures have no notes whose pitches could be kept; leave the pitches free."
    for heard in notes:
        subject = f"The {_name(heard)} in {_measure(gap, heard)}, whose pitch shall be kept,"
        yield from _about_pitch(gap, constraints, _pitch(heard), subject, "leave the pitches free")
    yield from _about_leaps(gap, constraints, notes)
    ends = (("first", notes[0], constraints.first_note), ("last", notes[-1], constraints.last_note))
    for name, heard, midi in ends:
        if midi is not None and midi != heard.midi:
            yield (
                f"The {name} note cannot be {_spelled(gap, midi, gap.span.start).name}, as the pitches shall be kept "
                f"and the {name} of them is {_name(heard)}; leave one of them free."
            )


def _about_leaps(gap: Gap, constraints: Constraints, notes: list[HeardNote]) -> Iterator[str]:
    if constraints.longest_leap is None:
        return
    line = [(_pitch(heard).midi, _name(heard), _measure(gap, heard)) for heard in notes]
    before, after = note_before(gap), note_after(gap)
    if before is not None:
        line.insert(0, (before, _spelled(gap, before, gap.span.start).name, gap.name_of(gap.span.start - 1)))
    if after is not None:
        line.append((after, _spelled(gap, after, gap.span.start).name, gap.name_of(gap.span.stop)))
    for (low, name, _), (high, following, measure) in pairwise(line):
        if abs(high - low) > constraints.longest_leap:
            yield (
                f"With the pitches kept, {name} and {following} in {measure} lie {abs(high - low)} semitones apart, "
                f"more than the longest leap of {constraints.longest_leap}; allow it, or leave the pitches free."
            )


def _about_copies(gap: Gap, constraints: Constraints) -> Iterator[str]:
    most = most_kept(gap, constraints)
    locked = [heard for heard in locked_notes(gap, constraints) if heard.pitch is not None]
    if most is not None and len(locked) > most:
        total = kept_of(gap, gap.measures).total
        yield (
            f"{_counted(len(locked), 'note')} of {total} {'is' if len(locked) == 1 else 'are'} locked, but only "
            f"{most} may come again; unlock some, or allow more."
        )


def _about_pitch(gap: Gap, constraints: Constraints, pitch: Pitch, subject: str, remedy: str) -> Iterator[str]:
    """What is wrong with a pitch that is asked for."""
    for name, limit, is_beyond in (
        ("below the lowest", constraints.lowest, constraints.lowest is not None and pitch.midi < constraints.lowest),
        (
            "above the highest",
            constraints.highest,
            constraints.highest is not None and pitch.midi > constraints.highest,
        ),
    ):
        if limit is not None and is_beyond:
            limit_name = _spelled(gap, limit, gap.span.start).name
            yield f"{subject} lies {name} note, {limit_name}; widen the range, or {remedy}."
    if gap.token_of(pitch) is None:
        lowest, highest = (
            _spelled(gap, midi - gap.transposition.semitones, gap.span.start).name
            for midi in (LOWEST_MIDI, HIGHEST_MIDI)
        )
        yield f"{subject} is a note that the model does not have here, from {lowest} to {highest}; {remedy}."


def _explained(gap: Gap, constraints: Constraints, resemblance: Resemblance | None) -> str:
    """Say where the rules can't be met, and which of them stand in the way."""

    def can_be_met(asked: Constraints, slots: int | None) -> bool:
        return rules_of(gap, asked, resemblance, slots=slots).can_be_met

    every = range(1, len(gap.slots) + 1)
    failing = next((slots for slots in every if not can_be_met(constraints, slots)), None)
    loosened = list(_loosened(constraints))
    asked = [words for words, without in loosened if can_be_met(without, failing)] or [words for words, _ in loosened]
    where = gap.name_of(gap.span.stop - 1) if failing is None else _slot_name(gap, failing - 1)
    what = "end" if failing is None else "be filled"
    remedy = "loosen it" if len(asked) == 1 else "loosen one of them"
    hint = _neighbour(gap, failing) if any(words.startswith("the longest leap") for words in asked) else ""
    return f"{_begin(where)} cannot {what} with {_listed(asked)}{hint}; {remedy}."


def _neighbour(gap: Gap, failing: int | None) -> str:
    """The note beside the gap from which, or to which, a leap would be too long."""
    before, after = note_before(gap), note_after(gap)
    if failing is None and after is not None:
        return f", as {_spelled(gap, after, gap.span.start).name} follows"
    if failing == 1 and before is not None:
        return f", as {_spelled(gap, before, gap.span.start).name} comes before"
    return ""


def _slot_name(gap: Gap, slot: int) -> str:
    first = slot * gap.ticks
    return gap.name_of(gap.measure_at(first + int(gap.is_asked[first : first + gap.ticks].argmax())))


def _loosened(constraints: Constraints) -> Iterator[tuple[str, Constraints]]:
    """Each thing that is asked for in words, and the constraints without it."""
    free = Constraints()
    for names, words in _WORDS:
        without = replace(constraints, **{name: getattr(free, name) for name in names})
        if without != constraints:
            yield words(constraints), without


_WORDS: tuple[tuple[tuple[str, ...], Callable[[Constraints], str]], ...] = (
    (("lowest", "highest"), lambda _: "the lowest and highest note"),
    (("pitch_classes",), lambda _: "the key"),
    (("locked",), lambda _: "the locked notes"),
    (("keep_rhythm",), lambda _: "the kept rhythm"),
    (("keep_pitches",), lambda _: "the kept pitches"),
    (("first_note",), lambda _: "the first note"),
    (("last_note",), lambda _: "the last note"),
    (("fewest_onsets",), lambda asked: f"at least {_counted(asked.fewest_onsets or 0, 'note')} a measure"),
    (("most_onsets",), lambda asked: f"at most {_counted(asked.most_onsets or 0, 'note')} a measure"),
    (("longest_leap",), lambda asked: f"the longest leap of {_counted(asked.longest_leap or 0, 'semitone')}"),
    (("most_kept",), lambda asked: f"at most {asked.most_kept or 0:.0%} of the notes kept"),
)


def _listed(words: list[str]) -> str:
    """The words as a list in a sentence: a, b and c."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _begin(text: str) -> str:
    return text[:1].upper() + text[1:]


def _name(heard: HeardNote) -> str:
    return "rest" if heard.pitch is None else heard.pitch.name


def _pitch(heard: HeardNote) -> Pitch:
    assert heard.pitch is not None
    return heard.pitch


def _measure(gap: Gap, heard: HeardNote) -> str:
    return gap.name_of(heard.parts[0].place.measure)


def _spelled(gap: Gap, midi: int, index: int) -> Pitch:
    """A pitch as the key of a measure writes it."""
    pitch = spell((midi,), gap.melody.measures[index].key)[0]
    assert pitch is not None
    return pitch
