"""The colours of both views, for light and for dark palettes."""

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette

_DARK_BELOW = 128
"""Below this lightness of the window's background a palette counts as dark."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours as ``#rrggbb``, or ``#aarrggbb`` where they let things through."""

    paper: str
    ink: str
    faint: str
    rule: str
    black_key_row: str
    selection: str
    selection_edge: str
    brought: str
    out_of_key: str
    cursor: str
    lock: str
    contour: str

    def color(self, name: str) -> QColor:
        """The colour called ``name`` as Qt paints it."""
        return QColor(getattr(self, name))


LIGHT = Theme(
    paper="#ffffff",
    ink="#1b1b1f",
    faint="#6b6f76",
    rule="#d9dbe0",
    black_key_row="#f3f4f6",
    selection="#332f6fde",
    selection_edge="#2f6fde",
    brought="#1a56c4",
    out_of_key="#b3261e",
    cursor="#d9480f",
    lock="#8a5a00",
    contour="#0b7a4b",
)
DARK = Theme(
    paper="#1d1f23",
    ink="#e8e8ea",
    faint="#a0a4ab",
    rule="#3a3d43",
    black_key_row="#17191c",
    selection="#446d9dff",
    selection_edge="#6d9dff",
    brought="#8ab4ff",
    out_of_key="#ff8a80",
    cursor="#ffa94d",
    lock="#ffd166",
    contour="#5fd3a0",
)


def theme_of(palette: QPalette) -> Theme:
    """The colours that go with the palette."""
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < _DARK_BELOW else LIGHT
