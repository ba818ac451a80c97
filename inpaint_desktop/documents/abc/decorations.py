"""What the decorations of ABC are in MusicXML: tables, and the few rules that go with them."""

import re

from inpaint_desktop.documents.abc.chord_symbols import words_markup
from inpaint_desktop.documents.musicxml.markup import Markup

_SHORT = {
    "~": "roll",
    ".": "staccato",
    "H": "fermata",
    "L": "accent",
    "M": "lowermordent",
    "O": "coda",
    "P": "uppermordent",
    "S": "segno",
    "T": "trill",
    "u": "upbow",
    "v": "downbow",
}
_NOTATIONS = {
    "accent": ("articulations", "accent"),
    ">": ("articulations", "accent"),
    "emphasis": ("articulations", "accent"),
    "staccato": ("articulations", "staccato"),
    "tenuto": ("articulations", "tenuto"),
    "wedge": ("articulations", "staccatissimo"),
    "marcato": ("articulations", "strong-accent"),
    "^": ("articulations", "strong-accent"),
    "breath": ("articulations", "breath-mark"),
    "trill": ("ornaments", "trill-mark"),
    "roll": ("ornaments", "turn"),
    "turn": ("ornaments", "turn"),
    "invertedturn": ("ornaments", "inverted-turn"),
    "mordent": ("ornaments", "mordent"),
    "lowermordent": ("ornaments", "mordent"),
    "pralltriller": ("ornaments", "inverted-mordent"),
    "uppermordent": ("ornaments", "inverted-mordent"),
    "upbow": ("technical", "up-bow"),
    "downbow": ("technical", "down-bow"),
    "open": ("technical", "open-string"),
    "thumb": ("technical", "thumb-position"),
    "snap": ("technical", "snap-pizzicato"),
    "plus": ("technical", "stopped"),
    "+": ("technical", "stopped"),
    "fermata": ("", "fermata"),
    "invertedfermata": ("", 'fermata type="inverted"'),
    "arpeggio": ("", "arpeggiate"),
}
_WORDS = {
    "d.c.": "D.C.",
    "d.s.": "D.S.",
    "dc": "D.C.",
    "ds": "D.S.",
    "dacapo": "Da Capo",
    "dcapo": "Da Capo",
    "dacoda": "To Coda",
    "fine": "Fine",
}
_WEDGES = {"crescendo(": "crescendo", "<(": "crescendo", "diminuendo(": "diminuendo", ">(": "diminuendo"}
_WEDGE_ENDS = frozenset({"crescendo)", "<)", "diminuendo)", ">)"})
_DYNAMICS = re.compile(r"p{1,4}|f{1,4}|m[pf]|sfz")


def name_of(text: str) -> str:
    """The name of a decoration: that between its marks, or the one that its letter stands for."""
    return _SHORT.get(text) or text.strip("!+").strip() or text.strip("!")


def notation_of(text: str) -> Markup | None:
    """What a decoration is at a note, if it is something there."""
    name = name_of(text)
    if name in _NOTATIONS:
        group, sign = _NOTATIONS[name]
        return (group, [(sign, "")]) if group else (sign, "")
    return ("technical", [("fingering", name)]) if name in set("012345") else None


def direction_of(text: str) -> Markup | None:
    """What a decoration is at a place in the music, if it is something there."""
    name = name_of(text)
    if name in {"segno", "coda"}:
        return _direction("above", (name, ""))
    if name in _WEDGES or name in _WEDGE_ENDS:
        return _direction("below", (f'wedge type="{_WEDGES.get(name, "stop")}"', ""))
    if _DYNAMICS.fullmatch(name):
        return _direction("below", ("dynamics", [(name, "")]))
    if name.lower() in _WORDS:
        return words_markup(_WORDS[name.lower()])
    is_form = re.match(r"(?:d\.?\s?[cs]\b|da|dal)", name, re.IGNORECASE)
    return words_markup(name) if is_form else None


def _direction(placement: str, content: Markup) -> Markup:
    return (f'direction placement="{placement}"', [("direction-type", [content])])
