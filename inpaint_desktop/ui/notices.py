"""What the window says of work in the background: that it is under way, how it ended, and what can be done now."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale, QObject

from inpaint_desktop.documents.recovery import Recovered
from inpaint_desktop.ui.messages import Choice, Messages
from inpaint_desktop.ui.saving import Saving
from inpaint_desktop.ui.session import Session
from inpaint_desktop.ui.status import StatusBar
from inpaint_desktop.ui.words import tr

FAILED, CHANGED, DRAWING = "failed", "changed outside", "drawing"
_OPENING, _SAVING, _WRITING, _FILLING = "opening", "saving", "writing", "filling"


class Notices(QObject):
    """Says above the score, or in the status bar, what the session's parts tell."""

    def __init__(self, session: Session, messages: Messages, status: StatusBar, saving: Saving) -> None:
        super().__init__(session)
        self._session = session
        self._messages = messages
        self._status = status
        self._saving = saving
        self._why_no_takes = ""
        self._connect_files()
        self._connect_others()

    def say(self, sentence: str) -> None:
        """Show a sentence above the score until it is put away, or something else fails."""
        self._messages.say(sentence, topic=FAILED)

    def say_undrawable(self, sentence: str) -> None:
        """Say that the score cannot be shown as a staff, until another is opened."""
        self._messages.say(sentence, topic=DRAWING)

    def _connect_files(self) -> None:
        files, exporter = self._session.files, self._session.exporter
        files.opening_started.connect(self._on_files_opening_started)
        files.opening_ended.connect(self._on_files_opening_ended)
        files.writing_slow.connect(self._on_files_writing_slow)
        files.writing_ended.connect(self._on_files_writing_ended)
        files.failed.connect(self.say)
        files.changed_outside.connect(self._on_files_changed_outside)
        exporter.started.connect(self._on_exporter_started)
        exporter.ended.connect(self._on_exporter_ended)
        exporter.progressed.connect(self._on_exporter_progressed)
        exporter.printed.connect(self._on_exporter_printed)
        exporter.exported.connect(self._on_exporter_exported)
        exporter.failed.connect(self.say)

    def _connect_others(self) -> None:
        session = self._session
        session.filler.started.connect(self._on_filler_started)
        session.filler.ended.connect(self._on_filler_ended)
        session.filler.failed.connect(self._on_filler_failed)
        for signal in (session.filler.settings_changed, session.wishes.changed, session.editor.selection_changed):
            signal.connect(self._on_wanted_changed)
        session.filler.ready.connect(self._status.set_model)
        session.filler.unrecognised.connect(self.say)
        session.transport.told.connect(self._status.say)
        session.preferences.failed.connect(self.say)
        session.recovering.failed.connect(self.say)
        session.recovering.found.connect(self._on_recovering_found)
        session.editor.document_opened.connect(self._on_editor_document_opened)

    # Files

    def _on_files_opening_started(self, name: str) -> None:
        self._messages.put_away(FAILED)
        self._status.set_busy(_OPENING, tr("Opening {name} ...", name=name))

    def _on_files_opening_ended(self) -> None:
        self._status.set_busy(_OPENING, "")

    def _on_files_writing_slow(self, name: str) -> None:
        self._status.set_busy(_SAVING, tr("Saving {name} ...", name=name))

    def _on_files_writing_ended(self) -> None:
        self._status.set_busy(_SAVING, "")

    def _on_editor_document_opened(self) -> None:
        for topic in (CHANGED, DRAWING):
            self._messages.put_away(topic)

    def _on_files_changed_outside(self) -> None:
        editor, files = self._session.editor, self._session.files
        if editor.path is None:
            return
        name = editor.path.name
        if not editor.is_modified and not editor.undo_stack.count():
            files.reload()  # nothing can be lost
            self._messages.say(tr("{name} was changed by another program and read again.", name=name), topic=FAILED)
            return
        sentence = tr("{name} was changed by another program.", name=name)
        if editor.is_modified:
            sentence = tr("{name} was changed by another program; reloading loses your unsaved changes.", name=name)
        choices = (Choice(tr("Re&load"), files.reload), Choice(tr("&Keep mine"), files.accept_outside))
        self._messages.say(sentence, *choices, topic=CHANGED)

    def _on_exporter_started(self, sentence: str) -> None:
        self._status.set_busy(_WRITING, sentence)

    def _on_exporter_progressed(self, share: float) -> None:
        self._status.show_share(_WRITING, share)

    def _on_exporter_printed(self, count: int) -> None:
        self._status.say(tr("1 page was printed.") if count == 1 else tr("{count} pages were printed.", count=count))

    def _on_exporter_ended(self) -> None:
        self._status.set_busy(_WRITING, "")

    def _on_exporter_exported(self, files: tuple[Path, ...]) -> None:
        self._status.say(tr("Written: {names}", names=", ".join(path.name for path in files)))

    # Takes

    def _on_filler_started(self) -> None:
        self._status.set_busy(_FILLING, tr("Making takes ..."))

    def _on_filler_ended(self) -> None:
        self._status.set_busy(_FILLING, "")

    def _on_filler_failed(self, sentence: str) -> None:
        """Say it in the status bar; it stands in the gallery, too."""
        self._why_no_takes = sentence
        self._status.tell(sentence)

    def _on_wanted_changed(self) -> None:
        """Say no more why there were no takes: they are wanted otherwise now, or elsewhere."""
        self._status.unsay(self._why_no_takes)

    # Work that was left behind

    def _on_recovering_found(self, found: tuple[Recovered, ...]) -> None:
        for recovered in reversed(found):  # where there is no room for all, the newest stay
            self._messages.say(
                _sentence_about(recovered),
                Choice(tr("Res&tore"), partial(self._ask_restore, recovered), stays=True),
                Choice(tr("&Discard"), partial(self._session.recovering.decline, recovered)),
                topic=recovered.key,
            )

    def _ask_restore(self, recovered: Recovered) -> None:
        """Restore work once the open score may be left; until then the offer stands."""
        self._saving.leave(partial(self._restore, recovered))

    def _restore(self, recovered: Recovered) -> None:
        self._messages.put_away(recovered.key)
        self._session.recovering.restore(recovered)


def _sentence_about(recovered: Recovered) -> str:
    name = recovered.work.title or recovered.work.file_name
    kept_at = QDateTime.fromSecsSinceEpoch(round(recovered.kept_at.timestamp()))
    when = QLocale().toString(kept_at, QLocale.FormatType.ShortFormat)
    return tr("The program ended before {name} was saved; your work of {when} is still there.", name=name, when=when)
