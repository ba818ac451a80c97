"""What the left mouse button does on the sheet: selects measures and notes, and drags notes up and down."""

from dataclasses import dataclass

from inpaint_desktop.score.moving import Semitones, Steps
from inpaint_desktop.ui.editor import Editor
from inpaint_desktop.ui.note_editing import NoteDrag
from inpaint_desktop.ui.selecting import SelectingGesture, selects_range
from inpaint_desktop.ui.staff.sheet import Sheet

_SLACK = 4.0
"""How far, in pixels of the screen, a note may be pulled by a hand that only clicks."""
_STEPS_OF_A_STAFF = 8


@dataclass(slots=True)
class _Held:
    """A note on which the button was pressed: where, how high a step is, and what is done with it if that is clear."""

    x: float
    y: float
    step: float
    drag: NoteDrag | None = None


class SheetMouse:
    """Follows the left button; all places are in pixels of the sheet."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self._selecting = SelectingGesture(editor)
        self._held: _Held | None = None
        self._is_pressed = False

    @property
    def is_pressed(self) -> bool:
        """Whether the button is held."""
        return self._is_pressed

    @property
    def is_selecting(self) -> bool:
        """Whether measures are being selected."""
        return self._selecting.is_active and self._held is None

    def press(self, sheet: Sheet, x: float, y: float, *, extend: bool) -> None:
        """Select what is there; with ``extend``, all measures up to there, unless it is the selected note."""
        self._is_pressed = True
        hit = sheet.hit(x, y, part=self._editor.part)
        extend = extend and not (hit and hit.note and hit.part == self._editor.part and hit.note == self._editor.note)
        self._selecting.press(hit, extend=extend)
        note = self._editor.note_at(hit.note) if hit and hit.note and not extend else None
        box = sheet.measure_of(hit.part, hit.measure) if hit else None
        if note is not None and not note.is_rest and box is not None:
            self._held = _Held(x, y, box.rect.height / _STEPS_OF_A_STAFF)

    def move(self, sheet: Sheet, x: float, y: float, *, zoom: float, is_chromatic: bool) -> None:
        """Select up to there, or move the note that is held; ``is_chromatic`` moves it by semitones."""
        held = self._held
        if held is not None and held.drag is None:
            dx, dy = x - held.x, y - held.y
            if max(abs(dx), abs(dy)) * zoom < _SLACK:
                return
            if selects_range(dx, dy):
                self._held = held = None
            else:
                held.drag = NoteDrag(self._editor)
        if held is None:
            self._selecting.move(sheet.hit(x, y, is_nearest=True, part=self._editor.part))
        elif held.drag is not None:
            count = round((held.y - y) / held.step)
            held.drag.to(Semitones(count) if is_chromatic else Steps(count))

    def call_off_drag(self) -> bool:
        """Put the note that is dragged back, and let go of it; say whether one was."""
        drag = self._held.drag if self._held is not None else None
        if drag is not None:
            drag.to(Steps(0))
            self.release()
        return drag is not None

    def release(self) -> None:
        """Let go of everything."""
        self._selecting.release()
        self._held, self._is_pressed = None, False
