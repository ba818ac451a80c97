"""The open score and what is being done with it: selection, preview, edits, undo.

Nothing is drawn here. The views and panels take the editor in their constructors, read its properties and
connect to its signals; whatever they want changed goes through its methods.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtGui import QUndoCommand, QUndoStack

from inpaint_desktop.documents.document import Edit, ScoreDocument
from inpaint_desktop.errors import FileUnsupportedError
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.places import NotePlace as NotePlace  # its users find it here, too

Brought = Mapping[tuple[int, int], frozenset[Note]]
"""The notes that takes brought in: (part, measure) -> those notes."""

NOTHING_BROUGHT: Brought = MappingProxyType({})
Details = tuple[tuple[str, str], ...]
"""What the history says of an edit, as pairs of a name and a value."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Measures from ``anchor``, where the selection began, to ``head``, where it ends, either way round."""

    anchor: int
    head: int

    @property
    def span(self) -> Span:
        """The measures, both ends among them."""
        return Span(min(self.anchor, self.head), max(self.anchor, self.head) + 1)


@dataclass(frozen=True, slots=True)
class Preview:
    """Measures shown in place that are not part of the score (yet), and the score with them."""

    span: Span
    measures: tuple[Measure, ...]
    edit: Edit

    @property
    def document(self) -> ScoreDocument:
        """The score with the measures in it."""
        return self.edit.document


@dataclass(frozen=True, slots=True)
class State:
    """What an edit replaces and undo brings back."""

    document: ScoreDocument
    brought: Brought = field(default_factory=lambda: NOTHING_BROUGHT)


