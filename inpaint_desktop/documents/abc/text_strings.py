r"""The text strings of ABC: letters that its fields write in ASCII, such as ``\'e`` for é, as they are meant."""

import html
import re
import unicodedata

_COMBINING = {
    "`": "\N{COMBINING GRAVE ACCENT}",
    "'": "\N{COMBINING ACUTE ACCENT}",
    "^": "\N{COMBINING CIRCUMFLEX ACCENT}",
    "~": "\N{COMBINING TILDE}",
    '"': "\N{COMBINING DIAERESIS}",
    "=": "\N{COMBINING MACRON}",
    "c": "\N{COMBINING CEDILLA}",
    "r": "\N{COMBINING RING ABOVE}",
    "v": "\N{COMBINING CARON}",
    "u": "\N{COMBINING BREVE}",
    "H": "\N{COMBINING DOUBLE ACUTE ACCENT}",
}
_LETTERS = {
    "AA": "Å",
    "aa": "å",
    "AE": "Æ",
    "ae": "æ",
    "OE": "Œ",
    "oe": "œ",
    "ss": "ß",
    "/O": "Ø",
    "/o": "ø",
    "DH": "Ð",
    "dh": "ð",
    "TH": "Þ",
    "th": "þ",
    "%": "%",
    "&": "&",
    "\\": "\\",
}
_WRITTEN = re.compile(
    r"\\(?:u([0-9a-fA-F]{4})|(" + "|".join(map(re.escape, _LETTERS)) + r")|([`'^~\"=crvuH])([A-Za-z]))"
    r"|(&[#A-Za-z0-9]{2,10};)"
)


def plain(text: str) -> str:
    """The text without marks of ABC: letters with their accents, percent signs without a backslash."""
    return _WRITTEN.sub(_meant, text).strip() if "\\" in text or "&" in text else text.strip()


def _meant(match: re.Match[str]) -> str:
    code, letter, accent, bearer, entity = match.groups()
    if code:
        return chr(int(code, 16)) if not 0xD800 <= int(code, 16) < 0xE000 else match[0]
    if letter:
        return _LETTERS[letter]
    return html.unescape(entity) if entity else unicodedata.normalize("NFC", bearer + _COMBINING[accent])
