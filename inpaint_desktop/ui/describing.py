"""The score and the selection in words, for the status bar and for screen readers."""

from inpaint_desktop.documents.wording import measure_names
from inpaint_desktop.score.edits import length_of
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Span
from inpaint_desktop.ui.editor import Editor, NotePlace
from inpaint_desktop.ui.wishes import Wishes
from inpaint_desktop.ui.words import tr

_FIFTHS_ABOVE_MAJOR = {
    "lydian": -1,
    "major": 0,
    "ionian": 0,
    "mixolydian": 1,
    "dorian": 2,
    "minor": 3,
    "aeolian": 3,
    "phrygian": 4,
    "locrian": 5,
}
_NAMES = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "G♯", "A", "B♭", "B")


def key_in_words(key: KeySignature) -> str:
    """Name a key as a musician does: ``G major``, ``E dorian``; without a known mode it counts as major."""
    mode = key.mode.lower() if key.mode.lower() in _FIFTHS_ABOVE_MAJOR else "major"
    tonic = KeySignature(key.fifths + _FIFTHS_ABOVE_MAJOR[mode]).major_tonic
    return f"{with_signs(tonic)} {tr(mode)}"


def span_in_words(editor: Editor, span: Span) -> str:
    """Name measures as the score numbers them: ``measures 3 to 6``."""
    if editor.document is None:
        return ""
    numbers = [mark.number for mark in editor.document.parts[editor.part].measures]
    return measure_names(numbers, span.indices)


def selection_in_words(editor: Editor) -> str:
    """Say what is selected: ``measures 3 to 6 of 32``."""
    if editor.document is None:
        return ""
    count = _numbered_measures(editor)
    if editor.span is not None:
        return tr("{measures} of {count}", measures=span_in_words(editor, editor.span), count=count)
    if count == 1:
        return tr("nothing selected, 1 measure")
    return tr("nothing selected, {count} measures", count=count)


def _numbered_measures(editor: Editor) -> int:
    """How many measures the score counts: a pickup (0), or a part of a measure that is split (X1), is none of them."""
    marks = editor.document.parts[editor.part].measures if editor.document else ()
    numbers = {mark.number.lstrip("0") for mark in marks if mark.number.isdecimal()} - {""}
    return len(numbers) or len(marks)


def key_and_meter(editor: Editor) -> tuple[str, str]:
    """Name the key and the meter where the selection starts, or at the beginning."""
    if editor.document is None or not editor.measure_count:
        return "", ""
    mark = editor.document.parts[editor.part].measures[editor.span.start if editor.span else 0]
    return key_in_words(mark.key), str(mark.meter)


def note_in_words(editor: Editor, place: NotePlace | None = None) -> str:
    """Name the note at a place, or the selected one: ``note F♯5, dotted quarter``; empty words if there is none."""
    place = place or editor.note
    note = editor.note_at(place) if place else None
    if note is None:
        return ""
    name = with_signs(note.pitch.name) if note.pitch else ""
    what = tr("note {name}", name=name) if name else tr("rest")
    length = length_of(note)
    return f"{what}, {tr(length.name)}" if length else what


def note_name(midi: int) -> str:
    """The name of a MIDI number where no key says how to spell it: ``F♯4``."""
    octave, step = divmod(midi, 12)
    return f"{_NAMES[step]}{octave - 1}"


def with_signs(name: str) -> str:
    """Write the accidentals of a note's name as musicians do: ``F♯5`` for ``F#5``."""
    return name.replace("#", "♯").replace("b", "♭")


def selected_note_in_words(editor: Editor, wishes: Wishes | None = None) -> str:
    """Name the selected note, and say if it is locked: ``note F♯5, quarter, locked``."""
    words = note_in_words(editor)
    is_locked = wishes is not None and editor.note is not None and wishes.is_locked(editor.note)
    return f"{words}, {tr('locked')}" if words and is_locked else words


def view_in_words(editor: Editor, wishes: Wishes | None = None) -> str:
    """Describe what a view shows: ``measures 3 to 6 of 32, G major, 4/4``, and the selected note."""
    words = (selection_in_words(editor), *key_and_meter(editor), selected_note_in_words(editor, wishes))
    return ", ".join(part for part in words if part)
