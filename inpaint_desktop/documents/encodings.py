"""Bytes to text and back without losing one of them.

``codec.encode(text) == content`` holds for whatever ``decode`` returns: a codec is only chosen
after that was tried, and Latin-1, which takes any byte, stands last. Line ends are never touched.
"""

import codecs
import re
from dataclasses import dataclass

# UTF-32 before UTF-16: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_XML_DECLARATION = re.compile(rb"""<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")

# Python has text codecs that take quadratic time (punycode) or run a small language (unicode_escape).
_TRUSTED = re.compile(
    r"(utf-(8|16|32)(-[lb]e)?|ascii|iso8859-\d+|cp\d+|koi8-[ru]|mac-.+|gb.+|big5.*|euc_.+|shift_jis.*)"
)


@dataclass(frozen=True, slots=True)
class Codec:
    """How a file turns text into bytes: a Python codec, and the byte order mark before it."""

    name: str = "utf-8"
    mark: bytes = b""

    def encode(self, text: str) -> bytes:
        """Turn the text of a file into its bytes."""
        return self.mark + text.encode(self.name, "surrogateescape")

    def decode(self, content: bytes) -> str | None:
        """Turn bytes into text, or return ``None`` where that loses something."""
        try:
            text = content[len(self.mark) :].decode(self.name)
            return text if self.encode(text) == content else None
        except (UnicodeError, LookupError):
            return None


def decode(content: bytes, declared: str = "") -> tuple[str, Codec]:
    """Turn the bytes of a text file into text, and say how to turn it back.

    A byte order mark is believed first, then ``declared``, then UTF-8 is tried; what is none of
    these is Latin-1.
    """
    for codec in _candidates(content, declared):
        text = codec.decode(content)
        if text is not None:
            return text, codec
    return content.decode("latin-1"), Codec("latin-1")


def decode_xml(content: bytes) -> tuple[str, Codec]:
    """Turn the bytes of an XML file into text, believing the encoding that it declares."""
    declaration = _XML_DECLARATION.match(content.replace(b"\0", b"")[:400] if b"\0" in content[:4] else content[:400])
    declared = declaration[1].decode("ascii") if declaration else ""
    if content.startswith(b"<\0"):
        declared = "utf-16-le"
    elif content.startswith(b"\0<"):
        declared = "utf-16-be"
    return decode(content, declared)


def _candidates(content: bytes, declared: str) -> list[Codec]:
    marked = [Codec(name, mark) for mark, name in _MARKS if content.startswith(mark)]
    named = [Codec(name) for name in (_trusted_name(declared), "utf-8") if name]
    # Bytes 0x80-0x9f are printable in Windows-1252, and control characters in Latin-1.
    return [*marked, *named, Codec("cp1252")] if declared else [*marked, *named]


def _trusted_name(declared: str) -> str:
    """The Python codec that ``declared`` names, or nothing where it must not be used."""
    try:
        name = codecs.lookup(declared.strip()).name if declared.strip() else ""
    except (LookupError, ValueError):
        return ""
    return name if _TRUSTED.fullmatch(name) else ""
