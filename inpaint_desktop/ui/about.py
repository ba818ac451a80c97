"""What the program is: its version, whose work is in it and under which licences, and what the model learned from."""

import platform
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QTabWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from inpaint_desktop import paths
from inpaint_desktop.ui.appearance import application_icon
from inpaint_desktop.ui.words import tr
from inpaint_desktop.versions import PROGRAM, build, read_card, version_of

_WIDTH, _HEIGHT, _ICON_SIZE = 640, 520, 72
LIBRARIES = (
    ("PySide6-Essentials", "Qt for Python, the window", "LGPL-3.0", "https://doc.qt.io/qtforpython-6/"),
    ("verovio", "Verovio, the engraving of the staff", "LGPL-3.0", "https://www.verovio.org/"),
    ("pygame", "pygame, SDL and FluidSynth, the sound", "LGPL-2.1", "https://www.pygame.org/"),
    ("music21", "music21, the reading of ABC", "BSD-3-Clause", "https://www.music21.org/"),
    ("torch", "PyTorch, the computing of takes", "BSD-3-Clause", "https://pytorch.org/"),
    ("mido", "Mido, MIDI files and ports", "MIT", "https://mido.readthedocs.io/"),
    ("numpy", "NumPy, arrays of numbers", "BSD-3-Clause", "https://numpy.org/"),
    ("safetensors", "safetensors, the storing of weights", "Apache-2.0", "https://huggingface.co/docs/safetensors/"),
    ("platformdirs", "platformdirs, the places of folders", "MIT", "https://platformdirs.readthedocs.io/"),
)
SOUNDFONT = ("FluidR3 Mono GM", "the sounds of the instruments, a choice of them", "MIT")


class AboutDialog(QDialog):
    """Version, licences, and the model's card."""

    def __init__(self, weights: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("About Inpaint Desktop"))
        self.resize(_WIDTH, _HEIGHT)
        self.licences = _page("".join(_licences()))
        self.model = _page("".join(_model(read_card(weights))))
        tabs = QTabWidget(self)
        tabs.addTab(self.licences, tr("&Licences"))
        tabs.addTab(self.model, tr("&Model"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(_head())
        layout.addWidget(tabs, 1)
        layout.addWidget(buttons)


def _head() -> QHBoxLayout:
    icon = QLabel()
    icon.setPixmap(application_icon().pixmap(_ICON_SIZE, _ICON_SIZE))
    words = QLabel(
        f"<h2>{escape(tr('Inpaint Desktop'))} {escape(version_of(PROGRAM))}</h2>"
        f"<p>{escape(tr('A score editor that proposes new measures for a tune.'))}<br>"
        f"Python {platform.python_version()}, Qt {version_of('PySide6-Essentials')}, {escape(platform.platform())}<br>"
        f"{escape(tr('Build: {build}', build=build()))}</p>"
    )
    words.setWordWrap(True)
    words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    layout = QHBoxLayout()
    layout.setSpacing(16)
    layout.addWidget(icon)
    layout.addWidget(words, 1)
    return layout


def _page(html: str) -> QTextBrowser:
    page = QTextBrowser()
    page.setOpenExternalLinks(True)
    page.setHtml(html)
    return page


def _licences() -> Iterator[str]:
    own = tr("The program itself is under the MIT licence. It is built on the work of others:")
    yield f"<p>{escape(own)}</p><table>"
    for package, what, licence, link in LIBRARIES:
        cells = (escape(what), escape(version_of(package)), escape(licence), f'<a href="{link}">{link}</a>')
        yield "<tr>" + "".join(f'<td style="padding: 2px 12px 2px 0">{cell}</td>' for cell in cells) + "</tr>"
    name, what, licence = SOUNDFONT
    yield f"</table><p>{escape(name)}: {escape(what)} ({escape(licence)}).</p>"
    yield _known_tunes(read_card(paths.resources_folder() / "known-tunes" / "tunes.safetensors"))
    libraries = tr(
        "Libraries under the LGPL may be replaced by other versions of them: they lie beside the program as they are."
    )
    yield f"<p>{escape(libraries)}</p>"


def _known_tunes(card: Mapping[str, object]) -> str:
    """Where the index of known tunes is from; nothing where it is missing."""
    if not card:
        return ""
    what, licence, notice = (str(card.get(name, "")) for name in ("description", "licence", "notice"))
    title = tr("Index of known tunes")
    return f"<p>{escape(title)}: {escape(what)} ({escape(licence)}). {escape(notice)}</p>"


def _model(card: Mapping[str, object]) -> Iterator[str]:
    if not card:
        yield f"<p>{escape(tr('The model has no card; install the program again.'))}</p>"
        return
    yield f"<h3>{escape(str(card.get('name', '')))}</h3><p>{escape(str(card.get('description', '')))}</p>"
    meters = card.get("meters", ())
    rows = (
        (tr("Meters"), ", ".join(map(str, meters)) if isinstance(meters, list) else ""),
        (tr("Made"), str(card.get("created", ""))),
        (tr("Licence"), str(card.get("licence", ""))),
        (tr("SHA-256 of the weights"), str(card.get("sha256", ""))),
    )
    for name, value in rows:
        yield f"<p><b>{escape(name)}:</b> {escape(value)}</p>"
    yield f"<p>{escape(str(card.get('notice', '')))}</p>"
