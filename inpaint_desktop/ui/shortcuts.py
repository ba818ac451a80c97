"""Keys: which action has which, that no two have the same, and the list of all of them."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from inpaint_desktop.ui.actions import ACTIONS, MENUS, ActionSpec, MenuSpec, titled
from inpaint_desktop.ui.words import tr

Keys = Mapping[str, Sequence[str]]
"""The keys of actions by name, as portable text such as ``Ctrl+R``."""

_SPECS: Mapping[str, ActionSpec] = {spec.name: spec for spec in ACTIONS}
_WIDTH, _HEIGHT = 620, 640
_NATIVE = QKeySequence.SequenceFormat.NativeText
_PORTABLE = QKeySequence.SequenceFormat.PortableText

VIEW_KEYS = (
    ("Left, Right", "Select the measure before or after"),
    ("Shift+Left, Shift+Right", "Extend the selection by a measure"),
    ("Alt+Left, Alt+Right", "Select the note before or after"),
    ("Ctrl+PgUp, Ctrl+PgDown", "Go to the part before or after"),
    ("Esc", "Stop making takes; close the gallery; clear the selection"),
    ("Ctrl+Click", "Lock a note or rest, or unlock it"),
    ("Alt+Drag", "Draw a contour in the piano roll"),
    ("Ctrl+Wheel", "Zoom at the pointer"),
    ("Shift+Wheel", "Scroll sideways"),
    ("Middle button", "Move the page"),
)
NOTE_KEYS = (
    ("Up, Down", "A step of the scale up or down"),
    ("Shift+Up, Shift+Down", "A semitone up or down"),
    ("Ctrl+Up, Ctrl+Down", "An octave up or down"),
    ("A to G", "The nearest note of that name"),
    ("7, 6, 5, 4, 3, 2", "Whole, half, quarter, eighth, 16th, 32nd"),
    (".", "Dotted, or not dotted any more"),
    ("+, -", "The next longer or shorter length"),
    ("Del, Backspace, 0", "A rest"),
    ("L", "Lock the note, or unlock it"),
)
GALLERY_KEYS = (
    ("Arrows", "Show another take in its place"),
    ("1 to 9", "Show the take with this number"),
    ("Space", "Hear the shown take in its place"),
    ("Return, Enter", "Keep the shown take"),
    ("Del", "Throw the shown take away"),
    ("S", "Give the shown take a star, or take it back"),
    ("A", "Change between the take and the original"),
    ("C", "Copy the seed of the shown take"),
    ("M", "Make more takes like the shown one"),
    ("R", "Lay the pitches of another take on the rhythm of the shown one"),
)
FIXED_KEYS = (
    ("Views", VIEW_KEYS),
    ("The selected note", NOTE_KEYS),
    ("Gallery", GALLERY_KEYS),
)
_SEVERAL_KEYS = {
    "Arrows": ("Left", "Right", "Up", "Down"),
    "A to G": tuple("ABCDEFG"),
    "1 to 9": tuple("123456789"),
}
"""What stands for several keys in these tables."""


def all_keys(chosen: Keys) -> dict[str, tuple[str, ...]]:
    """The keys of every action: those that were chosen, else the usual ones."""
    return {spec.name: tuple(chosen.get(spec.name, spec.keys)) for spec in ACTIONS}


def action_with(key: str, keys: Keys, *, besides: str = "") -> str:
    """The name of the action that has ``key``, other than ``besides``; empty if none has."""
    wanted = portable(key)
    return next((name for name, own in keys.items() if name != besides and wanted in map(portable, own)), "")


def usable_keys(chosen: Keys) -> dict[str, tuple[str, ...]]:
    """The chosen keys without unknown actions, unreadable keys, and keys that something else has already."""
    known = {name: chosen[name] for name in _SPECS if name in chosen}
    taken = {name: tuple(spec.keys) for name, spec in _SPECS.items() if name not in known}
    for name, keys in known.items():  # the usual keys of these are free for each other
        free = (key for key in map(portable, keys) if key and not fixed_use(key))
        taken[name] = tuple(key for key in free if not action_with(key, taken))
    return {name: taken[name] for name in known}


def fixed_use(key: str) -> str:
    """What ``key`` does in a view, the gallery or the menu bar, so that no action can have it; empty if nothing."""
    return _fixed_uses().get(portable(key), "")


@cache
def _fixed_uses() -> Mapping[str, str]:
    """What keys do that are no action's; the usual keys of actions are shared with views and gallery on purpose."""
    pairs = [(f"Alt+{tr(menu.text).partition('&')[2][:1]}", "Open a menu") for menu in MENUS]
    pairs += [pair for _, table in FIXED_KEYS for pair in table]
    uses = {portable(key): what for text, what in pairs for key in _SEVERAL_KEYS.get(text) or text.split(", ")}
    shared = {portable(key) for spec in ACTIONS for key in spec.keys}
    return {key: what for key, what in uses.items() if key and key not in shared}


