"""XML as small trees that know where they lie in the text.

The parser is expat with everything that reaches outside or multiplies switched off: no document
type is loaded, and a file that declares entities of its own is refused. Measures are handed
over one by one, so that a long score is never in memory as a tree; in a timewise score, these are
the parts of each measure.
"""

import bisect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from inpaint_desktop.documents import limits
from inpaint_desktop.errors import FileDamagedError, FileTooLargeError

START_TAG = re.compile(r"""<(?:"[^"]*"|'[^']*'|[^"'>]++)*+>""")
COMMENT = "#comment"
INSTRUCTION = "#instruction"

_START_TAG_BYTES = re.compile(START_TAG.pattern.encode("ascii"))
_CONTINUATION_BYTE = re.compile(rb"[\x80-\xbf]")
_MEASURE_DEPTH = 3
_MEASURES = {("part", "measure"), ("measure", "part")}  # partwise and timewise
_EXPECTED = {
    expat.errors.XML_ERROR_INVALID_TOKEN: "where text or a tag was expected; '&' has to be '&amp;' and '<' '&lt;'",
    expat.errors.XML_ERROR_SYNTAX: "where a tag was expected",
    expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT: "where the file was expected to end",
    expat.errors.XML_ERROR_UNDEFINED_ENTITY: "where only &amp; &lt; &gt; &quot; &apos; can stand",
    expat.errors.XML_ERROR_DUPLICATE_ATTRIBUTE: "where another name was expected",
}
_LONGEST_TEXT = 100_000


@dataclass(slots=True)
class Element:
    """An element, or a comment or instruction, from character ``start`` to before ``stop``."""

    tag: str
    attributes: dict[str, str]
    start: int
    stop: int = 0
    line: int = 0
    column: int = 0
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def all(self, tag: str) -> Iterator["Element"]:
        """The children called ``tag``."""
        return (child for child in self.children if child.tag == tag)

    def find(self, *path: str) -> "Element | None":
        """The first child of the first child ... with these names."""
        found = self
        for tag in path:
            for child in found.children:
                if child.tag == tag:
                    found = child
                    break
            else:
                return None
        return found

    def text_at(self, *path: str) -> str:
        """The text of the element at ``path``, or an empty string."""
        found = self.find(*path)
        return found.text.strip() if found is not None else ""


def scan(text: str, file_name: str, on_measure: Callable[[Element, Element], None]) -> Element:
    """Return the root of ``text`` without its measures, which went to ``on_measure(part, measure)``.

    In a timewise score, the part is in the measure: what goes out is ``on_measure(measure, part)``.

    Raises:
        FileDamagedError: the text is not well-formed XML, or declares entities.
        FileTooLargeError: it has more elements, or deeper ones, than a score has.
    """
    return _Scanner(text, file_name, on_measure).scan()


def tree_of(xml: str) -> Element:
    """The tree of one element of a measure that has been scanned already."""
    return scan(xml, "an element", lambda *_: None)


def _what_is_wrong(error: expat.ExpatError, open_tag: str) -> str:
    """What is wrong, where, and what was expected in its place."""
    reason = expat.ErrorString(error.code)
    expected = _EXPECTED.get(reason, "")
    if reason in {expat.errors.XML_ERROR_NO_ELEMENTS, expat.errors.XML_ERROR_UNCLOSED_TOKEN}:
        reason = "the file breaks off"
        expected = f"where </{open_tag}> was expected" if open_tag else "where a tag was expected"
    elif reason == expat.errors.XML_ERROR_TAG_MISMATCH:
        expected = f"where </{open_tag}> was expected"
    place = f"{reason} in line {error.lineno}, column {error.offset + 1}"
    return f"{place}, {expected}" if expected else place


class _Scanner:
    """Turns the events of expat into elements."""

    def __init__(self, text: str, file_name: str, on_measure: Callable[[Element, Element], None]) -> None:
        # A character that UTF-8 cannot carry becomes one question mark, so that places stay right.
        self._content = text.encode("utf-8", "replace")
        self._continuations = [match.start() for match in _CONTINUATION_BYTE.finditer(self._content)]
        self._file_name = file_name
        self._on_measure = on_measure
        self._open: list[Element] = []
        self._starts: list[int] = []  # of the open elements, in bytes
        self._root: Element | None = None
        self._element_count = 0
        self._attribute_count = 0
        self._parser = self._make_parser()

    def _make_parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._add_text
        parser.CommentHandler = lambda _: self._add_mark(COMMENT, b"-->")
        parser.ProcessingInstructionHandler = lambda *_: self._add_mark(INSTRUCTION, b"?>")
        parser.EntityDeclHandler = self._refuse_entity
        return parser

    def scan(self) -> Element:
        """Parse the whole text."""
        try:
            self._parser.Parse(self._content, True)
        except expat.ExpatError as error:
            what = _what_is_wrong(error, self._open[-1].tag[:40] if self._open else "")
            message = (
                f"{self._file_name} is not well-formed XML: {what}. Export it again from the program that wrote it."
            )
            raise FileDamagedError(message) from error
        assert self._root is not None, "expat reports a document without an element"
        return self._root

    def _character(self, byte: int) -> int:
        return byte - bisect.bisect_left(self._continuations, byte)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._attribute_count += len(attributes)  # the DTD may give thousands of them to each note
        self._count_one()
        parser = self._parser
        byte = parser.CurrentByteIndex
        self._starts.append(byte)
        place = self._character(byte)
        self._open.append(Element(tag, attributes, place, 0, parser.CurrentLineNumber, parser.CurrentColumnNumber + 1))

    def _count_one(self) -> None:
        """Count an element, a comment or an instruction; all of them are kept in memory."""
        self._element_count += 1
        is_large = self._element_count > limits.MAX_ELEMENTS or self._attribute_count > limits.MAX_ATTRIBUTES
        if is_large or len(self._open) >= limits.MAX_DEPTH:
            message = f"{self._file_name} has more elements, or deeper ones, than any score that can be worked on."
            raise FileTooLargeError(message)

    def _end(self, tag: str) -> None:
        element = self._open.pop()
        element.stop = self._character(self._end_of_element(self._starts.pop()))
        if not self._open:
            self._root = element
        elif len(self._open) == _MEASURE_DEPTH - 1 and (self._open[-1].tag, tag) in _MEASURES:
            self._on_measure(self._open[-1], element)
        else:
            self._open[-1].children.append(element)

    def _end_of_element(self, start: int) -> int:
        """Where the element ends that began at ``start``: expat stands before its end tag, or after an empty tag."""
        byte = self._parser.CurrentByteIndex
        if self._content[byte - 2 : byte] == b"/>":
            start_tag = _START_TAG_BYTES.match(self._content, start)
            if start_tag is not None and start_tag.end() == byte:
                return byte
        return self._content.index(b">", byte) + 1

    def _add_text(self, text: str) -> None:
        # Text comes in blocks; adding up megabytes of them would take quadratic time.
        if self._open and len(self._open[-1].text) < _LONGEST_TEXT:
            self._open[-1].text += text

    def _add_mark(self, tag: str, end: bytes) -> None:
        if self._open:
            self._count_one()
            byte = self._parser.CurrentByteIndex
            stop = self._content.index(end, byte) + len(end)
            self._open[-1].children.append(Element(tag, {}, self._character(byte), self._character(stop)))

    def _refuse_entity(self, *_: object) -> None:
        message = (
            f"{self._file_name} declares entities in line {self._parser.CurrentLineNumber}, which scores never do "
            "and which can be used to fill the memory; remove the declarations to open it."
        )
        raise FileDamagedError(message)
