"""Which part of the score is worked on."""

from PySide6.QtWidgets import QWidget

from inpaint_desktop.ui.choice_box import ChoiceBox
from inpaint_desktop.ui.editor import Editor
from inpaint_desktop.ui.words import tr

_WIDEST = 220


class PartChooser(ChoiceBox):
    """Lists the parts of the open score; it hides where there is only one."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self.setAccessibleName(tr("Part"))
        self.setToolTip(tr("The part that is selected, filled and heard in front"))
        self.setMaximumWidth(_WIDEST)
        self.activated.connect(editor.set_part)
        editor.document_opened.connect(self._on_editor_document_opened)
        editor.part_changed.connect(self._on_editor_part_changed)
        self._on_editor_document_opened()

    @property
    def is_needed(self) -> bool:
        """Whether there is anything to choose."""
        return self.count() > 1

    def _on_editor_document_opened(self) -> None:
        self.clear()
        parts = self._editor.document.parts if self._editor.document else ()
        for number, part in enumerate(parts, start=1):
            self.addItem(part.name or tr("Part {number}", number=number))
        self._on_editor_part_changed()

    def _on_editor_part_changed(self) -> None:
        self.setCurrentIndex(self._editor.part)
