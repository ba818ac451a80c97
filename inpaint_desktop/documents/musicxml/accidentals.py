"""Which notes of a measure show an accidental."""

from collections.abc import Sequence

from inpaint_desktop.documents.rhythm import Written
from inpaint_desktop.score.key import KeySignature

_NAMES = {
    -3: "triple-flat",
    -2: "flat-flat",
    -1: "flat",
    0: "natural",
    1: "sharp",
    2: "double-sharp",
    3: "triple-sharp",
}


def accidentals(notes: Sequence[Written], key: KeySignature) -> tuple[str, ...]:
    """The accidental of each note, or an empty string.

    An accidental holds for its line or space to the end of the measure. A note that is tied to the
    one before needs none; where the tie comes over the bar line, the next note needs one again.
    """
    in_force: dict[tuple[str, int], int] = {}
    shown = []
    for note in notes:
        if note.pitch is None or note.tie_in:
            shown.append("")
            continue
        line = note.pitch.step, note.pitch.octave
        is_needed = in_force.get(line, key.alter(note.pitch.step)) != note.pitch.alter
        in_force[line] = note.pitch.alter
        shown.append(_NAMES[note.pitch.alter] if is_needed else "")
    return tuple(shown)
