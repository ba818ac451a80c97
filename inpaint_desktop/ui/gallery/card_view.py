"""One card as it is seen: number, star, engraved excerpt, and what was measured of the take."""

from collections.abc import Iterator
from html import escape

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QIcon, QImage, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from inpaint_desktop.engraving.pages import Page
from inpaint_desktop.ui.appearance import themed_icon
from inpaint_desktop.ui.gallery.gallery import Card
from inpaint_desktop.ui.gallery.picture import Fit, Look, PictureRequest, fit
from inpaint_desktop.ui.known_in_words import known_as_rich_text, known_in_words
from inpaint_desktop.ui.request_in_words import details_of, percent, properties_in_words
from inpaint_desktop.ui.theme import theme_of
from inpaint_desktop.ui.words import tr

PADDING = 8
ROUNDING = 6.0
EMPTY_HEIGHT = 44
_GAP = 4


class CardView(QWidget):
    """Shows a card; clicks are told and not acted upon.

    Signals:
        picked: it was clicked.
        chosen: it was clicked twice.
        pointed_at: the mouse moved over it.
        star_clicked: its star was clicked.
        menu_wanted: its menu was asked for; carries the place on the screen.
        picture_wanted: its excerpt is to be drawn; carries the ``PictureRequest`` that ``show_drawn`` answers.
    """

    picked = Signal()
    chosen = Signal()
    pointed_at = Signal()
    star_clicked = Signal()
    menu_wanted = Signal(object)
    picture_wanted = Signal(object)

    def __init__(self, card: Card, parent: QWidget) -> None:
        super().__init__(parent)
        self.card = card
        self._page: Page | None = None
        self._fits: dict[int, Fit] = {}
        self._wanted: PictureRequest | None = None
        self._image: QImage | None = None
        self._state = (-1, False, False, False)
        self._stars = (QIcon(), QIcon())
        self.setMouseTracking(True)
        self.title = QLabel(self)
        self.facts = QLabel(self)
        self.facts.setTextFormat(Qt.TextFormat.RichText)
        self.facts.setWordWrap(True)
        for label in (self.title, self.facts):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.note = ""
        self.star = QToolButton(self)
        self.star.setAutoRaise(True)
        self.star.setCheckable(True)
        self.star.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.star.setVisible(card.take is not None)
        self.star.clicked.connect(self.star_clicked)
        self._head = QWidget(self)
        self._head.setMouseTracking(True)
        layout = QHBoxLayout(self._head)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.title, 1)
        layout.addWidget(self.star)
        self._dress()

    @property
    def picture(self) -> Page | None:
        """The engraved excerpt, once it is there."""
        return self._page

    @property
    def is_drawn(self) -> bool:
        """Whether the excerpt is seen."""
        return self._image is not None

    # What it says

    def show_state(self, number: int, *, is_current: bool, is_shown: bool, is_starred: bool) -> None:
        """Show its place among the cards, and whether it is looked at."""
        state = (number, is_current, is_shown, is_starred)
        if state == self._state:
            return
        self._state = state
        self.title.setText(f"<b>{number}</b>&nbsp; {escape(title_of(self.card))}")
        self.setAccessibleName(words_of(self.card, number, is_starred=is_starred))
        self._show_star(is_starred)
        self.update()

    def show_picture(self, page: Page | str) -> None:
        """Show the engraved excerpt, or a sentence in its place."""
        if isinstance(page, Page):
            self._page = page
        else:
            self.note = page
            self.setToolTip(page)
        self._fits.clear()
        self._wanted = None
        self.update()

    def ask_for_picture(self) -> None:
        """Have the excerpt drawn for the place that the card has, if it is not."""
        if self._page is not None and self._wanted is None:
            self._wanted = PictureRequest(self._page, self._placed(self.width() - 2 * PADDING), self._look())
            self.picture_wanted.emit(self._wanted)

    def show_drawn(self, request: PictureRequest, image: QImage) -> None:
        """Show the excerpt as it was drawn, unless it is wanted otherwise by now."""
        if request is self._wanted:
            self._image = image
            self.update()

    def _show_star(self, is_starred: bool) -> None:
        self.star.setChecked(is_starred)
        self.star.setToolTip(tr("Keep no more (S)") if is_starred else tr("Keep when new takes are made (S)"))
        self.star.setIcon(self._stars[is_starred])

    def _dress(self) -> None:
        """Use the colours of the palette."""
        palette, theme = self.palette(), theme_of(self.palette())
        if self.card.take is not None:
            self._stars = (themed_icon("star", palette), themed_icon("star-filled", palette))
            self._show_star(self._state[-1])
        self.facts.setText(facts_of(self.card, theme.out_of_key))
        faint = QPalette(palette)
        faint.setColor(QPalette.ColorRole.WindowText, QColor(theme.faint))
        self.facts.setPalette(faint)
        self._wanted = None
        self.update()

    # Where things are

    def height_for(self, width: int) -> int:
        """How high the card is when it is ``width`` pixels wide."""
        inner = width - 2 * PADDING
        picture = self._placed(inner).height if self._page else EMPTY_HEIGHT
        head, facts = self._head.sizeHint().height(), self._facts_height(inner)
        return round(head + picture + facts + 2 * PADDING + 2 * _GAP)

    def _placed(self, width: int) -> Fit:
        assert self._page is not None
        if width not in self._fits:
            self._fits[width] = fit(self._page, width)
        return self._fits[width]

    def _facts_height(self, width: int) -> int:
        return max(self.facts.heightForWidth(width), self.facts.sizeHint().height() if width <= 0 else 0)

    def resizeEvent(self, _event: object) -> None:
        """Put title and facts at the top and the bottom."""
        inner, head = self.width() - 2 * PADDING, self._head.sizeHint().height()
        self._head.setGeometry(PADDING, PADDING, inner, head)
        facts = self._facts_height(inner)
        self.facts.setGeometry(PADDING, self.height() - PADDING - facts, inner, facts)
        self._wanted = None

    def sizeHint(self) -> QSize:
        """As wide as a dock."""
        return QSize(320, self.height_for(320))

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the card's ground and border, and the excerpt."""
        theme = theme_of(self.palette())
        _, is_current, is_shown, _ = self._state
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("selection_edge"), 2.0) if is_current else QPen(theme.color("rule"), 1.0))
        painter.setBrush(theme.color("paper"))
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(frame, ROUNDING, ROUNDING)
        if is_shown:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selection"))
            painter.drawRoundedRect(frame, ROUNDING, ROUNDING)
        self._paint_picture(painter)

    def _paint_picture(self, painter: QPainter) -> None:
        """Paint the excerpt as it was drawn last; it is drawn anew beside the window where it no longer fits."""
        self.ask_for_picture()
        top = PADDING + self._head.height() + _GAP
        if self._image is not None:
            painter.drawImage(PADDING, top, self._image)
            return
        words = tr("This cannot be drawn.") if self.note else tr("Engraving ...")
        painter.setPen(theme_of(self.palette()).color("faint"))
        area = QRectF(PADDING, top, self.width() - 2 * PADDING, EMPTY_HEIGHT)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)

    def _look(self) -> Look:
        theme, span = theme_of(self.palette()), self.card.origin.span
        is_take = self.card.take is not None and self._page is not None
        notes = self._page.notes if self._page is not None and is_take else ()
        colored = frozenset(box.key for box in notes if box.measure in span.indices)
        return Look(theme.ink, theme.brought, colored, self.devicePixelRatioF())

    # Events

    def event(self, event: QEvent) -> bool:
        """Say in a tool tip how the take came to be, or why it cannot be drawn."""
        if event.type() == QEvent.Type.ToolTip:
            self.setToolTip(self.note or tip_of(self.card, self._state[0]))
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """Use other colours when the palette is another."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell of a click."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Tell of a double click."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit()

    def mouseMoveEvent(self, _event: QMouseEvent) -> None:
        """Tell that the mouse is here; it is only told when the mouse moves, not when the cards do."""
        self.pointed_at.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Tell that a menu is wanted."""
        self.menu_wanted.emit(event.globalPos())


