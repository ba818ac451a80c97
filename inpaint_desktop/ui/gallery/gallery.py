"""What the gallery holds: the original as card 0, then takes; which of them is looked at, and what is done with it.

Nothing here is drawn. The gallery belongs to one part of one score; once the editor shows another, it is empty.
"""

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from inpaint_desktop.documents.document import Edit
from inpaint_desktop.errors import InpaintDesktopError
from inpaint_desktop.score.melody import Measure
from inpaint_desktop.ui.describing import span_in_words
from inpaint_desktop.ui.editor import Details, Editor
from inpaint_desktop.ui.fill_settings import Example, Source, Splice
from inpaint_desktop.ui.filling import Filler
from inpaint_desktop.ui.origin import Origin
from inpaint_desktop.ui.request_in_words import details_of
from inpaint_desktop.ui.transport import Transport
from inpaint_desktop.ui.words import tr

if TYPE_CHECKING:
    from inpaint_desktop.engine.request import Take

ORIGINAL = 0
MOST_LEFT = 8
"""For how many scores of the history takes are kept; with the scores in them, they need room."""


@dataclass(frozen=True, slots=True, eq=False)
class Card:
    """A take and what it was asked for; without a take, the original. Cards are told apart by identity.

    ``edit`` puts the take into the score, ``splice`` is what it was made of if that is two others.
    """

    origin: Origin
    take: "Take | None" = None
    edit: Edit | None = None
    splice: Splice | None = None

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What stands on the card."""
        return self.origin.measures if self.take is None else self.take.measures

    @property
    def kept(self) -> float:
        """The share of the original's notes that come again at their places, from 0 to 1."""
        return 1.0 if self.take is None else self.take.properties.kept

    @property
    def kept_of_example(self) -> float | None:
        """The share of the notes of the take that this one should be like; nothing where it should be like none."""
        example = self.origin.settings.example
        if self.take is None or example is None or self.splice is not None:
            return None
        from inpaint_desktop.engine.properties import share_kept, sounding  # numpy comes with it; the take had it, too

        return share_kept(sounding(self.measures), sounding(example.measures))

    @property
    def out_of_key(self) -> int:
        """How many notes the key signature does not have."""
        return sum(
            note.pitch.midi % 12 not in measure.key.pitch_classes
            for measure in self.measures
            for note in measure.notes
            if note.pitch is not None
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """What the gallery held before takes were asked for, or before the score became another; it may come back."""

    origin: Origin | None
    cards: tuple[Card, ...]
    starred: frozenset[Card]
    current: int


class Gallery(QObject):
    """Collects the filler's takes, shows them in place in the editor, and puts one into the score.

    Signals:
        cards_changed: there are other cards, or a star came or went.
        current_changed: another card is the current one, or another is shown in place.
        playing_changed: playing began or ended.
        closed: the gallery was open and is empty now: a take was kept, it was closed, or the score is another.
        came_back: the score is again what takes were made for, as an edit was undone, and here they are.
    """

    cards_changed = Signal()
    current_changed = Signal()
    playing_changed = Signal()
    closed = Signal()
    came_back = Signal()

    def __init__(self, editor: Editor, filler: Filler, transport: Transport, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._filler = filler
        self._transport = transport
        self._origin: Origin | None = None
        self._cards: tuple[Card, ...] = ()
        self._starred: frozenset[Card] = frozenset()
        self._current = ORIGINAL
        self._peeked: int | None = None
        self._is_comparing = False
        self._awaits_first = False
        self._first: Card | None = None
        self._showing_first = QTimer(self, singleShot=True, interval=0)
        self._showing_first.timeout.connect(self._on_showing_first_timeout)
        self._is_heard = False
        self._is_keeping = False
        self._before: _Held | None = None
        self._left: deque[_Held] = deque(maxlen=MOST_LEFT)
        self._sent_away: _Held | None = None
        self._coming_back = QTimer(self, singleShot=True, interval=0)
        self._coming_back.timeout.connect(self._on_coming_back_timeout)
        self._put_away: _Held | None = None
        self._kept: list[tuple[Details, Origin]] = []
        transport.state_changed.connect(self.playing_changed)
        self._follow(editor, filler)

    def _follow(self, editor: Editor, filler: Filler) -> None:
        """Hear of takes, and of everything after which they are for another score."""
        filler.started.connect(self._on_filler_started)
        filler.take_arrived.connect(self._on_filler_take_arrived)
        filler.spliced.connect(self._on_filler_spliced)
        filler.failed.connect(self._bring_back)
        filler.finished.connect(self._on_filler_finished)
        for end in (filler.finished, filler.failed, filler.cancelled):
            end.connect(self._on_filler_end)
        editor.document_opened.connect(self._on_editor_document_opened)
        editor.shown_changed.connect(self._on_editor_shown_changed)
        editor.part_changed.connect(self._on_editor_part_changed)
        editor.stepped.connect(self._on_editor_stepped)

    # What there is

    @property
    def origin(self) -> Origin | None:
        """What was asked for last; ``None`` while the gallery is closed."""
        return self._origin

    @property
    def cards(self) -> tuple[Card, ...]:
        """The original, then the takes: starred ones of earlier requests, then the new ones as they came."""
        return self._cards

    @property
    def current(self) -> int:
        """The index of the card that keys and buttons are about."""
        return self._current

    @property
    def current_card(self) -> Card | None:
        """The card that keys and buttons are about."""
        return self._cards[self._current] if self._cards else None

    @property
    def shown(self) -> int:
        """The index of the card that is seen and heard in place."""
        if self._peeked is not None:
            return self._peeked
        return ORIGINAL if self._is_comparing else self._current

    @property
    def is_comparing(self) -> bool:
        """Whether the original is shown in the place of the current take."""
        return self._is_comparing

    @property
    def is_playing(self) -> bool:
        """Whether anything is played."""
        return self._transport.is_playing

    @property
    def is_much_the_same(self) -> bool:
        """Whether most takes that were asked for last keep most of the original, though nothing leads there."""
        takes = [card.take for card in self._cards if card.take is not None and card.origin is self._origin]
        if not takes:
            return False
        from inpaint_desktop.engine.properties import are_much_the_same  # numpy comes with it; the takes had it, too

        return are_much_the_same(takes)

    def number_of(self, card: Card) -> int:
        """The place of a card among all."""
        return self._cards.index(card)

    def details_of(self, card: Card) -> Details:
        """How a card came to be: seed, model, and everything that was asked for; nothing of the original."""
        return () if card.take is None else details_of(card.origin, card.take, self.number_of(card), card.splice)

    def is_starred(self, card: Card) -> bool:
        """Whether a card stays when new takes are made."""
        return card in self._starred

    # Looking and listening

    def pick(self, index: int) -> None:
        """Make a card the current one and show it in place; there may be none of that index."""
        if 0 <= index < len(self._cards):
            self._awaits_first = False
            self._set_current(index)

    def move(self, steps: int) -> None:
        """Go some cards on, or back, as far as there are any."""
        if self._cards:
            self.pick(min(max(self._current + steps, 0), len(self._cards) - 1))

    def peek(self, index: int | None) -> None:
        """Show another card in place for a moment, or with ``None`` the current one again."""
        if index is not None and not 0 <= index < len(self._cards):
            index = None
        if index != self._peeked:
            self._peeked = index
            self._show()

    def settle(self) -> None:
        """Make the card that is shown for a moment the current one: what is done next is done with what is seen."""
        if self._peeked is not None:
            self.pick(self._peeked)

    def compare(self) -> None:
        """Change between the current take and the original; what is played goes on from the same place."""
        if self._current == ORIGINAL:
            self.pick(1)
            return
        self._peeked = None
        self._is_comparing = not self._is_comparing
        self._show()

    def play(self) -> None:
        """Play what is shown in its place, with two measures before and after it; if it plays already, pause.

        After a pause it goes on, unless another card was picked.
        """
        if self._transport.is_playing:
            self._transport.play_pause()
        elif self._origin is not None:
            self._transport.play_preview(self._origin.span, goes_on=self._is_heard)
            self._is_heard = True

    def _set_cards(self, cards: tuple[Card, ...], current: int) -> None:
        self._cards, self._current = cards, current
        self._is_heard = self._is_heard and self._transport.is_playing
        self._peeked, self._is_comparing = None, False
        self.cards_changed.emit()
        self._show()

    def _set_current(self, index: int) -> None:
        self._is_heard = self._is_heard and (index == self._current or self._transport.is_playing)
        self._current = index
        self._peeked, self._is_comparing = None, False
        self._show()

    def _show(self) -> None:
        """Let the editor show the card, and say that another is looked at."""
        card = self._cards[self.shown] if self._cards else None
        try:
            if card is None or card.take is None:
                self._editor.show_preview(None)
            elif self._editor.preview is None or self._editor.preview.measures is not card.measures:
                self._editor.show_preview(card.origin.span, card.measures, card.edit)
        except InpaintDesktopError as error:
            self._editor.show_preview(None)  # rather than another card's
            self._editor.told.emit(str(error))
        self.current_changed.emit()

    # Choosing

    def toggle_star(self, index: int | None = None) -> None:
        """Keep a take, by default the current one, when new ones are made; or keep it no more."""
        card = self._card(index)
        if card is not None and card.take is not None:
            self._starred ^= {card}
            self.cards_changed.emit()

    def remove(self, index: int | None = None) -> None:
        """Throw a take away, by default the current one; the card behind it takes its place."""
        card = self._card(index)
        if card is None or card.take is None:
            return
        place = self._cards.index(card)
        left = tuple(other for other in self._cards if other is not card)
        self._starred -= {card}
        before = self._current - (place < self._current)
        self._set_cards(left, min(before, len(left) - 1))

    def commit(self, index: int | None = None) -> None:
        """Put a take, by default the current one, into the score as one step; the original leaves all as it is."""
        card = self._card(index)
        if card is None:
            return
        if card.take is None:
            self.close()
            return
        number, span, self._is_keeping = self.number_of(card), card.origin.span, True
        text = tr("Take {number} in {measures}", number=number, measures=span_in_words(self._editor, span))
        details, origin = self.details_of(card), card.origin
        try:
            self._editor.commit_take(text, span, card.measures, details)
            self._kept.append((details, origin))
        except InpaintDesktopError as error:
            self._editor.told.emit(str(error))
        finally:
            self._is_keeping = False

    def regenerate(self) -> None:
        """Make new takes beside the starred ones: for the selected measures, or if there are none, for the same."""
        if self._editor.span is None and self._origin is not None:
            self._select(self._origin)
        self._filler.regenerate()

    def more_like(self, index: int | None = None) -> None:
        """Make more takes like one, by default the current one, which stays as if it were starred."""
        card = self._card(index)
        if card is None or card.take is None:
            return
        from inpaint_desktop.engine.request import MORE_LIKE  # numpy comes with it; the take had it, too

        self._starred |= {card}
        settings, origin = self._filler.settings, card.origin
        before = settings.without_example().similarity
        example = Example(origin.part, origin.span, card.measures, self.source_of(card).title, before)
        self._filler.set_settings(replace(settings, example=example, similarity=MORE_LIKE))
        self._select(origin)
        self._filler.regenerate()

    def splice(self, other: int, index: int | None = None) -> None:
        """Ask for a take with the rhythm of a card, by default the current one, and the pitches of another."""
        rhythm, pitches = self._card(index), self._card(other)
        if rhythm is None or pitches is None or rhythm is pitches:
            return
        if self._filler.is_running:
            self._editor.told.emit(tr("Wait until all takes are there, or call them off; then splice two of them."))
            return
        self._filler.splice(rhythm.origin, Splice(self.source_of(rhythm), self.source_of(pitches)))

    def source_of(self, card: Card) -> Source:
        """A card as something that others are made from."""
        if card.take is None:
            return Source(card.measures, tr("the original"))
        name = tr("take {number}", number=self.number_of(card))
        return Source(card.measures, name, card.take.seed, card.origin.settings.seed)

    def use_settings(self, index: int | None = None) -> None:
        """Ask next as for a card, by default the current one: its measures, settings, locks, line and seed.

        The seed is locked; model and device stay as they are now.
        """
        card = self._card(index)
        if card is not None and card.take is not None:
            self._use(card.origin)

    def use_settings_of(self, details: Details) -> None:
        """Ask next as for a take that was kept, by what the history says of it."""
        for kept, origin in self._kept:
            if kept is details:
                self._use(origin)

    def _use(self, origin: Origin) -> None:
        now, wishes = self._filler.settings, self._filler.wishes
        self._editor.set_part(origin.part)
        self._select(origin)
        self._filler.set_settings(replace(origin.settings, seed_locked=True, model=now.model, device=now.device))
        wishes.set_locked_in(origin.span, origin.melody, origin.locked)
        if wishes.contour_over(origin.span) != origin.contour:
            wishes.set_contour(origin.contour)
        wishes.set_contour_strength(origin.contour_strength)

    def _select(self, origin: Origin) -> None:
        if self._editor.span != origin.span:
            self._editor.select(origin.span.start, origin.span.stop - 1)

    def escape(self) -> bool:
        """Call off the takes that are being made, or else close the gallery; says whether there was either."""
        if self._filler.is_running:
            self._filler.cancel()
            return True
        is_open = self._origin is not None
        self.close()
        return is_open

    def close(self) -> None:
        """Empty the gallery and leave the score as it is."""
        if self._origin is not None:
            self._put_away = self._held()
            self._take_left()
            self._forget()
            self._filler.cancel()
            self._editor.show_preview(None)

    def _card(self, index: int | None) -> Card | None:
        index = self._current if index is None else index
        return self._cards[index] if 0 <= index < len(self._cards) else None

    def _forget(self) -> None:
        self._origin = self._before = None
        self._cards, self._starred, self._current = (), frozenset(), ORIGINAL
        self._peeked, self._is_comparing = None, False
        self.cards_changed.emit()
        self.current_changed.emit()
        self.closed.emit()

    # What comes in

    def _on_filler_started(self, origin: Origin) -> None:
        kept = self._starred_for(origin)
        card = self.current_card
        self._before, self._put_away = self._held(), None
        self._take_left()
        self._origin = origin
        self._starred = frozenset(kept)
        self._awaits_first = True
        self._set_cards((Card(origin), *kept), kept.index(card) + 1 if card in kept else ORIGINAL)

    def _starred_for(self, origin: Origin) -> tuple[Card, ...]:
        """The starred takes of the same measures that are there, or were when the gallery was closed."""
        last = self._held() if self._origin is not None or self._put_away is None else self._put_away
        is_same = last.origin is not None and last.origin.is_about(origin)
        return tuple(card for card in last.cards if card in last.starred) if is_same else ()

    def _on_filler_take_arrived(self, take: "Take", edit: Edit) -> None:
        origin = self._origin
        if origin is None or any(card.measures == take.measures for card in self._cards):
            return
        self._before = None
        self._cards = (*self._cards, Card(origin, take, edit))
        self.cards_changed.emit()
        if self._awaits_first and not self._showing_first.isActive():
            self._first = self._cards[-1]
            self._showing_first.start()

    def _on_showing_first_timeout(self) -> None:
        """Show the first take in place; its card came a moment before, so that the window need not do both at once."""
        if self._awaits_first and self._first in self._cards:
            self.pick(self._cards.index(self._first))

    def _on_filler_spliced(self, take: "Take", edit: Edit, origin: Origin, splice: Splice) -> None:
        """Put the splice behind all others and show it, or the card that is the same."""
        if self._origin is None or not origin.is_about(self._origin):
            return
        same = next((card for card in self._cards if card.measures == take.measures), None)
        if same is not None:
            self._editor.told.emit(tr("What came of it is there already, as {take}.", take=self.source_of(same).name))
            self.pick(self.number_of(same))
            return
        self._cards = (*self._cards, Card(origin, take, edit, splice))
        self.cards_changed.emit()
        self.pick(len(self._cards) - 1)

    def _on_filler_finished(self, count: int) -> None:
        if not count:
            self._bring_back()

    def _bring_back(self) -> None:
        """Where nothing could be made of what was asked for, what was there before is not lost."""
        before = self._before
        if before is not None and len(before.cards) > 1:
            self._hold(before, before.current)

    def _held(self) -> _Held:
        return _Held(self._origin, self._cards, self._starred, self._current)

    def _hold(self, held: _Held, current: int) -> None:
        self._origin, self._starred = held.origin, held.starred
        self._set_cards(held.cards, current)

    def _on_filler_end(self) -> None:
        """Be empty rather than hold the original alone."""
        self._before = None
        if len(self._cards) == 1:
            self._forget()

    def _on_editor_document_opened(self) -> None:
        self._kept.clear()  # as the history is
        if self._leave_another() and self._editor.is_reopened:
            self._tell_left(None)
        self._left.clear()
        self._sent_away = self._put_away = None

    def _on_editor_shown_changed(self) -> None:
        if self._leave_another() and not self._is_keeping:
            self._sent_away = self._left[-1]
        self._come_back_soon()

    def _on_editor_stepped(self) -> None:
        """Tell what became of takes that the step sent away, unless others come in their place."""
        sent_away, self._sent_away = self._sent_away, None
        if sent_away is not None and sent_away.origin is not None and self._left_for_now() is None:
            self._tell_left(self._editor.steps_to(sent_away.origin.document))

    def _tell_left(self, steps: int | None) -> None:
        """Tell that the takes were for another score, and how to get there; see ``Editor.steps_to``."""
        if steps is None:
            sentence = tr("The takes belonged to the score as it was before; make new ones for it as it is.")
        elif steps < 0:
            sentence = tr(
                "The takes belonged to the score as it was before: undo, and they are back, or make new ones."
            )
        else:
            sentence = tr(
                "The takes belonged to the score as it was before: redo, and they are back, or make new ones."
            )
        self._editor.told.emit(sentence)

    def _on_editor_part_changed(self) -> None:
        self._leave_another()
        self._come_back_soon()

    def _come_back_soon(self) -> None:
        """See whether what was left is wanted again: once several steps of the history are undone, not at each."""
        if self._left:
            self._coming_back.start()

    def _leave_another(self) -> bool:
        """Be empty if the score, or the part, is another now; say whether there were takes for the earlier one."""
        if self._origin is None or self._origin.is_of(self._editor):
            return False
        has_takes = len(self._cards) > 1
        if has_takes:
            self._left.append(self._held())
        self._forget()
        return has_takes

    def _left_for_now(self) -> _Held | None:
        """What was left of the score, and the part, that is worked on now."""
        return next((held for held in self._left if held.origin and held.origin.is_of(self._editor)), None)

    def _take_left(self) -> _Held | None:
        """The same, which is left no longer."""
        held = self._left_for_now()
        if held is not None:
            self._left.remove(held)
        return held

    def _on_coming_back_timeout(self) -> None:
        """Hold again what was left, once the score is what it was for; the original, which stands there, is shown."""
        held = self._take_left() if self._origin is None else None
        if held is not None:
            self._hold(held, ORIGINAL)
            self.came_back.emit()