class ReplaceState(QUndoCommand):
    """Puts one state of the score in the place of another."""

    def __init__(self, editor: "Editor", text: str, states: tuple[State, State], details: Details, key: str) -> None:
        super().__init__(text)
        self.details = details
        self.mark = object()  # stands for the step where it is remembered, as the history deletes its commands
        self._editor = editor
        self._before, self._after = states
        self._key = key

    def redo(self) -> None:
        """Show the score after the edit."""
        self._editor._set_state(self._after)

    def undo(self) -> None:
        """Show the score before the edit."""
        self._editor._set_state(self._before)

    @property
    def before(self) -> ScoreDocument:
        """The score before the edit."""
        return self._before.document

    @property
    def after(self) -> ScoreDocument:
        """The score after the edit."""
        return self._after.document

    def id(self) -> int:
        """Edits that may be merged share a number; others have none."""
        return 1 if self._key else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Become one step with a later edit of the same key, such as another press of an arrow.

        Where that brings back the music of before, it is no step at all, and the score is again the one of before: an
        edit back and forth would write other bytes.
        """
        if not isinstance(other, ReplaceState) or other._key != self._key:
            return False
        self._after = other._after
        self.setText(other.text())
        if Editor.melodies(self._after.document) == Editor.melodies(self._before.document):
            self.setObsolete(True)
            self._editor._set_state(self._before)
        return True


class Editor(QObject):
    """Holds the open score, its history and what is selected.

    Signals:
        document_opened: another score was opened, or none is open any more.
        shown_changed: what the views show is another score: opened, edited, undone, a preview came or went.
        part_changed: another part is worked on.
        selection_changed: other measures are selected, or none.
        note_changed: another note is selected, or none.
        stepped: the history is at another step, or its last step has grown; follows shown_changed.
        modified_changed: whether there is something to save; carries that.
        told: a sentence for the status bar, such as what an edit could not keep.
    """

    document_opened = Signal()
    shown_changed = Signal()
    part_changed = Signal()
    selection_changed = Signal()
    note_changed = Signal()
    stepped = Signal()
    modified_changed = Signal(bool)
    told = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        self.path: Path | None = None
        self.tune: str | None = None
        self._state: State | None = None
        self._part = 0
        self._selection: Selection | None = None
        self._note: NotePlace | None = None
        self._preview: Preview | None = None
        self._is_reopened = False
        self.undo_stack.cleanChanged.connect(self._on_undo_stack_clean_changed)
        self.undo_stack.indexChanged.connect(self._on_undo_stack_index_changed)

    # The score

    @property
    def document(self) -> ScoreDocument | None:
        """The score as it is, without any preview."""
        return self._state.document if self._state else None

    @property
    def shown_document(self) -> ScoreDocument | None:
        """The score as the views show it, with the preview in place."""
        return self._preview.document if self._preview else self.document

    @property
    def melody(self) -> Melody | None:
        """The melody of the current part, without any preview; none where there is none."""
        return self.melodies(self.document).get(self._part)

    @property
    def shown_melody(self) -> Melody | None:
        """The melody of the current part as the views show it."""
        return self.melodies(self.shown_document).get(self._part)

    @staticmethod
    def melodies(document: ScoreDocument | None) -> dict[int, Melody]:
        """The melodies of all parts that are one."""
        found = {}
        for part in range(len(document.parts) if document else 0):
            try:
                found[part] = document.melody(part) if document else Melody(())
            except FileUnsupportedError:
                continue
        return found

    @property
    def why_no_melody(self) -> str:
        """Why the current part cannot be worked on; empty if it can."""
        try:
            if self.document:
                self.document.melody(self._part)
        except FileUnsupportedError as error:
            return str(error)
        return ""

    def open(self, document: ScoreDocument, path: Path | None = None, *, tune: str | None = None) -> None:
        """Show a score that was read, or made; ``path`` is where it is saved to. The first melody is chosen."""
        self.undo_stack.clear()
        self.path, self.tune = path, tune
        self._state = State(document)
        self._part = min(self.melodies(document), default=0)
        self._selection = self._note = self._preview = None
        self._opened()

    @property
    def is_reopened(self) -> bool:
        """Whether the open score was read again, so that views may stay where they are."""
        return self._is_reopened

    def reopen(self, document: ScoreDocument) -> None:
        """Show the score as its file has it now; part, measures and note stay chosen where they are still there."""
        self.undo_stack.clear()
        before = self._part, self._selection, self._note
        self._state, self._preview, self._is_reopened = State(document), None, True
        if self._part >= len(document.parts):
            self._part, self._selection, self._note = min(self.melodies(document), default=0), None, None
        self._selection = self._remaining(self._selection)
        if self._note is not None and self.note_at(self._note) is None:
            self._note = None
        self.document_opened.emit()
        self.shown_changed.emit()
        now = self._part, self._selection, self._note
        for signal, old, new in zip(self._place_signals, before, now, strict=True):
            if old != new:
                signal.emit()
        self.modified_changed.emit(self.is_modified)

    @property
    def _place_signals(self) -> tuple[SignalInstance, ...]:
        return self.part_changed, self.selection_changed, self.note_changed

    def _remaining(self, selection: Selection | None) -> Selection | None:
        """The selection as far as there are still measures for it; ``None`` if there are none."""
        is_there = selection is not None and selection.span.start < self.measure_count
        return self._within(selection) if is_there else None

    def close(self) -> None:
        """Show no score."""
        self.undo_stack.clear()
        self.path = self.tune = self._state = self._selection = self._note = self._preview = None
        self._part = 0
        self._opened()

    def _opened(self) -> None:
        self._is_reopened = False
        for signal in (self.document_opened, self.part_changed, self.shown_changed, self.selection_changed):
            signal.emit()
        self.note_changed.emit()
        self.modified_changed.emit(self.is_modified)

    # Saving

    @property
    def is_modified(self) -> bool:
        """Whether there are edits that are not saved."""
        return self._state is not None and not self.undo_stack.isClean()

    def set_unsaved(self) -> None:
        """Take the score as one that differs from its file, as after recovery or in a new tune."""
        self.undo_stack.resetClean()
        self.modified_changed.emit(self.is_modified)

    def saved(self, path: Path, document: ScoreDocument | None = None) -> None:
        """Remember that the score as it is now, or as it was in ``document``, stands in ``path``."""
        self.path = path
        if document is None or document is self.document:
            self.undo_stack.setClean()
            self.modified_changed.emit(self.is_modified)
        else:
            self.set_unsaved()

    def _on_undo_stack_clean_changed(self, _is_clean: bool) -> None:
        self.modified_changed.emit(self.is_modified)

    # Parts, measures, notes

    @property
    def part(self) -> int:
        """The index of the part that is worked on."""
        return self._part

    def set_part(self, part: int) -> None:
        """Work on another part; the measures stay selected as far as it has them."""
        if self.document is None or part == self._part or not 0 <= part < len(self.document.parts):
            return
        self.show_preview(None)
        self._part = part
        self._note = None
        self._selection = self._within(self._selection)
        self.part_changed.emit()
        self.selection_changed.emit()
        self.note_changed.emit()

    @property
    def measure_count(self) -> int:
        """How many measures the current part has."""
        return len(self.document.parts[self._part].measures) if self.document else 0

    @property
    def selection(self) -> Selection | None:
        """The selected measures, with the end at which the selection began."""
        return self._selection

    @property
    def span(self) -> Span | None:
        """The selected measures."""
        return self._selection.span if self._selection else None

    def select(self, anchor: int, head: int | None = None) -> None:
        """Select the measures from ``anchor`` to ``head``, both among them; without ``head``, one measure."""
        self._set_selection(Selection(anchor, anchor if head is None else head))

    def extend_to(self, head: int) -> None:
        """Let the selection end at measure ``head``; it begins where it began, or there if there is none."""
        self.select(self._selection.anchor if self._selection else head, head)

    def select_all(self) -> None:
        """Select every measure."""
        if self.measure_count:
            self.select(0, self.measure_count - 1)

    def clear_selection(self) -> None:
        """Select nothing."""
        self._set_selection(None)

    def move_selection(self, measures: int, *, extend: bool = False) -> None:
        """Move the end of the selection by some measures; without ``extend`` one measure is selected there.

        Where nothing is selected, it is the first measure, or the last for ``measures`` below 0.
        """
        if self._selection is None:
            self.select(0 if measures > 0 else self.measure_count - 1)
            return
        head = min(max(self._selection.head + measures, 0), self.measure_count - 1)
        self.select(self._selection.anchor if extend else head, head)

    def _set_selection(self, selection: Selection | None) -> None:
        selection = self._within(selection)
        if selection != self._selection:
            self._selection = selection
            self.selection_changed.emit()
        self.select_note(None)

    def _within(self, selection: Selection | None) -> Selection | None:
        last = self.measure_count - 1
        if selection is None or last < 0:
            return None
        return Selection(*(min(max(place, 0), last) for place in (selection.anchor, selection.head)))

    @property
    def note(self) -> NotePlace | None:
        """The selected note of the current part."""
        return self._note

    def select_note(self, place: NotePlace | None) -> None:
        """Select a note, or none; its measure becomes the selected one unless it is selected already."""
        if place is not None and (self.span is None or place.measure not in self.span.indices):
            self._set_selection(Selection(place.measure, place.measure))
        if place != self._note:
            self._note = place
            self.note_changed.emit()

    def note_at(self, place: NotePlace) -> Note | None:
        """The note that stands at a place of the current part as it is shown."""
        melody = self.shown_melody
        if melody is None or not 0 <= place.measure < len(melody.measures):
            return None
        notes = melody.measures[place.measure].notes
        return notes[place.note] if 0 <= place.note < len(notes) else None

    # Preview

    @property
    def preview(self) -> Preview | None:
        """The take that is shown in place without being part of the score."""
        return self._preview

    def show_preview(self, span: Span | None, measures: Sequence[Measure] = (), edit: Edit | None = None) -> None:
        """Show ``measures`` in the place of those in ``span``; without a span, the score as it is.

        ``edit`` is what comes of it, where that is known already.

        Raises:
            InpaintDesktopError: see ``ScoreDocument.with_measures``.
        """
        if self.document is None or (span is None and self._preview is None):
            return
        preview = None
        if span is not None:
            edit = edit or self.document.with_measures(self._part, span, measures)
            preview = Preview(span, tuple(measures), edit)
        self._preview = preview
        self.shown_changed.emit()

    # Edits

    def replace_measures(
        self, text: str, span: Span, measures: Sequence[Measure], *, details: Details = (), key: str = ""
    ) -> None:
        """Put measures into the current part as one step that can be undone.

        ``text`` is the name of the step. Steps of the same ``key`` that follow each other become one. Measures that
        stand there already are no step, and whatever is on trial stays.

        Raises:
            InpaintDesktopError: see ``ScoreDocument.with_measures``; nothing has changed then.
        """
        if self._state is None or self._holds(span, measures):
            return
        edit = self._state.document.with_measures(self._part, span, measures)
        self._push(text, State(edit.document, self._state.brought), details, key)
        for sentence in edit.dropped:
            self.told.emit(sentence)

    def _holds(self, span: Span, measures: Sequence[Measure]) -> bool:
        """Whether the measures stand there already."""
        melody = self.melody
        return melody is not None and melody.measures[span.start : span.stop] == tuple(measures)

    def commit_take(self, text: str, span: Span, measures: Sequence[Measure], details: Details) -> None:
        """Put a take into the score as one step, and remember which notes it brought.

        Raises:
            InpaintDesktopError: see ``ScoreDocument.with_measures``; nothing has changed then.
        """
        if self._state is None:
            return
        edit = self._previewed(span, measures) or self._state.document.with_measures(self._part, span, measures)
        new = edit.document.melody(self._part).measures
        brought = {(self._part, index): frozenset(new[index].notes) for index in span.indices}
        merged = MappingProxyType({**self._state.brought, **brought})
        self._push(text, State(edit.document, merged), details, "")
        for sentence in edit.dropped:
            self.told.emit(sentence)

    def _previewed(self, span: Span, measures: Sequence[Measure]) -> Edit | None:
        """The edit that the preview shows, if it is this one; it need not be made again."""
        preview = self._preview
        is_same = preview is not None and (preview.span, preview.measures) == (span, tuple(measures))
        return preview.edit if preview is not None and is_same else None

    def _push(self, text: str, after: State, details: Details, key: str) -> None:
        if self._state is not None:
            self._preview = None
            self.undo_stack.push(ReplaceState(self, text, (self._state, after), details, key))

    def _set_state(self, state: State) -> None:
        self._state = state
        self._preview = None
        self._selection = self._within(self._selection)
        if self._note is not None and self.note_at(self._note) is None:
            self.select_note(None)
        self.shown_changed.emit()

    def _on_undo_stack_index_changed(self, _index: int) -> None:
        self.stepped.emit()

    @property
    def step(self) -> object:
        """What stands for the last step that is not undone; without any, the score as it was opened."""
        stack = self.undo_stack
        last = stack.command(stack.index() - 1) if stack.index() else None
        return last.mark if isinstance(last, ReplaceState) else self.document

    def steps_to(self, document: ScoreDocument) -> int | None:
        """How many steps lead to a score that was there: below 0 to undo, above 0 to redo; ``None`` if none do."""
        stack = self.undo_stack
        steps = [step for index in range(stack.count()) if isinstance(step := stack.command(index), ReplaceState)]
        documents = [*(step.before for step in steps[:1]), *(step.after for step in steps)]
        return next((index - stack.index() for index, other in enumerate(documents) if other is document), None)

    # What the views mark

    def is_brought(self, place: NotePlace) -> bool:
        """Whether a shown note of the current part came with a take: the previewed one, or one that was kept."""
        note = self.note_at(place)
        if note is None or note.is_rest:
            return False
        if self._preview is not None and place.measure in self._preview.span.indices:
            return True
        brought = self._state.brought if self._state else NOTHING_BROUGHT
        return note in brought.get((self._part, place.measure), frozenset())

    def is_out_of_key(self, place: NotePlace) -> bool:
        """Whether a shown note of the current part is none of the key signature's."""
        melody, note = self.shown_melody, self.note_at(place)
        if melody is None or note is None or note.pitch is None:
            return False
        return note.pitch.midi % 12 not in melody.measures[place.measure].key.pitch_classes

    def brought_places(self, part: int) -> frozenset[NotePlace]:
        """The shown notes of a part that came with takes, see ``is_brought``."""
        measures = self.melodies(self.shown_document).get(part, Melody(())).measures
        brought = self._state.brought if self._state else NOTHING_BROUGHT
        shown = self._preview.span.indices if self._preview and part == self._part else range(0)
        concerned = {*shown, *(index for of, index in brought if of == part)}
        return frozenset(
            NotePlace(index, number)
            for index in concerned.intersection(range(len(measures)))
            for number, note in enumerate(measures[index].notes)
            if not note.is_rest and (index in shown or note in brought.get((part, index), ()))
        )

    def out_of_key_places(self, measures: Iterable[int]) -> frozenset[NotePlace]:
        """Those shown notes in some measures of the current part that are none of the key's, see ``is_out_of_key``."""
        melody = self.shown_melody or Melody(())
        found = ((index, melody.measures[index]) for index in measures if index < len(melody.measures))
        return frozenset(
            NotePlace(index, number)
            for index, measure in found
            for number, note in enumerate(measure.notes)
            if note.pitch is not None and note.pitch.midi % 12 not in measure.key.pitch_classes
        )