def title_of(card: Card) -> str:
    """What a card is called beside its number: the original, or what it was made of."""
    if card.splice is not None:
        rhythm, pitches = card.splice.rhythm.name, card.splice.pitches.name
        return tr("Rhythm of {rhythm}, pitches of {pitches}", rhythm=rhythm, pitches=pitches)
    return tr("Original") if card.take is None else ""


def facts_of(card: Card, warning: str) -> str:
    """What was measured of a card, as rich text; notes out of key have the colour ``warning``."""
    out_of_key = out_of_key_words(card)
    if card.out_of_key and card.take is not None:
        out_of_key = f'<span style="color:{warning}; font-weight:600">{out_of_key}</span>'
    if card.take is None:
        return out_of_key
    facts = " · ".join((*_kept_words(card), out_of_key, _seed_words(card)))
    return "<br>".join((facts, *known_as_rich_text(card.take)))


def _kept_words(card: Card) -> Iterator[str]:
    """How much of the original is kept, and of the take that this one should be like."""
    if card.kept_of_example is not None:
        yield tr("{share} of the liked take kept", share=percent(card.kept_of_example))
    yield tr("{share} of the original kept", share=percent(card.kept))


def _seed_words(card: Card) -> str:
    return tr("seed {seed}", seed=card.origin.settings.seed)


def out_of_key_words(card: Card) -> str:
    """How many notes the key does not have."""
    count = card.out_of_key
    if count == 1:
        return tr("1 note out of key")
    return tr("{count} notes out of key", count=count) if count else tr("all in key")


def words_of(card: Card, number: int, *, is_starred: bool) -> str:
    """A card for screen readers."""
    if card.take is None:
        return tr("The original, {key}", key=out_of_key_words(card))
    made_of = (title_of(card),) if card.splice else ()
    words = [
        tr("Take {number}", number=number),
        *made_of,
        *_kept_words(card),
        out_of_key_words(card),
        _seed_words(card),
        *known_in_words(card.take),
    ]
    return ", ".join([*words, tr("starred")] if is_starred else words)


def tip_of(card: Card, number: int) -> str:
    """What was measured of a take, and everything that was asked for; nothing of the original."""
    if card.take is None:
        return ""
    measured = properties_in_words(card.take.properties)
    asked = details_of(card.origin, card.take, number, card.splice)
    return "\n\n".join("\n".join(f"{name}: {value}" for name, value in part) for part in (measured, asked))
