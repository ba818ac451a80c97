"""Rows of a form: a name at the left, and what it names beside it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractSpinBox, QGridLayout, QHBoxLayout, QLabel, QSlider, QToolButton, QWidget

FULL = 100
_STEP = 10
_NARROWEST_SLIDER = 60
_COLUMNS = 4


def form(parent: QWidget) -> QGridLayout:
    """Make an empty form."""
    grid = QGridLayout(parent)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(2, 1)
    return grid


def add_row(grid: QGridLayout, name: str, *widgets: QWidget) -> None:
    """Put widgets beside each other; labels and buttons are as wide as they must be, the others share the rest."""
    row, line = grid.rowCount(), QHBoxLayout()
    for widget in widgets:
        line.addWidget(widget, 0 if isinstance(widget, (QLabel, QToolButton)) else 1)
    grid.addWidget(QLabel(name), row, 0)
    grid.addLayout(line, row, 1, 1, _COLUMNS - 1)


def add_scale(grid: QGridLayout, name: QLabel, scale: tuple[str, QSlider, str]) -> tuple[QWidget, ...]:
    """Put a slider between the words for its ends; return everything that the row has."""
    low, slider, high = scale
    row = grid.rowCount()
    widgets = (name, QLabel(low), slider, QLabel(high))
    for column, widget in enumerate(widgets):
        grid.addWidget(widget, row, column)
    return widgets


def add_line(grid: QGridLayout, *widgets: QWidget) -> None:
    """Put widgets beside each other over the whole width; the first one takes what is left of it."""
    line = QHBoxLayout()
    for place, widget in enumerate(widgets):
        line.addWidget(widget, 0 if place else 1)
    grid.addLayout(line, grid.rowCount(), 0, 1, _COLUMNS)


def align(grids: Sequence[QGridLayout]) -> None:
    """Let the names of several forms, one below the other, be equally wide."""
    items = (grid.itemAtPosition(row, 0) for grid in grids for row in range(grid.rowCount()))
    labels = (item.widget() for item in items if item is not None)
    width = max(label.sizeHint().width() for label in labels if isinstance(label, QLabel))
    for grid in grids:
        grid.setColumnMinimumWidth(0, width)


def slider(parent: QWidget, name: str) -> QSlider:
    """Make a slider from 0 to ``FULL``."""
    made = QSlider(Qt.Orientation.Horizontal, parent)
    made.setRange(0, FULL)
    made.setPageStep(_STEP)
    made.setMinimumWidth(_NARROWEST_SLIDER)
    made.setAccessibleName(name)
    made.setToolTip(name)
    return made


def button(parent: QWidget | None, text: str, tip: str) -> QToolButton:
    """Make a button; for those who do not see what stands beside it, it is called by what it does."""
    made = QToolButton(parent)
    made.setText(text)
    made.setToolTip(tip)
    made.setAccessibleName(tip)
    return made


@contextmanager
def quiet(*widgets: QWidget) -> Iterator[None]:
    """Let widgets show other values without telling of it."""
    before = [widget.blockSignals(True) for widget in widgets]
    try:
        yield
    finally:
        for widget, is_blocked in zip(widgets, before, strict=True):
            widget.blockSignals(is_blocked)


class WheelGuard(QObject):
    """Lets the wheel turn past number boxes and sliders without the focus, so that scrolling over them changes none."""

    def watch_all_in(self, parent: QWidget) -> None:
        """Guard all of them that ``parent`` has."""
        for widget in (*parent.findChildren(QAbstractSpinBox), *parent.findChildren(QSlider)):
            widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel gives them no focus
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Keep the wheel from those, and let it go on to what scrolls."""
        is_past = event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus()
        if is_past:
            event.ignore()
        return is_past
