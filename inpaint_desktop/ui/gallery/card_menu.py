"""What can be done with the current card, as menus: each entry is named as the panel names what it does."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from inpaint_desktop.ui.gallery.gallery import ORIGINAL, Card, Gallery
from inpaint_desktop.ui.words import tr

_LAST_DIGIT = 9
SPLICE = "splice_with"
"""The name of the entries that splice; the card with the pitches is the entry's data."""


def card_menu(gallery: Gallery, parent: QWidget) -> QMenu:
    """Make the menu of the current card."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    card = gallery.current_card
    is_take = card is not None and card.take is not None
    is_starred = card is not None and gallery.is_starred(card)
    for name, text, needs_take in (
        ("commit", tr("&Keep\tEnter"), True),
        ("play", tr("&Play in place\tSpace"), False),
        ("compare", tr("Compare with the &original\tA"), True),
        ("star", tr("&Unstar\tS") if is_starred else tr("&Star\tS"), True),
        ("more_like", tr("&More like this take\tM"), True),
        ("splice", "", False),
        ("copy_seed", tr("&Copy the seed\tC"), True),
        ("use_settings", tr("Use its settings and s&eed again"), True),
        ("save", tr("Sa&ve as a file..."), True),
        ("remove", tr("&Throw away\tDelete"), True),
    ):
        action = menu.addMenu(splice_menu(gallery, menu)) if name == "splice" else menu.addAction(text)
        action.setObjectName(name)
        action.setEnabled(action.isEnabled() and (is_take or not needs_take))
    return menu


def splice_menu(gallery: Gallery, parent: QWidget) -> QMenu:
    """Make the menu of the other cards, for their pitches; digits choose among the first."""
    menu = QMenu(tr("Its &rhythm with the pitches of\tR"), parent)
    for number, card in enumerate(gallery.cards):
        if number != gallery.current:
            action = menu.addAction(_entry(gallery, card, number))
            action.setObjectName(SPLICE)
            action.setData(number)
    menu.setEnabled(len(gallery.cards) > 1)
    return menu


def _entry(gallery: Gallery, card: Card, number: int) -> str:
    """A card by its number, which chooses it."""
    if number == ORIGINAL:
        return tr("The original (&{number})", number=number)
    star = " ★" if gallery.is_starred(card) else ""
    marked = f"&{number}" if number <= _LAST_DIGIT else str(number)
    return tr("Take {number}", number=marked) + star
