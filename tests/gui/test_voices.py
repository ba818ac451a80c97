"""Voices of one staff are chosen, seen and edited in the window like parts."""

from pytestqt.qtbot import QtBot

from inpaint_desktop.score.melody import Note, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER as QUARTER
from inpaint_desktop.ui.editor import Editor
from inpaint_desktop.ui.main_window import MainWindow
from inpaint_desktop.ui.part_chooser import PartChooser
from tests.gui.conftest import DATA, TUNES, OpenFile

WOVEN = DATA / "musicxml" / "woven.musicxml"
TIMEOUT_MS = 30_000


def _wait_for_sheet(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: bool(window.staff.sheet.measures), timeout=TIMEOUT_MS)


def test_each_voice_can_be_chosen(window: MainWindow, open_file: OpenFile) -> None:
    open_file(window, WOVEN)
    assert [window.parts.itemText(index) for index in range(window.parts.count())] == [
        "Organ, voice 1",
        "Organ, voice 2",
        "Organ, voice 3",
    ]
    window.editor.set_part(1)
    assert window.parts.currentText() == "Organ, voice 2"
    assert window.editor.melody is not None
    assert [note.pitch.name for note in window.editor.melody.measures[0].notes if note.pitch] == ["C4", "D4"]


def test_the_box_is_as_wide_as_the_names_of_the_voices_need_it(
    window: MainWindow, open_file: OpenFile, qtbot: QtBot
) -> None:
    for score in (TUNES / "auld-lang-syne.musicxml", DATA / "musicxml" / "two_voices.musicxml"):
        open_file(window, score)
        qtbot.waitUntil(lambda: window.parts.width() >= window.parts.sizeHint().width())
    for part, name in enumerate(("Flute, voice 1", "Flute, voice 2")):
        window.editor.set_part(part)
        assert window.parts.shown_name == window.parts.itemText(part) == name


def test_a_very_long_name_lacks_its_middle_and_is_whole_in_the_tool_tip(qtbot: QtBot) -> None:
    editor = Editor()
    box = PartChooser(editor)
    qtbot.addWidget(box)
    name = "Solo part for flute or violin, arranged from the second edition, voice 2"
    box.addItem(name)
    editor.part_changed.emit()
    box.show()
    assert box.shown_name.startswith("Solo")
    assert box.shown_name.endswith("voice 2")
    assert len(box.shown_name) < len(name)
    assert box.toolTip().startswith(name)
    box.grab()


def test_voices_of_one_staff_are_drawn_in_the_same_measures(
    window: MainWindow, open_file: OpenFile, qtbot: QtBot
) -> None:
    open_file(window, WOVEN)
    _wait_for_sheet(window, qtbot)
    boxes = window.staff.sheet.measures
    assert {part for part, _ in boxes} == {0, 1, 2}
    assert boxes[0, 1].rect == boxes[1, 1].rect
    box = boxes[1, 3].rect
    hit = window.staff.sheet.hit(box.right - 4, box.bottom - 1, part=1)
    assert hit is not None
    assert (hit.part, hit.measure) == (1, 3)


def test_other_voices_stay_when_one_is_edited_and_undone(window: MainWindow, open_file: OpenFile) -> None:
    open_file(window, WOVEN)
    editor = window.editor
    before = editor.melodies(editor.document)
    editor.set_part(1)
    editor.replace_measures("Silence", Span(0, 1), [before[1].measures[0].with_notes([Note(0, 4 * QUARTER, None)])])
    after = editor.melodies(editor.document)
    assert after[1].measures[0].notes[0].is_rest
    assert (after[0], after[2]) == (before[0], before[2])
    editor.undo_stack.undo()
    assert editor.document is not None
    assert editor.document.to_bytes() == WOVEN.read_bytes()
