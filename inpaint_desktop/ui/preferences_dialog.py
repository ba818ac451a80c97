"""The preferences as a person sees them: model and device, look, sound, and keys."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QKeySequenceEdit,
    QLabel,
    QPushButton,
    QTabWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from inpaint_desktop.playback.instruments import INSTRUMENTS
from inpaint_desktop.settings import DEVICES, THEMES, Settings
from inpaint_desktop.ui.actions import ACTIONS
from inpaint_desktop.ui.models_in_words import about_model, titles_of_models
from inpaint_desktop.ui.shortcuts import (
    Keys,
    action_with,
    all_keys,
    fixed_use,
    key_group,
    key_tree,
    native,
    portable,
    specs_by_menu,
)
from inpaint_desktop.ui.words import tr

_WIDTH, _HEIGHT = 600, 560
_DEVICE_NAMES = {
    "auto": "Automatic: the graphics card if there is one",
    "cpu": "The processor",
    "cuda": "NVIDIA graphics card (CUDA)",
    "mps": "Apple graphics (MPS)",
}
_THEME_NAMES = {"system": "As the system", "light": "Light", "dark": "Dark"}


class PreferencesDialog(QDialog):
    """Shows the settings and changes them when it is accepted.

    Signals:
        settings_chosen: carries the new ``Settings``.
    """

    settings_chosen = Signal(object)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.setWindowTitle(tr("Preferences"))
        self.resize(_WIDTH, _HEIGHT)
        self.model = _choices(titles_of_models(settings.model), settings.model)
        self.about_model = QLabel()
        self.about_model.setWordWrap(True)
        self.model.currentIndexChanged.connect(self._show_about_model)
        self._show_about_model()
        self.device = _choices({name: tr(_DEVICE_NAMES[name]) for name in DEVICES}, settings.device)
        self.theme = _choices({name: tr(_THEME_NAMES[name]) for name in THEMES}, settings.theme)
        self.output = _choices({"": tr("The program's own instruments")}, "")
        self.add_ports([settings.midi_port])
        self.output.setCurrentIndex(self.output.findData(settings.midi_port))
        self.instrument = _choices({one.name: tr(one.name) for one in INSTRUMENTS}, settings.instrument)
        self.follow = _check(tr("&Follow playback"), is_on=settings.follow_playback)
        self.color_takes = _check(tr("Show notes of &takes in a colour"), is_on=settings.colour_take_notes)
        self.keys = KeyTable(settings.shortcuts, self)
        self._lay_out()

    def chosen(self) -> Settings:
        """The settings as the dialog shows them."""
        return replace(
            self._settings,
            model=self.model.currentData(),
            device=self.device.currentData(),
            theme=self.theme.currentData(),
            midi_port=self.output.currentData(),
            instrument=self.instrument.currentData(),
            follow_playback=self.follow.isChecked(),
            colour_take_notes=self.color_takes.isChecked(),
            shortcuts=self.keys.chosen(),
        )

    def add_ports(self, names: Sequence[str]) -> None:
        """Let MIDI ports be chosen as well; what is chosen stays so."""
        for name in names:
            if self.output.findData(name) < 0:
                self.output.addItem(tr("MIDI port: {name}", name=name), name)

    def accept(self) -> None:
        """Use what was chosen."""
        super().accept()
        self.settings_chosen.emit(self.chosen())

    def _show_about_model(self) -> None:
        self.about_model.setText(about_model(self.model.currentData()))

    def _lay_out(self) -> None:
        tabs = QTabWidget(self)
        tabs.addTab(
            _form(((tr("&Model"), self.model), ("", self.about_model), (tr("&Computes on"), self.device))),
            tr("&Takes"),
        )
        tabs.addTab(_form(((tr("&Colours"), self.theme), ("", self.follow), ("", self.color_takes))), tr("&View"))
        tabs.addTab(_form(((tr("&Play through"), self.output), (tr("&Instrument"), self.instrument))), tr("&Sound"))
        tabs.addTab(self.keys, tr("&Keys"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(tabs, 1)
        layout.addWidget(buttons)


class KeyTable(QWidget):
    """All actions with their keys, one of which can be given another. No two actions get the same key."""

    def __init__(self, chosen: Keys, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = all_keys(chosen)
        self._rows: dict[str, QTreeWidgetItem] = {}
        self.tree = key_tree(self, (tr("What"), tr("Keys")))
        self._fill()
        self.tree.currentItemChanged.connect(self._on_tree_current_item_changed)
        self.edit = QKeySequenceEdit(self)
        self.edit.setMaximumSequenceLength(1)
        self.edit.setClearButtonEnabled(True)
        self.edit.editingFinished.connect(self._on_edit_editing_finished)
        self.usual = QPushButton(tr("&Usual keys"), self)
        self.usual.clicked.connect(self.use_usual)
        self.note = QLabel(self)
        self.note.setWordWrap(True)
        self._lay_out()
        self._on_tree_current_item_changed()

    @property
    def current(self) -> str:
        """The name of the marked action; empty if none is."""
        item = self.tree.currentItem()
        return next((name for name, row in self._rows.items() if row is item), "")

    def mark(self, name: str) -> None:
        """Mark an action."""
        self.tree.setCurrentItem(self._rows[name])

    def chosen(self) -> Mapping[str, tuple[str, ...]]:
        """The actions whose keys are not the usual ones."""
        usual = all_keys({})
        return {name: keys for name, keys in self._keys.items() if keys != usual[name]}

    def set_key(self, name: str, key: str) -> bool:
        """Give an action a key, or none; say whether it was free, and tell what has it if not."""
        key = portable(key)
        if use := fixed_use(key):
            self.note.setText(tr("{key} is taken already: {use}.", key=native(key), use=tr(use)))
            return False
        holder = action_with(key, self._keys, besides=name) if key else ""
        if holder:
            title = next(spec.title for spec in ACTIONS if spec.name == holder)
            self.note.setText(tr("{key} is the key of '{title}' already.", key=native(key), title=title))
            return False
        self._keys[name] = (key,) if key else ()
        self._rows[name].setText(1, native(key))
        self.note.clear()
        return True

    def use_usual(self) -> None:
        """Give every action its usual keys."""
        self._keys = all_keys({})
        for name, row in self._rows.items():
            row.setText(1, ", ".join(map(native, self._keys[name])))
        self._on_tree_current_item_changed()

    def _fill(self) -> None:
        for title, specs in specs_by_menu():
            group = key_group(self.tree, title)
            for what, spec in specs:
                if not spec.view_key:
                    keys = ", ".join(map(native, self._keys[spec.name]))
                    self._rows[spec.name] = QTreeWidgetItem(group, [what, keys])
        self.tree.expandAll()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(QLabel(tr("New key:")))
        row.addWidget(self.edit, 1)
        row.addWidget(self.usual)
        layout = QVBoxLayout(self)
        layout.addWidget(self.tree, 1)
        layout.addLayout(row)
        layout.addWidget(self.note)

    def _on_tree_current_item_changed(self) -> None:
        keys = self._keys.get(self.current, ())
        self.edit.setEnabled(bool(self.current))
        self.edit.setKeySequence(QKeySequence(keys[0]) if keys else QKeySequence())
        self.note.clear()

    def _on_edit_editing_finished(self) -> None:
        if self.current:
            self.set_key(self.current, self.edit.keySequence().toString())


def _choices(names: Mapping[str, str], chosen: str) -> QComboBox:
    box = QComboBox()
    for value, name in names.items():
        box.addItem(name, value)
    box.setCurrentIndex(max(box.findData(chosen), 0))
    return box


def _check(text: str, *, is_on: bool) -> QCheckBox:
    box = QCheckBox(text)
    box.setChecked(is_on)
    return box


def _form(rows: Sequence[tuple[str, QWidget]]) -> QWidget:
    page = QWidget()
    form = QFormLayout(page)
    for text, widget in rows:
        form.addRow(text, widget)
    return page