def portable(key: str) -> str:
    """The key in one way of writing; empty where it is no key."""
    return QKeySequence(key).toString(_PORTABLE)


def native(key: str) -> str:
    """The key as it is written on this system."""
    return QKeySequence(key).toString(_NATIVE)


def specs_by_menu() -> Iterator[tuple[str, tuple[tuple[str, ActionSpec], ...]]]:
    """Each menu's title, and its actions in their order with what they are called outside of the menu."""
    for menu in MENUS:
        yield titled(menu.text), tuple(_titled_specs(menu, ""))


def _titled_specs(menu: MenuSpec, before: str) -> Iterator[tuple[str, ActionSpec]]:
    for entry in menu.entries:
        if isinstance(entry, MenuSpec):
            yield from _titled_specs(entry, f"{titled(entry.text)}: ")
        elif entry in _SPECS:
            yield before + _SPECS[entry].title, _SPECS[entry]


class ShortcutList(QDialog):
    """All keys, to read and to search."""

    def __init__(self, keys: Keys, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Shortcuts"))
        self.resize(_WIDTH, _HEIGHT)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(tr("Search"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._on_search_text_changed)
        self.tree = key_tree(self, (tr("What"), tr("Keys")))
        self._groups = [self._group(title, rows) for title, rows in _tables(keys)]
        self.tree.expandAll()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.search)
        layout.addWidget(self.tree, 1)
        layout.addWidget(buttons)

    def _group(self, title: str, rows: Sequence[tuple[str, str]]) -> tuple[QTreeWidgetItem, list[QTreeWidgetItem]]:
        group = key_group(self.tree, title)
        return group, [QTreeWidgetItem(group, list(row)) for row in rows]

    def _on_search_text_changed(self, words: str) -> None:
        for group, rows in self._groups:
            for row in rows:
                row.setHidden(words.casefold() not in f"{row.text(0)} {row.text(1)}".casefold())
            group.setHidden(all(row.isHidden() for row in rows))


def key_tree(parent: QWidget, headings: Sequence[str]) -> QTreeWidget:
    """Make a table of actions in groups."""
    tree = QTreeWidget(parent)
    tree.setHeaderLabels(list(headings))
    tree.setRootIsDecorated(False)
    tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    tree.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
    tree.header().setStretchLastSection(False)
    return tree


def key_group(tree: QTreeWidget, title: str) -> QTreeWidgetItem:
    """Make the heading of a group in such a table."""
    group = QTreeWidgetItem(tree, [title])
    font = group.font(0)
    font.setBold(True)
    group.setFont(0, font)
    return group


def _tables(keys: Keys) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for title, specs in specs_by_menu():
        rows = [(what, ", ".join(map(native, keys.get(spec.name, ())))) for what, spec in specs]
        yield title, [row for row in rows if row[1]]
    for title, pairs in FIXED_KEYS:
        yield tr(title), [(tr(what), key) for key, what in pairs]
