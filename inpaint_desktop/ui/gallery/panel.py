"""The gallery as a panel: settings, progress, cards, and what can be done with the current card."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inpaint_desktop.ui.actions import FILL_ACTIONS
from inpaint_desktop.ui.appearance import themed_icon
from inpaint_desktop.ui.describing import span_in_words
from inpaint_desktop.ui.filling import Filler
from inpaint_desktop.ui.gallery.card_list import CardList
from inpaint_desktop.ui.gallery.card_menu import SPLICE, card_menu, splice_menu
from inpaint_desktop.ui.gallery.excerpts import ExcerptEngraver
from inpaint_desktop.ui.gallery.gallery import Gallery
from inpaint_desktop.ui.gallery.preset_button import PresetButton
from inpaint_desktop.ui.gallery.settings_area import SettingsArea
from inpaint_desktop.ui.presets import Presets
from inpaint_desktop.ui.words import tr

_FULL = 1000
_SETTINGS_WIDTH = 300
_USUAL_KEYS = next(spec.keys for spec in FILL_ACTIONS if spec.name == "regenerate")


class GalleryPanel(QWidget):
    """The gallery in a dock, at the right or at the bottom.

    Signals:
        save_requested: a take is to be written to a file of its own; carries the ``Card``.
    """

    save_requested = Signal(object)

    def __init__(
        self,
        gallery: Gallery,
        filler: Filler,
        engraver: ExcerptEngraver,
        presets: Presets,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.gallery = gallery
        self._filler = filler
        self.fold = QToolButton(self)
        self.presets = PresetButton(presets, self)
        self.regenerate = QPushButton(tr("Regenerate"), self)
        self.settings = SettingsArea(filler, self)
        self.cards = CardList(gallery, engraver, self)
        self.sentence = QLabel(self)
        self._key = self._why_no_takes = ""
        self.progress = QProgressBar(self)
        self.cancel = QPushButton(tr("Cancel"), self)
        self.buttons: dict[str, QToolButton] = {}
        self._lay_out()
        self._connect()
        self.use_regenerate_keys([QKeySequence(key) for key in _USUAL_KEYS])
        self._show_buttons()
        self._show_icons()
        self._show_fold()

    def use_regenerate_keys(self, keys: Sequence[QKeySequence]) -> None:
        """Let these keys make takes, and name the first where it is advised; without a key, the button."""
        self.cards.regenerate_keys = keys
        key = keys[0].toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
        said, tip = self._advice, tr("Make new takes beside the starred ones")
        self._key = key or self.regenerate.text()
        self.regenerate.setToolTip(f"{tip} ({key})" if key else tip)
        if self.sentence.text() in ("", said):
            self._advise()

    @property
    def unfolded(self) -> dict[str, bool]:
        """Which of the settings are shown, as the preferences call it."""
        shown = not self.settings.isHidden()
        return {"settings_shown": shown, "conditions_shown": not self.settings.conditions.isHidden()}

    def unfold(self, *, settings: bool, conditions: bool) -> None:
        """Show the settings and the conditions among them, or fold them away."""
        self.settings.setVisible(settings)
        self.settings.unfold(is_wanted=conditions)
        self._show_fold()

    def finish_typing(self) -> None:
        """Take what is being typed into one of the settings as it stands, as leaving the field would."""
        field = QApplication.focusWidget()
        if field is not None and self.settings.isAncestorOf(field):
            field.clearFocus()
            field.setFocus()

    def close_work(self) -> None:
        """End the engraving and drawing of cards; the panel cannot be used after it."""
        self.cards.close_work()

    # Making

    def _lay_out(self) -> None:
        self._halves = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._halves.setContentsMargins(8, 8, 8, 8)
        self._halves.addWidget(self._settings_half())
        self._halves.addWidget(self._cards_half(), 1)

    def _settings_half(self) -> QWidget:
        half = QWidget(self)
        layout = QVBoxLayout(half)
        layout.setContentsMargins(0, 0, 0, 0)
        head = QHBoxLayout()
        self.fold.setText(tr("Settings"))
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.fold.setAutoRaise(True)
        self.fold.setToolTip(tr("Show or hide the settings"))
        head.addWidget(self.fold)
        head.addWidget(self.presets)
        head.addStretch(1)
        head.addWidget(self.regenerate)
        layout.addLayout(head)
        layout.addWidget(self.settings)
        layout.addStretch(1)
        self._settings_side = half
        return half

    def _cards_half(self) -> QWidget:
        half = QWidget(self)
        layout = QVBoxLayout(half)
        layout.setContentsMargins(0, 0, 0, 0)
        self.progress.setRange(0, _FULL)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(tr("How many takes are made"))
        self._running = QWidget(half)
        row = QHBoxLayout(self._running)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.progress, 1)
        row.addWidget(self.cancel)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.sentence.setWordWrap(True)  # after the policy, as it adds to it that the height depends on the width
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setMargin(12)
        self._running.hide()
        layout.addWidget(self._running)
        layout.addWidget(self.sentence)
        layout.addWidget(self.cards, 1)
        layout.addLayout(self._button_row())
        return half

    def _button_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2)
        for name, text, tip in (
            ("play", "", tr("Play in place, or pause (Space)")),
            ("compare", tr("A/B"), tr("Change between the take and the original (A)")),
            ("remove", "", tr("Throw the take away (Delete)")),
        ):
            row.addWidget(self._button(name, text, tip))
        row.addStretch(1)
        keep = self._button("commit", tr("Keep"), tr("Put the take into the score (Enter)"))
        keep.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        row.addWidget(keep)
        return row

    def _button(self, name: str, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self._do(name))
        self.buttons[name] = button
        return button

    def _connect(self) -> None:
        gallery, filler = self.gallery, self._filler
        gallery.cards_changed.connect(self._on_gallery_cards_changed)
        gallery.came_back.connect(self._say_if_much_the_same)
        gallery.current_changed.connect(self._show_buttons)
        gallery.playing_changed.connect(self._show_play)
        for signal in (filler.editor.selection_changed, filler.editor.document_opened, filler.editor.part_changed):
            signal.connect(self._advise)
        for signal in (filler.settings_changed, filler.wishes.changed, filler.editor.selection_changed):
            signal.connect(self._on_wanted_changed)
        filler.started.connect(self._on_filler_started)
        filler.splicing.connect(self._on_filler_started)
        filler.progressed.connect(self._on_filler_progressed)
        filler.finished.connect(self._on_filler_finished)
        filler.failed.connect(self._on_filler_failed)
        filler.cancelled.connect(self._on_filler_cancelled)
        filler.ended.connect(self._running.hide)
        self.cancel.clicked.connect(filler.cancel)
        self.regenerate.clicked.connect(gallery.regenerate)
        self.fold.clicked.connect(self._on_fold_clicked)
        self.cards.key_chosen.connect(self._do)
        self.cards.menu_wanted.connect(self._on_cards_menu_wanted)

    # Doing

    def _do(self, name: str) -> None:
        self._deeds[name]()

    @property
    def _deeds(self) -> Mapping[str, Callable[[], object]]:
        gallery = self.gallery
        return {
            "play": gallery.play,
            "compare": gallery.compare,
            "commit": gallery.commit,
            "remove": gallery.remove,
            "star": gallery.toggle_star,
            "copy_seed": self.copy_seed,
            "use_settings": gallery.use_settings,
            "more_like": gallery.more_like,
            "splice": self.show_splice_menu,
            "save": self.request_saving,
            "regenerate": gallery.regenerate,
            "escape": gallery.escape,
        }

    def copy_seed(self) -> None:
        """Put the current take's seed on the clipboard."""
        card = self.gallery.current_card
        if card is not None and card.take is not None:
            QGuiApplication.clipboard().setText(str(card.origin.settings.seed))

    def echo_selection(self) -> None:
        """Let the next takes echo the selected measures, and show that they will."""
        self.settings.show()
        self._show_fold()
        self.settings.conditions.echo_selection()
        self.settings.show_conditions()

    def request_saving(self) -> None:
        """Ask that the current take be written to a file of its own."""
        card = self.gallery.current_card
        if card is not None and card.take is not None:
            self.save_requested.emit(card)

    def _on_cards_menu_wanted(self, place: QPoint) -> None:
        self.made_menu().popup(place)

    def made_menu(self) -> QMenu:
        """Make the menu of the current card."""
        menu = card_menu(self.gallery, self)
        menu.triggered.connect(self._on_menu_triggered)
        return menu

    def show_splice_menu(self) -> None:
        """Ask whose pitches the current card's rhythm shall have."""
        if len(self.gallery.cards) > 1:
            menu = splice_menu(self.gallery, self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.triggered.connect(self._on_menu_triggered)
            menu.popup(self.cards.current_place)

    def _on_menu_triggered(self, action: QAction) -> None:
        if action.objectName() == SPLICE:
            self.gallery.splice(action.data())
        else:
            self._do(action.objectName())

    # Showing

    def _say(self, sentence: str) -> None:
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))

    @property
    def _advice(self) -> str:
        """What is to be done for takes."""
        editor = self._filler.editor
        if editor.span is None:
            return tr("Select measures and press {key}.", key=self._key)
        return tr("Press {key} for takes of {measures}.", key=self._key, measures=span_in_words(editor, editor.span))

    def _advise(self) -> None:
        """Say what is to be done, in place of what was said of another selection; takes say what they are."""
        if not self.gallery.cards and not self._filler.is_running:
            self._say(self._advice)

    def _show_play(self) -> None:
        """Let the button say what it does next, as that of the transport does."""
        is_playing = self.gallery.is_playing
        self.buttons["play"].setIcon(themed_icon("pause" if is_playing else "play", self.palette()))

    def _show_buttons(self) -> None:
        card = self.gallery.current_card
        is_take = card is not None and card.take is not None
        self.buttons["play"].setEnabled(card is not None)
        self.buttons["compare"].setEnabled(len(self.gallery.cards) > 1)
        self.buttons["compare"].setDown(self.gallery.is_comparing)
        self.buttons["remove"].setEnabled(is_take)
        self.buttons["commit"].setEnabled(is_take)

    def _show_icons(self) -> None:
        for name, icon in (("remove", "trash"), ("commit", "keep")):
            self.buttons[name].setIcon(themed_icon(icon, self.palette()))
        self._show_play()

    def _show_fold(self) -> None:
        self.fold.setArrowType(Qt.ArrowType.RightArrow if self.settings.isHidden() else Qt.ArrowType.DownArrow)

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icons in other colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.buttons:
            self._show_icons()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the settings beside the cards where there is more width than height."""
        super().resizeEvent(event)
        is_wide = self.width() > self.height()
        directions = QBoxLayout.Direction
        self._halves.setDirection(directions.LeftToRight if is_wide else directions.TopToBottom)
        self._settings_side.setMaximumWidth(_SETTINGS_WIDTH if is_wide else 2**24 - 1)

    def _on_fold_clicked(self) -> None:
        self.settings.setVisible(self.settings.isHidden())
        self._show_fold()

    def _on_gallery_cards_changed(self) -> None:
        self._advise()
        self._show_buttons()

    def _on_filler_started(self) -> None:
        self._say("")
        self.progress.setValue(0)
        self._running.show()

    def _on_filler_progressed(self, share: float) -> None:
        """Show it with the next painting: left alone, a progress bar has the whole window painted at once."""
        self.progress.setUpdatesEnabled(False)
        self.progress.setValue(round(_FULL * share))
        self.progress.setUpdatesEnabled(True)

    def _on_filler_finished(self, count: int) -> None:
        wanted = self.gallery.origin.settings.takes if self.gallery.origin else count
        if count == 0:
            self._on_filler_failed(
                tr("No take was found that differs from the original; allow more variety, or loosen the conditions.")
            )
        elif count < wanted:
            self._say(
                tr(
                    "Only {count} different takes were found; allow more variety or fewer conditions for more.",
                    count=count,
                )
            )
        else:
            self._say_if_much_the_same()

    def _say_if_much_the_same(self) -> None:
        """Say why most takes are like the original, and what helps, or nothing if they are not."""
        is_so = self.gallery.is_much_the_same
        self._say(
            tr(
                "Most takes are much like the original, as the tune stands. For other music choose “Copied: none "
                "of the original” among the conditions."
            )
            if is_so
            else ""
        )

    def _on_filler_failed(self, sentence: str) -> None:
        self._why_no_takes = sentence
        self._say(sentence)

    def _on_wanted_changed(self) -> None:
        """Say no more why there were no takes: they are wanted otherwise now, or elsewhere."""
        if self._why_no_takes and self.sentence.text() == self._why_no_takes:
            self._say_if_much_the_same()
            self._advise()

    def _on_filler_cancelled(self) -> None:
        if len(self.gallery.cards) <= 1:
            self._say(f"{tr('No takes were made.')} {self._advice}")
