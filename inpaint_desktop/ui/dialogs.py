"""The dialogs of the window. None of them stops the program while it is open."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QInputDialog, QWidget

from inpaint_desktop import paths
from inpaint_desktop.documents.conversion import SUFFIXES
from inpaint_desktop.score.moving import Semitones
from inpaint_desktop.ui.about import AboutDialog
from inpaint_desktop.ui.exporting import PAGE_SUFFIXES, page_layout, usual_paper
from inpaint_desktop.ui.file_dialogs import FileDialogs, Wanted, file_name, itself, numbered_pages
from inpaint_desktop.ui.files import TuneBook, folder_of
from inpaint_desktop.ui.gallery.gallery import Card
from inpaint_desktop.ui.new_tune_dialog import NewTuneDialog
from inpaint_desktop.ui.preferences_dialog import PreferencesDialog
from inpaint_desktop.ui.session import Session
from inpaint_desktop.ui.shortcuts import ShortcutList, all_keys
from inpaint_desktop.ui.tune_chooser import TuneChooser
from inpaint_desktop.ui.words import tr

_MOST_SEMITONES = 24


class Dialogs(QObject):
    """Opens dialogs over the window, and says what was decided in them.

    Signals:
        file_chosen: a score is to be opened; carries its path.
        tune_chosen: a tune of a book is to be opened; carries the path and what the tune is chosen by.
        tune_made: a new tune was made; carries the document.
    """

    file_chosen = Signal(object)
    tune_chosen = Signal(object, str)
    tune_made = Signal(object)

    def __init__(self, window: QWidget, session: Session, files: FileDialogs) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._files = files
        session.files.book_opened.connect(self.choose_tune)

    def ask_open(self) -> None:
        """Ask for a file."""
        self._files.ask_open(self.file_chosen.emit)

    def ask_export(self, suffix: str) -> None:
        """Ask where to write the score in the format of ``suffix``."""
        editor = self._session.editor
        if editor.document is None:
            return
        name = editor.path.stem if editor.path else editor.document.title or tr("Untitled")
        wanted = Wanted(
            title=tr("Export"),
            name=file_name(name) + suffix,
            filters={f"{suffix.removeprefix('.').upper()} (*{suffix})": suffix},
            suffixes=(suffix,),
            look=numbered_pages if suffix in PAGE_SUFFIXES else itself,
            folder=self._files.folder or folder_of(editor.path),
        )
        self._files.ask_save(wanted, self._session.exporter.export)

    def ask_save_take(self, card: Card) -> None:
        """Ask where to write the tune with a take in it, as a file of its own."""
        origin = card.origin
        document = origin.document.with_measures(origin.part, origin.span, card.measures).document
        suffix = document.suffix
        wanted = Wanted(
            title=tr("Save the take"),
            name=file_name(f"{Path(document.file_name).stem}-{tr('take')}{suffix}"),
            filters={f"{suffix.removeprefix('.')} (*{suffix})": suffix},
            suffixes=[one for one, written in SUFFIXES.items() if written == suffix],
            look=itself,
            folder=self._files.folder or folder_of(self._session.editor.path),
        )
        self._files.ask_save(wanted, partial(self._session.files.save_copy, document))

    def ask_print(self) -> None:
        """Ask for a printer and its paper, and print on it."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        if printer.outputFormat() == QPrinter.OutputFormat.PdfFormat:  # there is none whose usual paper is known
            printer.setPageLayout(page_layout(usual_paper()))
        printer.setFullPage(True)  # the pages have margins of their own
        dialog = QPrintDialog(printer, self._window)
        dialog.accepted.connect(lambda _chosen: self._print(printer))
        self._open(dialog)

    def _print(self, printer: QPrinter) -> None:
        if self._session.editor.document is not None:
            self._session.exporter.print_on(printer)

    def ask_new(self) -> None:
        """Ask what a new tune is to be."""
        dialog = NewTuneDialog(self._window)
        dialog.tune_made.connect(self.tune_made)
        self._open(dialog)

    def choose_tune(self, book: TuneBook) -> None:
        """Ask which tune of a book is meant."""
        dialog = TuneChooser(book, self._window)
        dialog.tune_chosen.connect(self.tune_chosen)
        self._open(dialog)

    def ask_transposition(self) -> None:
        """Ask by how many semitones the selected measures are to be moved."""
        dialog = QInputDialog(self._window)
        dialog.setInputMode(QInputDialog.InputMode.IntInput)
        dialog.setWindowTitle(tr("Transpose the selection"))
        dialog.setLabelText(tr("Semitones up, or with a minus down:"))
        dialog.setIntRange(-_MOST_SEMITONES, _MOST_SEMITONES)
        dialog.setIntValue(2)
        dialog.intValueSelected.connect(self._on_semitones_chosen)
        self._open(dialog)

    def show_preferences(self) -> None:
        """Let the preferences be changed."""
        self._session.keep_playing_settings()
        dialog = PreferencesDialog(self._session.settings, self._window)
        dialog.settings_chosen.connect(self._session.preferences.set)
        self._session.ports_listed.connect(dialog.add_ports)
        self._session.list_ports()
        self._open(dialog)

    def show_shortcuts(self) -> None:
        """List all keys."""
        self._open(ShortcutList(all_keys(self._session.settings.shortcuts), self._window))

    def show_about(self) -> None:
        """Show version, licences and the model's card."""
        weights = paths.resources_folder() / "models" / f"{self._session.settings.model}.safetensors"
        self._open(AboutDialog(weights, self._window))

    def show_logs(self) -> None:
        """Open the folder of the logs in the system's file manager."""
        folder = paths.log_folder()
        if not folder.is_dir() or not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self._session.editor.told.emit(tr("The logs are in {folder}.", folder=folder))

    def _open(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        QDialog.open(dialog)  # the one of print dialogs takes arguments

    def _on_semitones_chosen(self, semitones: int) -> None:
        if semitones:
            self._session.measures.move(Semitones(semitones))
