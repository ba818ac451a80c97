"""All cards, in one column or in several, with the keys that walk over them."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QKeyCombination, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QImage, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QToolTip, QWidget

from inpaint_desktop.engraving.pages import Page
from inpaint_desktop.ui.backlog import Backlog
from inpaint_desktop.ui.gallery.card_view import CardView, words_of
from inpaint_desktop.ui.gallery.excerpts import ExcerptEngraver, engraved
from inpaint_desktop.ui.gallery.gallery import Card, Gallery
from inpaint_desktop.ui.gallery.picture import PictureRequest, draw
from inpaint_desktop.ui.words import tr

PEEK_DELAY_MS = 60
"""How long the mouse rests on a card before it is shown in place: passing over many cards engraves none."""

NARROWEST_CARD = 250
LOWEST = 230
_USUAL_HEIGHT = 190
_GAP = 6


class CardList(QScrollArea):
    """The gallery's cards. It has the focus as a whole; keys are about the card that is seen in place.

    Signals:
        menu_wanted: the menu of the current card was asked for; carries the place on the screen.
        key_chosen: a key that means something here was pressed; carries its name in ``KEYS``, or ``regenerate``.
    """

    menu_wanted = Signal(object)
    key_chosen = Signal(str)

    def __init__(self, gallery: Gallery, engraver: ExcerptEngraver, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.regenerate_keys: Sequence[QKeySequence] = ()
        self._gallery = gallery
        self._engraving = Backlog("engraving-cards", partial(engraved, engraver), self)
        self._drawing = Backlog("drawing-cards", draw, self)
        self._views: dict[Card, CardView] = {}
        self._pointed_at: Card | None = None
        self._columns = 1
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Takes"))
        self._ground = QWidget()
        self._ground.setMouseTracking(True)
        self.setWidget(self._ground)
        self._peeking = QTimer(self, interval=PEEK_DELAY_MS, singleShot=True)
        self._peeking.timeout.connect(self._on_peeking_timeout)
        gallery.cards_changed.connect(self._on_gallery_cards_changed)
        gallery.current_changed.connect(self._on_gallery_current_changed)
        self._engraving.done.connect(self._on_engraving_done)
        self._drawing.done.connect(self._on_drawing_done)

    @property
    def views(self) -> tuple[CardView, ...]:
        """The cards as they are seen, in their order."""
        return tuple(self._views[card] for card in self._gallery.cards)

    @property
    def columns(self) -> int:
        """How many cards stand beside each other."""
        return self._columns

    def close_work(self) -> None:
        """Engrave and draw no more cards."""
        self._engraving.close()
        self._drawing.close()

    @property
    def current_place(self) -> QPoint:
        """The middle of the current card on the screen."""
        card = self._gallery.current_card
        widget = self if card is None else self._views[card]
        return widget.mapToGlobal(widget.rect().center())

    # Cards come and go

    def _on_gallery_cards_changed(self) -> None:
        cards = self._gallery.cards
        for card in self._views.keys() - set(cards):
            view = self._views.pop(card)
            view.hide()
            view.deleteLater()
        new = [card for card in cards if card not in self._views]
        for card in new:
            self._views[card] = self._made(card)
        if not cards:
            self._peeking.stop()
            self._engraving.forget()
            self._drawing.forget()
        self._engraving.ask({card: card for card in new})
        self._show_states()
        self._arrange()
        self.updateGeometry()

    def _made(self, card: Card) -> CardView:
        view = CardView(card, self._ground)
        view.picked.connect(self._on_view_picked)
        view.chosen.connect(self._on_view_chosen)
        view.pointed_at.connect(self._on_view_pointed_at)
        view.star_clicked.connect(self._on_view_star_clicked)
        view.menu_wanted.connect(self._on_view_menu_wanted)
        view.picture_wanted.connect(self._on_view_picture_wanted)
        view.show()
        return view

    def _on_engraving_done(self, card: Card, _card: Card, page: Page | str) -> None:
        if card in self._views:
            self._views[card].show_picture(page)
            self._arrange()
            if card is self._gallery.current_card:
                self._keep_in_sight(card)

    def _on_view_picture_wanted(self, request: PictureRequest) -> None:
        view = self.sender()
        assert isinstance(view, CardView)
        self._drawing.ask({view.card: request})

    def _on_drawing_done(self, card: Card, request: PictureRequest, image: QImage) -> None:
        if card in self._views:
            self._views[card].show_drawn(request, image)

    def _on_gallery_current_changed(self) -> None:
        self._show_states()
        card = self._gallery.current_card
        if card is None:
            self.setAccessibleDescription("")
            return
        is_starred = self._gallery.is_starred(card)
        self.setAccessibleDescription(words_of(card, self._gallery.current, is_starred=is_starred))
        self._keep_in_sight(card)

    def _keep_in_sight(self, card: Card) -> None:
        """Scroll to a card, unless the mouse is over one and it would be another then."""
        if self._pointed_at is None:
            self.ensureWidgetVisible(self._views[card], 0, _GAP)

    def _show_states(self) -> None:
        gallery = self._gallery
        for number, card in enumerate(gallery.cards):
            self._views[card].show_state(
                number,
                is_current=number == gallery.current,
                is_shown=number == gallery.shown,
                is_starred=gallery.is_starred(card),
            )

    # Where they stand

    def _arrange(self) -> None:
        """Put the cards into as many columns as there is room for."""
        width = self.viewport().width()
        self._columns = max(width // (NARROWEST_CARD + _GAP), 1)
        across = (width - _GAP * (self._columns - 1)) // self._columns
        views, top = self.views, 0
        for first in range(0, len(views), self._columns):
            row = views[first : first + self._columns]
            height = max(view.height_for(across) for view in row)
            for column, view in enumerate(row):
                view.setGeometry(column * (across + _GAP), top, across, height)
                view.ask_for_picture()
            top += height + _GAP
        self._ground.resize(width, max(top - _GAP, 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the cards for another width."""
        super().resizeEvent(event)
        self._arrange()

    def sizeHint(self) -> QSize:
        """Room for a card, if there is any; where there is more, it gets it."""
        return QSize(340, _USUAL_HEIGHT if self._views else 0)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for most of a card, whatever is set beside it."""
        return QSize(NARROWEST_CARD, LOWEST if self._views else 0)

    # The mouse

    def _place_of(self, view: QObject) -> int:
        assert isinstance(view, CardView)
        return self._gallery.cards.index(view.card)

    def _on_view_picked(self) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._gallery.pick(self._place_of(self.sender()))

    def _on_view_chosen(self) -> None:
        self._gallery.commit(self._place_of(self.sender()))

    def _on_view_star_clicked(self) -> None:
        self._gallery.toggle_star(self._place_of(self.sender()))

    def _on_view_menu_wanted(self, place: QPoint) -> None:
        self._gallery.pick(self._place_of(self.sender()))
        self.menu_wanted.emit(place)

    def _on_view_pointed_at(self) -> None:
        view = self.sender()
        assert isinstance(view, CardView)
        if view.card is not self._pointed_at:
            self._pointed_at = view.card
            self._peeking.start()

    def _on_peeking_timeout(self) -> None:
        card, cards = self._pointed_at, self._gallery.cards
        self._gallery.peek(cards.index(card) if card in cards else None)

    def viewportEvent(self, event: QEvent) -> bool:
        """Show the current card again when the mouse leaves."""
        if event.type() == QEvent.Type.Leave:
            self._stop_peeking()
        return super().viewportEvent(event)

    def _stop_peeking(self) -> None:
        self._pointed_at = None
        self._peeking.stop()
        self._gallery.peek(None)

    # The keys

    def event(self, event: QEvent) -> bool:
        """Take the keys of the gallery before the window's actions do."""
        if event.type() == QEvent.Type.ShortcutOverride and self._gallery.cards and self._name_of(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what a key means here; others go on to the window."""
        name = self._name_of(event)
        if not name or not self._gallery.cards:
            event.ignore()
            return
        QToolTip.hideText()  # it may be about another card
        self._gallery.settle()
        self._stop_peeking()
        if name.isdigit():
            self._gallery.pick(int(name))
        elif name in _MOVES:
            self._gallery.move(_MOVES[name](self._columns))
        else:
            self.key_chosen.emit(name)

    def _name_of(self, event: QEvent) -> str:
        """What a key is called here; empty if it means nothing."""
        if not isinstance(event, QKeyEvent):
            return ""
        key = Qt.Key.Key_Return if event.key() == Qt.Key.Key_Enter else Qt.Key(event.key())
        pressed = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if QKeySequence(QKeyCombination(pressed, key)) in self.regenerate_keys:
            return "regenerate"
        if pressed != Qt.KeyboardModifier.NoModifier:
            return ""
        return chr(key) if Qt.Key.Key_0 <= key <= Qt.Key.Key_9 else KEYS.get(key, "")

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the current card when the menu key is pressed; the mouse asks the cards themselves."""
        card = self._gallery.current_card
        if card is None or event.reason() != QContextMenuEvent.Reason.Keyboard:
            event.ignore()
            return
        self.menu_wanted.emit(self.current_place)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keys go."""
        super().focusInEvent(event)
        self.update()


KEYS: Mapping[int, str] = {
    Qt.Key.Key_Left: "back",
    Qt.Key.Key_Right: "on",
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
    Qt.Key.Key_Space: "play",
    Qt.Key.Key_A: "compare",
    Qt.Key.Key_Return: "commit",
    Qt.Key.Key_Delete: "remove",
    Qt.Key.Key_Backspace: "remove",
    Qt.Key.Key_S: "star",
    Qt.Key.Key_C: "copy_seed",
    Qt.Key.Key_M: "more_like",
    Qt.Key.Key_R: "splice",
    Qt.Key.Key_Escape: "escape",
}
"""The keys of the gallery and their names; Enter counts as Return."""

_MOVES: Mapping[str, Callable[[int], int]] = {
    "back": lambda _columns: -1,
    "on": lambda _columns: 1,
    "up": lambda columns: -columns,
    "down": lambda columns: columns,
}
