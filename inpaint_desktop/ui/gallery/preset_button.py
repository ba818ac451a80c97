"""The button for presets: a menu to choose one, to keep the settings as one, to rename and to delete."""

from collections.abc import Callable, Collection
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QMenu, QToolButton, QVBoxLayout, QWidget

from inpaint_desktop.settings import MAX_PRESET_NAME, is_preset_name
from inpaint_desktop.ui.asking import Answer, ask
from inpaint_desktop.ui.presets import Presets
from inpaint_desktop.ui.words import tr


class PresetButton(QToolButton):
    """Shows the menu below itself when it is clicked."""

    def __init__(self, presets: Presets, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presets = presets
        self.setText(f"{tr('Presets')} ▾")
        self.setAccessibleName(tr("Presets"))
        self.setToolTip(tr("Settings that are kept under a name"))
        self.setAutoRaise(True)
        self.clicked.connect(self._on_clicked)

    def made_menu(self) -> QMenu:
        """Make the menu; it ends when it closes."""
        menu, presets = QMenu(self), self._presets
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        group = QActionGroup(menu)
        for name in presets.names:
            action = _add(menu, _escaped(name), partial(presets.use, name))
            _mark(action, group, is_on=name == presets.current)
        usual = _add(menu, tr("As at &first"), presets.use_none)
        _mark(usual, group, is_on=presets.is_as_at_first and not presets.current)
        menu.addSeparator()
        _add(menu, tr("&Save the settings..."), self.ask_save)
        for text, do in ((tr("&Rename"), self.ask_rename), (tr("&Delete"), self.ask_delete)):
            part = menu.addMenu(text)
            part.setEnabled(bool(presets.names))
            for name in presets.names:
                _add(part, f"{_escaped(name)}...", partial(do, name))
        return menu

    def ask_save(self) -> None:
        """Ask under which name to keep the settings as they are."""
        presets = self._presets
        dialog = NameDialog(tr("Save the settings"), presets.current, self.window())
        dialog.advise(tr("The seed is not kept, nor what hangs on one tune."), replaceable=presets.names)
        dialog.name_chosen.connect(presets.save)
        dialog.open()

    def ask_rename(self, name: str) -> None:
        """Ask for another name of a preset."""
        dialog = NameDialog(tr("Rename '{name}'", name=name), name, self.window())
        dialog.advise("", taken=[other for other in self._presets.names if other != name])
        dialog.name_chosen.connect(partial(self._presets.rename, name))
        dialog.open()

    def ask_delete(self, name: str) -> None:
        """Ask whether to delete a preset, which cannot be undone."""
        question = tr("Delete the preset '{name}'?", name=name)
        answers = {Answer.Yes: partial(self._presets.delete, name), Answer.Cancel: None}
        ask(self.window(), question, tr("This cannot be undone."), answers).named(Answer.Yes, tr("&Delete"))

    def _on_clicked(self) -> None:
        self.made_menu().popup(self.mapToGlobal(QPoint(0, self.height())))


class NameDialog(QDialog):
    """Asks for the name of a preset.

    Signals:
        name_chosen: carries the name.
    """

    name_chosen = Signal(str)

    def __init__(self, title: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self._advice = ""
        self._replaceable: Collection[str] = ()
        self._taken: Collection[str] = ()
        self.name = QLineEdit(name, self)
        self.name.setMaxLength(MAX_PRESET_NAME)
        self.name.setAccessibleName(tr("Name"))
        self.name.selectAll()
        self.note = QLabel(self)
        self.note.setWordWrap(True)
        buttons = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(buttons.Ok | buttons.Cancel, self)
        self._lay_out()
        self.name.textChanged.connect(self._on_name_text_changed)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def advise(self, advice: str, *, replaceable: Collection[str] = (), taken: Collection[str] = ()) -> None:
        """Say something beside the name; say if it stands for something that is replaced, and refuse it if taken."""
        self._advice, self._replaceable, self._taken = advice, replaceable, taken
        self._on_name_text_changed()

    def accept(self) -> None:
        """Use the name."""
        super().accept()
        self.name_chosen.emit(self.name.text().strip())

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.addWidget(QLabel(tr("Name:")))
        layout.addWidget(self.name)
        layout.addWidget(self.note)
        layout.addWidget(self.buttons)

    def _on_name_text_changed(self) -> None:
        name = self.name.text().strip()
        self.note.setText(self._note_on(name))
        is_usable = is_preset_name(name) and name not in self._taken
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(is_usable)

    def _note_on(self, name: str) -> str:
        if name in self._taken:
            return tr("There is a preset of this name already; choose another.")
        if name in self._replaceable:
            return tr("What is kept under this name is replaced.")
        return self._advice


def _add(menu: QMenu, text: str, do: Callable[[], object]) -> QAction:
    action = menu.addAction(text)
    action.triggered.connect(lambda _checked=False: do())
    return action


def _mark(action: QAction, group: QActionGroup, *, is_on: bool) -> None:
    """Make the action one of a group of which one at most is marked."""
    action.setCheckable(True)
    action.setChecked(is_on)
    group.addAction(action)


def _escaped(name: str) -> str:
    """A name as the text of an action, where an ampersand would be a mnemonic."""
    return name.replace("&", "&&")
