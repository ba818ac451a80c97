"""Light and dark, and icons that can be read in both."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QImage, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from inpaint_desktop import paths

ICON_SIZES = (16, 24, 32, 48, 64, 96)
_SCHEMES = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
_INK = b"#000000"
_DARK_COLORS = {
    QPalette.ColorRole.Window: "#2b2d31",
    QPalette.ColorRole.WindowText: "#e8e8ea",
    QPalette.ColorRole.Base: "#1d1f23",
    QPalette.ColorRole.AlternateBase: "#26282c",
    QPalette.ColorRole.ToolTipBase: "#3a3d43",
    QPalette.ColorRole.ToolTipText: "#e8e8ea",
    QPalette.ColorRole.PlaceholderText: "#8e939b",
    QPalette.ColorRole.Text: "#e8e8ea",
    QPalette.ColorRole.Button: "#36393e",
    QPalette.ColorRole.ButtonText: "#e8e8ea",
    QPalette.ColorRole.BrightText: "#ffffff",
    QPalette.ColorRole.Link: "#8ab4ff",
    QPalette.ColorRole.LinkVisited: "#c4a7ff",
    QPalette.ColorRole.Highlight: "#3f6fc4",
    QPalette.ColorRole.HighlightedText: "#ffffff",
    QPalette.ColorRole.Light: "#4b4f56",
    QPalette.ColorRole.Midlight: "#414449",
    QPalette.ColorRole.Mid: "#222427",
    QPalette.ColorRole.Dark: "#17181b",
    QPalette.ColorRole.Shadow: "#0c0d0e",
}
_DARK_DISABLED = "#7c8088"
_TEXT_ROLES = (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText)


def set_color_theme(theme: str) -> None:
    """Show the program ``light``, ``dark``, or as the ``system`` is."""
    hints = QGuiApplication.styleHints()
    QGuiApplication.setPalette(QPalette())
    if theme not in _SCHEMES:
        hints.unsetColorScheme()
        return
    hints.setColorScheme(_SCHEMES[theme])
    if theme == "dark" and hints.colorScheme() != Qt.ColorScheme.Dark:  # the desktop knows of no schemes
        QGuiApplication.setPalette(dark_palette())


def dark_palette() -> QPalette:
    """Colours for desktops that have no dark ones of their own."""
    palette = QPalette()
    for role, color in _DARK_COLORS.items():
        palette.setColor(role, QColor(color))
    for role in _TEXT_ROLES:
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(_DARK_DISABLED))
    return palette


def application_icon() -> QIcon:
    """The program's own icon."""
    icon = QIcon()
    for size in (*ICON_SIZES, 128, 256):
        icon.addPixmap(QPixmap.fromImage(_drawn(_icon_file("inpaint-desktop"), size)))
    return icon


def themed_icon(name: str, palette: QPalette) -> QIcon:
    """The icon called ``name``, drawn in the palette's colour of text."""
    icon = QIcon()
    for mode, group in (
        (QIcon.Mode.Normal, QPalette.ColorGroup.Active),
        (QIcon.Mode.Disabled, QPalette.ColorGroup.Disabled),
    ):
        ink = palette.color(group, QPalette.ColorRole.ButtonText).name().encode()
        drawing = _icon_file(name).replace(_INK, ink)
        for size in ICON_SIZES:
            icon.addPixmap(QPixmap.fromImage(_drawn(drawing, size)), mode)
    return icon


@lru_cache(maxsize=64)
def _icon_file(name: str) -> bytes:
    path = paths.resources_folder() / "icons" / f"{name}.svg"
    return path.read_bytes() if path.is_file() else b""


@lru_cache(maxsize=512)
def _drawn(drawing: bytes, size: int) -> QImage:
    """Draw an SVG as a square of ``size`` pixels."""
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    if drawing:
        painter = QPainter(image)
        QSvgRenderer(QByteArray(drawing)).render(painter, QRectF(0, 0, size, size))
        painter.end()
    return image
