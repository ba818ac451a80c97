"""The window: puts editor, views, panels, actions and files together, and nothing else."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import (
    QByteArray,
    QEvent,
    QMimeData,
    QPoint,
    QSize,
    Qt,
    QTimer,
    Signal,
    SignalInstance,
    Slot,
)
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractButton, QMainWindow, QToolBar

from inpaint_desktop import paths
from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.settings import Settings
from inpaint_desktop.ui.actions import CONTEXT_MENU, Actions, Need
from inpaint_desktop.ui.appearance import set_color_theme
from inpaint_desktop.ui.commands import (
    editing_commands,
    note_commands,
    playing_commands,
    switches,
    window_commands,
    wishing_commands,
)
from inpaint_desktop.ui.describing import span_in_words
from inpaint_desktop.ui.dialogs import Dialogs
from inpaint_desktop.ui.docks import Docks
from inpaint_desktop.ui.editor import Details
from inpaint_desktop.ui.file_dialogs import FileDialogs
from inpaint_desktop.ui.files import ReadScore
from inpaint_desktop.ui.gallery.panel import GalleryPanel
from inpaint_desktop.ui.history_panel import HistoryPanel
from inpaint_desktop.ui.locking import toggle_lock
from inpaint_desktop.ui.notices import Notices
from inpaint_desktop.ui.part_chooser import PartChooser
from inpaint_desktop.ui.piano_roll.view import PianoRoll
from inpaint_desktop.ui.saving import Saving
from inpaint_desktop.ui.session import Children, Session
from inpaint_desktop.ui.shortcuts import Keys, usable_keys
from inpaint_desktop.ui.staff.view import StaffView
from inpaint_desktop.ui.status import StatusBar
from inpaint_desktop.ui.transport_bar import TransportBar
from inpaint_desktop.ui.welcome import WelcomePage, example_tunes
from inpaint_desktop.ui.words import tr
from inpaint_desktop.ui.workspace import Workspace

_FIRST_SIZE, _SHARE_OF_SCREEN = QSize(1200, 800), 0.9


class MainWindow(QMainWindow):
    """The program's window.

    Signals:
        painted: the window is on the screen for the first time.
    """

    painted = Signal()

    def __init__(self, settings: Settings, children: Children | None = None) -> None:
        super().__init__()
        self.session = Session(settings, self, children)
        self.editor = self.session.editor
        self.files = self.session.files
        self.file_dialogs = FileDialogs(self, settings.last_folder)
        self.dialogs = Dialogs(self, self.session, self.file_dialogs)
        self.saving = Saving(self, self.editor, self.files, self.file_dialogs)
        self.actions_ = Actions(self)
        self._used = Settings()
        self._may_close = self._is_shut_down = False
        self._is_painted = self._is_welcome_wanted = False
        self._build()
        self._connect()
        self.status.set_model(settings.model, settings.device)
        self._use_settings(settings)
        self._restore_layout()
        self._update()
        self.show_recent()
        self.session.recent.look()

    # Making

    def _build(self) -> None:
        self.setAcceptDrops(True)
        self.resize(_FIRST_SIZE.boundedTo(self.screen().availableSize() * _SHARE_OF_SCREEN))
        beginnings = [self.actions_["new"], self.actions_["open"]]
        welcome = WelcomePage(beginnings, example_tunes(paths.resources_folder() / "tunes"))
        welcome.file_chosen.connect(self.open_file)
        self.workspace = Workspace(welcome, self)
        self.setCentralWidget(self.workspace)
        self._add_views()
        self._add_docks()
        self.status = StatusBar(self.editor, self, self.session.wishes)
        self.setStatusBar(self.status)
        self._add_actions()
        self.notices = Notices(self.session, self.workspace.messages, self.status, self.saving)
        self.staff.engraving_failed.connect(self.notices.say_undrawable)

    def _add_views(self) -> None:
        session = self.session
        self.staff = StaffView(self.editor, session.engraver, session.transport, self, session.wishes)
        self.roll = PianoRoll(self.editor, session.transport, self, session.wishes)
        self.staff.context_menu_requested.connect(self._show_context_menu)
        self.roll.context_menu_requested.connect(self._show_context_menu)
        self.workspace.add_view("staff", self.staff, self.staff)
        self.workspace.add_view("piano_roll", self.roll, self.roll)
        self.transport_bar = TransportBar(session.transport, self)
        self.workspace.add_transport_bar(self.transport_bar)

    def _add_docks(self) -> None:
        session = self.session
        self.gallery = GalleryPanel(session.gallery, session.filler, session.engraver, session.presets, self)
        self.history = HistoryPanel(self.editor, self)
        self.docks = Docks(self)
        self.docks.add("gallery", tr("Gallery"), self.gallery, is_wanted=True)
        self.docks.add("history", tr("History"), self.history, is_wanted=False)

    def _add_actions(self) -> None:
        self.actions_.fill_menu_bar(self.menuBar())
        self._context_menu = self.actions_.made_menu(CONTEXT_MENU, self)
        self.toolbar = QToolBar(tr("Toolbar"), self)
        self.toolbar.setObjectName("toolbar")
        self.actions_.fill_toolbar(self.toolbar)
        self.parts = PartChooser(self.editor, self.toolbar)
        self._part_actions = (self.toolbar.addSeparator(), self.toolbar.addWidget(self.parts))
        self.addToolBar(self.toolbar)
        self.actions_.set_icons(self.palette())
        self._view_group = QActionGroup(self)
        for name in ("view_staff", "view_piano_roll", "view_both"):
            self._view_group.addAction(self.actions_[name])

    def _connect(self) -> None:
        for table in (
            editing_commands(self.session),
            note_commands(self.session),
            wishing_commands(self.session),
            playing_commands(self.session),
            window_commands(self, self.dialogs),
        ):
            self.actions_.connect_all(table)
        self.actions_.connect_switches(switches(self))
        self.editor.document_opened.connect(self._on_editor_document_opened)
        for signal in self._changes():
            signal.connect(self._update)
        self._connect_parts()

    def _connect_parts(self) -> None:
        session = self.session
        session.filler.started.connect(self._on_filler_started)
        session.filler.failed.connect(self._on_filler_failed)
        session.gallery.closed.connect(self._on_gallery_closed)
        session.preferences.changed.connect(self._use_settings)
        session.recent.changed.connect(self.show_recent)
        session.transport.state_changed.connect(self._on_transport_state_changed)
        self.gallery.save_requested.connect(self.dialogs.ask_save_take)
        self.history.settings_wanted.connect(self._on_history_settings_wanted)
        self.docks.wanted_changed.connect(self._on_docks_wanted_changed)
        self.files.edited_meanwhile.connect(self._on_files_edited_meanwhile)
        self.dialogs.file_chosen.connect(self.open_file)
        self.dialogs.tune_chosen.connect(self.files.open)
        self.dialogs.tune_made.connect(self.show_new)
        self.file_dialogs.folder_changed.connect(self._on_file_dialogs_folder_changed)
        self.roll.contour_tool_changed.connect(self.actions_["draw_contour"].setChecked)
        self.actions_.menus["recent"].triggered.connect(self._on_recent_menu_triggered)
        self.workspace.views_changed.connect(self._on_workspace_views_changed)

    def _changes(self) -> tuple[SignalInstance, ...]:
        """Everything upon which it depends what can be done."""
        editor = self.editor
        return (
            editor.document_opened,
            editor.shown_changed,
            editor.selection_changed,
            editor.part_changed,
            editor.note_changed,
            editor.modified_changed,
            editor.undo_stack.indexChanged,
            self.session.measures.copied_changed,
            self.session.wishes.changed,
            self.session.filler.started,
            self.session.filler.ended,
            self.files.opening_started,
            self.files.opening_ended,
            self.files.writing_slow,
            self.files.writing_ended,
            self.session.exporter.started,
            self.session.exporter.ended,
        )

    # Files

    @Slot(object)
    def open_file(self, path: Path) -> None:
        """Open a file; unsaved changes of the open score are asked about first."""
        self.saving.leave(lambda: self.files.open(path))

    def _on_files_edited_meanwhile(self, found: ReadScore) -> None:
        self.saving.leave(partial(self.files.show, found))

    @Slot(object)
    def take_files(self, files: tuple[Path, ...]) -> None:
        """Come to the front, and open the first of the files that another start was given."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()
        if files:
            self.open_file(files[0])
        if len(files) > 1:
            self.say(tr("One score is open at a time; {name} was opened, the others were not.", name=files[0].name))

    @Slot(object)
    def show_new(self, document: ScoreDocument) -> None:
        """Show a new tune; unsaved changes of the open score are asked about first."""
        self.saving.leave(lambda: self._show_unsaved(document))

    def _show_unsaved(self, document: ScoreDocument) -> None:
        self.editor.open(document)
        self.editor.set_unsaved()

    def close_score(self) -> None:
        """Close the score; unsaved changes are asked about first."""
        self.saving.leave(self.editor.close)

    def reload(self) -> None:
        """Read the file again; unsaved changes are asked about first."""
        self.saving.leave(self.files.reload)

    def cancel(self) -> None:
        """Call off the takes that are being made, and the files that are being opened or written."""
        self.session.filler.cancel()
        self.session.exporter.cancel()
        self.files.cancel_opening()
        self.files.cancel_writing()

    def regenerate(self) -> None:
        """Make takes of the selected measures, or without any for those of the gallery, or say that there are none."""
        self.gallery.finish_typing()
        self.session.gallery.regenerate()

    def echo_selection(self) -> None:
        """Let the next takes echo the selected measures, and show the setting that says so."""
        self.docks.reveal("gallery")
        self.gallery.echo_selection()
        if self.editor.span is not None:
            measures = span_in_words(self.editor, self.editor.span)
            self.status.say(tr("The next takes echo {measures}, wherever they are made.", measures=measures))

    def say(self, sentence: str) -> None:
        """Show a sentence above the score until it is put away."""
        self.notices.say(sentence)

    def _on_filler_started(self) -> None:
        self.docks.reveal("gallery")
        self.gallery.cards.setFocus()

    def _on_filler_failed(self) -> None:
        self.docks.reveal("gallery")  # it says why, and has what may help

    def _on_history_settings_wanted(self, details: Details) -> None:
        self.docks.reveal("gallery")
        self.session.gallery.use_settings_of(details)

    def _on_gallery_closed(self) -> None:
        if self.gallery.isAncestorOf(self.focusWidget()):
            self.workspace.focus_view()

    def _on_docks_wanted_changed(self, name: str, is_wanted: bool) -> None:
        self.actions_[f"show_{name}"].setChecked(is_wanted)

    def show_recent(self) -> None:
        """List the recent files in the menu and on the welcome page."""
        files = self.session.recent.listed
        self.workspace.welcome.set_recent(files)
        menu = self.actions_.menus["recent"]
        menu.clear()
        menu.setEnabled(bool(files))
        for number, path in enumerate(files, start=1):
            action = menu.addAction(f"&{number % 10} {path.name.replace('&', '&&')}")
            action.setData(path)
            action.setStatusTip(str(path))

    def _on_recent_menu_triggered(self, action: QAction) -> None:
        self.open_file(action.data())

    # Wishes

    def lock_note(self, is_on: bool) -> None:
        """Lock the selected note, or unlock it; if it is so already, nothing happens."""
        note, wishes = self.editor.note, self.session.wishes
        if note is not None and is_on != wishes.is_locked(note):
            toggle_lock(self.editor, wishes, note)
            self._update()  # it may have been refused

    def draw_contours(self, is_on: bool) -> None:
        """Let the mouse draw contours in the piano roll, which is shown for that, or let it select again."""
        self.roll.draws_contours = is_on
        if is_on:
            if self.workspace.shown_views == "staff":
                self.workspace.show_views("both")
            self.roll.setFocus()

    # Showing

    def _update(self) -> None:
        """Show in title and actions what is open and what can be done."""
        editor, stack = self.editor, self.editor.undo_stack
        self.actions_.set_met(self._met())
        self.actions_["lock_note"].setChecked(editor.note is not None and self.session.wishes.is_locked(editor.note))
        self.actions_["undo"].setText(tr("&Undo {step}", step=stack.undoText()).strip())
        self.actions_["redo"].setText(tr("&Redo {step}", step=stack.redoText()).strip())
        name = editor.path.name if editor.path else (editor.document.title if editor.document else "")
        program = tr("Inpaint Desktop")
        self.setWindowTitle(f"{name}[*] - {program}" if editor.document else program)
        for action in self._part_actions:
            action.setVisible(self.parts.is_needed)
        self.setWindowModified(editor.is_modified)
        self._show_score(is_open=editor.document is not None and not self._is_welcome_wanted)
        self.actions_["welcome"].setChecked(self.workspace.is_welcoming)

    def show_welcome(self, is_shown: bool) -> None:
        """Show the welcome page though a score is open, or the score again; without a score there is only the page."""
        self._is_welcome_wanted = is_shown
        self._update()

    def _on_editor_document_opened(self) -> None:
        self._is_welcome_wanted = False

    def _show_score(self, *, is_open: bool) -> None:
        if is_open == self.workspace.is_welcoming:
            self.workspace.show_welcome(is_shown=not is_open)
            self.transport_bar.setVisible(is_open)
            self.docks.set_active(is_open)
            if is_open:
                self.workspace.focus_view()

    def _met(self) -> Need:
        editor, stack, session = self.editor, self.editor.undo_stack, self.session
        claims = {
            Need.SCORE: editor.document is not None,
            Need.MELODY: editor.melody is not None,
            Need.SELECTION: editor.span is not None,
            Need.NOTE: editor.note is not None,
            Need.FILE: editor.path is not None,
            Need.UNDO: stack.canUndo(),
            Need.REDO: stack.canRedo(),
            Need.RUNNING: self._is_busy,
            Need.CLIPBOARD: session.measures.has_copied,
            Need.LOCKS: bool(session.wishes.locked),
            Need.CONTOUR: bool(session.wishes.contour),
        }
        met = Need.NOTHING
        for need, is_met in claims.items():
            met |= need if is_met else Need.NOTHING
        return met

    @property
    def _is_busy(self) -> bool:
        """Whether there is something to call off."""
        session, files = self.session, self.files
        return session.filler.is_running or session.exporter.is_running or files.is_opening or files.is_writing

    def set_full_screen(self, is_full: bool) -> None:
        """Fill the screen, or go back to the size from before."""
        state = Qt.WindowState.WindowFullScreen
        self.setWindowState(self.windowState() | state if is_full else self.windowState() & ~state)

    # Preferences and layout

    def _use_settings(self, settings: Settings) -> None:
        before, self._used = self._used, settings
        if settings.theme != before.theme:
            set_color_theme(settings.theme)
        if (settings.model, settings.device) != (before.model, before.device):
            self.status.set_model(settings.model, settings.device)
        self._use_keys(settings.shortcuts)
        self.workspace.set_follows_playback(settings.follow_playback)
        self.staff.colors_takes = self.roll.colors_takes = settings.colour_take_notes
        self.actions_["follow"].setChecked(settings.follow_playback)
        self.actions_["color_takes"].setChecked(settings.colour_take_notes)

    def _use_keys(self, chosen: Keys) -> None:
        keys = usable_keys(chosen)
        self.actions_.set_keys(keys)
        self.transport_bar.show_keys(keys)
        self.gallery.use_regenerate_keys(self.actions_["regenerate"].shortcuts())

    def _restore_layout(self) -> None:
        settings = self.session.settings
        self._usual_state = self.saveState()
        self.workspace.show_views(settings.view)
        self.staff.set_zoom(settings.zoom)
        self.gallery.unfold(settings=settings.settings_shown, conditions=settings.conditions_shown)
        self.restoreGeometry(_from_text(settings.window_geometry))
        if self.restoreState(_from_text(settings.window_state)):
            self.docks.take_restored()
        for name in ("gallery", "history"):
            self.actions_[f"show_{name}"].setChecked(self.docks.is_wanted(name))
        self.transport_bar.hide()
        self.docks.set_active(is_active=False)

    def reset_layout(self) -> None:
        """Put views and panels where they were at first."""
        self.docks.set_active(is_active=True)
        self.restoreState(self._usual_state)
        self.docks.take_restored()
        self.docks.set_active(not self.workspace.is_welcoming)
        self.workspace.show_views("both")
        self.workspace.reset_sizes()
        self.gallery.unfold(settings=True, conditions=False)
        self.staff.zoom_reset()
        self.roll.zoom_reset()

    def _keep_layout(self) -> None:
        self.docks.prepare_saving()
        self.session.preferences.change(
            view=self.workspace.shown_views,
            zoom=self.staff.zoom,
            **self.gallery.unfolded,
            window_geometry=_to_text(self.saveGeometry()),
            window_state=_to_text(self.saveState()),
        )

    def _on_file_dialogs_folder_changed(self, folder: str) -> None:
        self.session.preferences.change(last_folder=folder)

    def _show_context_menu(self, place: QPoint) -> None:
        self._context_menu.popup(place)

    def _on_workspace_views_changed(self, which: str) -> None:
        self.actions_[f"view_{which}"].setChecked(True)

    def _on_transport_state_changed(self) -> None:
        transport = self.session.transport
        for name, is_on in (
            ("loop", transport.loop),
            ("metronome", transport.metronome),
            ("count_in", transport.count_in),
        ):
            self.actions_[name].setChecked(is_on)

    # What Qt asks of a window

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the window; the slow parts start only after the first time."""
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self._on_first_painted)

    def _on_first_painted(self) -> None:
        self.painted.emit()
        self.session.warm_up()

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icons anew in other colours, and tick whether the window fills the screen, whoever made it do so."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.actions_.set_icons(self.palette())
        elif event.type() == QEvent.Type.WindowStateChange:
            self.actions_["full_screen"].setChecked(self.isFullScreen())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if _dropped_file(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the file."""
        if path := _dropped_file(event.mimeData()):
            event.acceptProposedAction()
            self.open_file(path)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Escape close the gallery, then clear the selection, and Return press buttons, as Space plays."""
        focused = self.focusWidget()
        if event.key() == Qt.Key.Key_Escape:
            if not self.session.gallery.escape():
                self.editor.clear_selection()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QAbstractButton):
            focused.click()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close only when nothing is lost by it."""
        if self._may_close or not (self.editor.is_modified or self.files.is_writing):
            self._shut_down()
            event.accept()
            return
        event.ignore()
        self.saving.leave(self.close_without_asking)

    def close_without_asking(self) -> None:
        """Close the window; unsaved changes are lost."""
        self._may_close = True
        self.close()

    def _shut_down(self) -> None:
        if self._is_shut_down:
            return
        self._is_shut_down = True
        self._keep_layout()
        self.session.end_children()
        self.gallery.close_work()
        self.file_dialogs.close()
        self.staff.shut_down()
        self.session.close()


def _dropped_file(dropped: QMimeData) -> Path | None:
    files = [Path(url.toLocalFile()) for url in dropped.urls() if url.isLocalFile()]
    return files[0] if files else None


def _to_text(state: QByteArray) -> str:
    return bytes(state.toBase64().data()).decode("ascii")


def _from_text(text: str) -> QByteArray:
    return QByteArray.fromBase64(text.encode("ascii"))
