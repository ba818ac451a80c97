"""Boxes of choices leave the wheel alone unless they have the focus."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from inpaint_desktop.ui.main_window import MainWindow
from tests.gui.conftest import DATA, OpenFile


def turned(box: QComboBox) -> bool:
    """Turn the wheel over a box; say whether another choice came of it."""
    before = box.currentIndex()
    center = QPointF(box.rect().center())
    turn = QPoint(0, -120)
    event = QWheelEvent(
        center,
        QPointF(box.mapToGlobal(center)),
        turn,
        turn,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, event)
    return box.currentIndex() != before


def test_the_wheel_over_a_box_without_focus_chooses_nothing(
    window: MainWindow, open_file: OpenFile, qtbot: QtBot
) -> None:
    open_file(window, DATA / "musicxml" / "duet_latin1_crlf.xml")
    qtbot.waitUntil(window.parts.isVisible)
    boxes: tuple[QComboBox, ...] = (window.parts, window.transport_bar.instrument)
    window.staff.setFocus()
    without = [turned(box) for box in boxes]
    with_focus = []
    for box in boxes:
        box.setFocus()
        with_focus.append(turned(box))
    assert without == [False, False]
    assert with_focus == [True, True]
