"""What must hold for every score that can be opened, whatever wrote it.

Each property has a name, under which its failures are counted:

- ``opens``: the file is opened, or refused in a sentence that says what to do;
- ``saves``: what is saved unchanged is what was read, byte for byte;
- ``writes``: what our own writers write is read as what was written;
- ``splices``: other notes go into measures, or a sentence says why these cannot be replaced;
- ``stays``: every byte outside the replaced measures is the one that was there;
- ``voices``: every note of the other voices in the replaced measures is as it was;
- ``asked``: the melody is the one that was asked for;
- ``reopens``: the saved file, opened again, has that melody and the same measures;
- ``others``: the melodies of the other parts are the same;
- ``back``: with the old notes put back, the melody is the old one;
- ``bytes``: and the file too, where our own writers wrote it;
- ``renders``: what is engraved is well-formed XML;
- ``engraves``: Verovio draws it (of some scores only);
- ``judge``: music21 reads the same notes in MusicXML (of some scores only);
- ``in time``: none of it takes longer than a time limit.
"""

import io
import random
import re
import signal
import traceback
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import FrameType
from xml.etree import ElementTree

from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.musicxml.document import MusicXmlDocument
from inpaint_desktop.documents.opening import open_content
from inpaint_desktop.documents.rendering import render
from inpaint_desktop.engraving.engraver import Engraver
from inpaint_desktop.engraving.pages import Layout
from inpaint_desktop.errors import ChildError, FileUnsupportedError, InpaintDesktopError
from inpaint_desktop.isolation import ChildProcess
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from tests.conformance.replacing import other_measures, random_span
from tests.conformance.samples import Sample

TIME_LIMIT_S = 120
SPANS = 3
LARGE_BYTES = 300_000
HUGE_BYTES = 3_000_000
DRAWN_CHARACTERS = 1_500_000  # what is longer takes minutes on a busy machine

_JUDGE = "tests.conformance.judging:disagreement"

_LYRICS = re.compile(r"(?<![^\r\n])[ \t]*(?:[ws]|\+):[^\r\n]*")
_LONG_REST = re.compile(
    r"\s*<measure-style\b[^>]*>(?:(?!</measure-style).)*?<multiple-rest\b.*?</measure-style\s*>", re.DOTALL
)
_NO_ATTRIBUTES = re.compile(r"\s*<attributes\b[^>]*>\s*</attributes\s*>")
_NOT_READ = re.compile(r"the reader crashed|takes longer than|unexpected error")


class OutOfTimeError(BaseException):
    """The time limit has passed; no ``except Exception`` of the checked code may catch this."""


@dataclass(slots=True)
class Result:
    """What came out for one sample. ``refused`` and ``kept_out`` are sentences of the program."""

    name: str
    format: str
    refused: str = ""
    failures: list[tuple[str, str]] = field(default_factory=list)
    kept_out: list[str] = field(default_factory=list)
    no_melody: list[str] = field(default_factory=list)
    spans: int = 0
    back_in_bytes: int = 0
    is_drawn: bool = False
    seconds: float = 0.0

    def fail(self, name: str, detail: str) -> None:
        """Note down a failure, a kind of it once."""
        if name not in {known for known, _ in self.failures}:
            self.failures.append((name, detail))

    def expect(self, is_so: bool, name: str, detail: str) -> None:
        """Note down a failure unless something is so."""
        if not is_so:
            self.fail(name, detail)


@dataclass(frozen=True, slots=True)
class Checker:
    """Checks samples; the children are shared by all of them."""

    reader: ChildProcess
    engraver: Engraver
    spans: int = SPANS
    time_limit_s: int = TIME_LIMIT_S

    def check(self, sample: Sample, *, is_drawn: bool) -> Result:
        """Try every property on one sample."""
        result = Result(sample.name, sample.format)
        try:
            with limited_to(self.time_limit_s), self._guarded(result, "opens"):
                document = self._opened(sample, result)
                if document is not None:
                    self._check_document(document, sample, result, is_drawn=is_drawn)
        except OutOfTimeError as error:
            result.fail("in time", traceback_end(error))
        return result

    def _opened(self, sample: Sample, result: Result) -> ScoreDocument | None:
        content, tune = sample.content()
        try:
            document = open_content(content, sample.file_name, tune=tune, child=self.reader)
        except ChildError:
            raise
        except InpaintDesktopError as error:
            result.refused = str(error)
            result.expect(not _NOT_READ.search(str(error)), "opens", str(error))
            return None
        result.expect(document.to_bytes() == content, "saves", "the bytes differ")
        if sample.melody is not None:
            is_same = _same_music(document.melody(), sample.melody, frozenset())
            result.expect(is_same, "writes", _difference(sample.melody, document.melody()))
        return document

    def _check_document(self, document: ScoreDocument, sample: Sample, result: Result, *, is_drawn: bool) -> None:
        self._check_meaning(document, result, is_drawn=is_drawn)
        dice = random.Random(sample.name)
        lines = list(_lines(document, result))
        edited = document
        for _ in range(self._span_count(document) if lines else 0):
            check = _SpliceCheck(document, dice.choice(lines), dice, self._reopened)
            with self._guarded(result, "splices"):
                edited = check.run(result, is_ours=sample.melody is not None) or edited
        if edited is not document:
            self._check_meaning(edited, result, is_drawn=is_drawn)

    def _check_meaning(self, document: ScoreDocument, result: Result, *, is_drawn: bool) -> None:
        """Whether others understand the document, before or after an edit."""
        with self._guarded(result, "renders"):
            self._check_rendering(document, result, is_drawn=is_drawn)
        if is_drawn and isinstance(document, MusicXmlDocument) and len(document.text) < HUGE_BYTES:
            with self._guarded(result, "judge"):
                sentence = self.reader.call(_JUDGE, document, time_limit_s=self.time_limit_s)
                result.expect(not sentence, "judge", str(sentence))

    def _span_count(self, document: ScoreDocument) -> int:
        size = len(document.to_bytes()) if document.suffix != ".abc" else 0
        return 1 if size > HUGE_BYTES else min(2, self.spans) if size > LARGE_BYTES else self.spans

    def _check_rendering(self, document: ScoreDocument, result: Result, *, is_drawn: bool) -> None:
        musicxml = render(document)
        try:
            ElementTree.fromstring(_undeclared(musicxml))
        except ElementTree.ParseError as error:
            result.fail("renders", f"is not well-formed: {error}")
            return
        if is_drawn and len(musicxml) < DRAWN_CHARACTERS:
            with self._guarded(result, "engraves"):
                self.engraver.pages(musicxml, Layout(900.0))
                result.is_drawn = True

    def _reopened(self, document: ScoreDocument) -> ScoreDocument:
        tune = getattr(document, "tune", None)
        number = tune.number if tune is not None and _is_one_of_many(document) else None
        return open_content(document.to_bytes(), document.file_name, tune=number, child=self.reader)

    @staticmethod
    @contextmanager
    def _guarded(result: Result, name: str) -> Iterator[None]:
        """Whatever goes wrong in the block is a failure of the property ``name``."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - to find those is what this is for
            result.fail(name, traceback_end(error))


@dataclass(frozen=True, slots=True)
class _SpliceCheck:
    """Puts other notes into some measures of one part, looks at all that is left, and puts the old ones back."""

    document: ScoreDocument
    part: int
    dice: random.Random
    reopened: Callable[[ScoreDocument], ScoreDocument]

    def run(self, result: Result, *, is_ours: bool) -> ScoreDocument | None:
        """Try it once; the edited document."""
        before = self.document.melody(self.part)
        span = random_span(self.dice, before)
        measures = other_measures(self.dice, before, span)
        try:
            after = self.document.with_measures(self.part, span, measures).document
        except FileUnsupportedError as error:
            result.kept_out.append(str(error))
            return None
        result.spans += 1
        place = f"part {self.part + 1}, measures {span.start}-{span.stop - 1} (from 0)"
        self._check_text(after, span, place, result)
        asked = before.with_measures(span, measures)
        self._check_melodies(after, asked, span, place, result)
        self._check_reopened(after, place, result)
        undone = after.with_measures(self.part, span, before.measures[span.start : span.stop])
        back, melody = undone.document, undone.document.melody(self.part)
        # Some files begin ties that they do not end; the next measure has no place for one that is begun anew.
        is_said = any(sentence.startswith("A tie from") for sentence in undone.dropped)
        edge = frozenset({span.stop - 1}) if is_said else frozenset()
        result.expect(_same_music(melody, before, edge), "back", f"{place}: {_difference(before, melody)}")
        is_same = _text(back) == _text(self.document)
        result.back_in_bytes += is_same
        result.expect(is_same or not is_ours, "bytes", f"{place}: the text differs")
        return after

    def _check_text(self, after: ScoreDocument, span: Span, place: str, result: Result) -> None:
        change = change_outside(self.document, after, self.part, span)
        result.expect(not change, "stays", f"{place}: {change}")
        result.expect(other_members(self.document) == other_members(after), "stays", "other members of the archive")
        if after.suffix != ".abc":
            old, new = (other_voices(one, self.part, span) for one in (self.document, after))
            result.expect(old == new, "voices", f"{place}: {_first_different(old, new)}")

    def _check_melodies(self, after: ScoreDocument, asked: Melody, span: Span, place: str, result: Result) -> None:
        melody = after.melody(self.part)
        edges = frozenset({span.start - 1, span.stop - 1})
        result.expect(_same_music(melody, asked, edges), "asked", f"{place}: {_difference(asked, melody)}")
        for other in range(len(after.parts)):
            if other != self.part and _melody_or_none(after, other) != _melody_or_none(self.document, other):
                result.fail("others", f"{place}: the melody of part {other + 1} changed")

    def _check_reopened(self, after: ScoreDocument, place: str, result: Result) -> None:
        try:
            again = self.reopened(after)
        except InpaintDesktopError as error:
            result.fail("reopens", f"{place}: {error}")
            return
        result.expect(again.parts == after.parts, "reopens", f"{place}: the measures differ")
        for part in range(len(after.parts)):
            old, new = _melody_or_none(after, part), _melody_or_none(again, part)
            if old is None or new is None:
                result.expect(old is new, "reopens", f"{place}: part {part + 1} is a melody no more, or now")
            elif not _same_music(old, new, frozenset()):
                result.fail("reopens", f"{place}: part {part + 1}: {_difference(old, new)}")


@contextmanager
def limited_to(seconds: int) -> Iterator[None]:
    """Raise ``OutOfTimeError`` in the block when it takes longer."""

    def expire(_signal: int, _frame: FrameType | None) -> None:
        raise OutOfTimeError

    before = signal.signal(signal.SIGALRM, expire)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def traceback_end(error: BaseException) -> str:
    """The error and the last lines of the program that it came from, in one line."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__}: {str(error)[:300]} [{places}]".replace("\n", " ")


def change_outside(before: ScoreDocument, after: ScoreDocument, part: int, span: Span) -> str:
    """What changed around the measures of ``span``; empty if all of it is still there, in its order.

    What concerns several measures does not count: lyrics of ABC, and the signs of long rests in MusicXML.
    """
    text, end = _of_single_measures(after, _text(after)), 0
    pieces = [_of_single_measures(before, piece) for piece in _outside(before, part, span)]
    if not text.startswith(pieces[0]):
        return f"before the measures: {_first_difference(pieces[0], text)}"
    if not text.endswith(pieces[-1]):
        return f"after the measures: {_first_difference(pieces[-1][::-1], text[::-1])} (backwards)"
    for piece in pieces[:-1]:
        end = text.find(piece, end) + len(piece)
        if end < len(piece):
            return f"between the measures: {piece[:60]!r} is gone"
    return "" if end <= len(text) - len(pieces[-1]) else "after the measures: something is gone"


def _outside(document: ScoreDocument, part: int, span: Span) -> list[str]:
    """The pieces of text around the measures of ``span``."""
    text = _text(document)
    marks = document.parts[part].measures[span.start : span.stop]
    places = sorted({(mark.start, mark.stop) for mark in marks})  # a long rest is one place for several measures
    starts, stops = [start for start, _ in places], [stop for _, stop in places]
    return [text[stop:start] for stop, start in zip([0, *stops], [*starts, len(text)], strict=True)]


def _of_single_measures(document: ScoreDocument, text: str) -> str:
    if document.suffix == ".abc":
        return _LYRICS.sub("", text)
    return _NO_ATTRIBUTES.sub("", _LONG_REST.sub("", text))


def other_voices(document: ScoreDocument, part: int, span: Span) -> list[str]:
    """The notes in the measures of ``span`` that belong to other voices than the melody."""
    if not isinstance(document, MusicXmlDocument):
        return []
    strand = document.located.strands[part]
    located = document.located.parts[strand.part]
    return [
        document.text[mark.start + item.place.start : mark.start + item.place.stop]
        for mark, measure in list(zip(located.marks, located.measures, strict=True))[span.start : span.stop]
        for item in measure.items
        if item.note is not None and not strand.holds(item.note)
    ]


def other_members(document: ScoreDocument) -> list[tuple[str, bytes]]:
    """All that is packed with a score."""
    archive = getattr(document, "archive", None)
    if archive is None:
        return []
    with zipfile.ZipFile(io.BytesIO(document.to_bytes())) as packed:
        return [(name, packed.read(name)) for name in packed.namelist() if name != archive.member]


def _lines(document: ScoreDocument, result: Result) -> Iterator[int]:
    """The parts that are melodies; for the others, the reason is noted down."""
    for part in range(len(document.parts)):
        try:
            if document.melody(part).measures:
                yield part
        except FileUnsupportedError as error:
            result.no_melody.append(str(error))


def _melody_or_none(document: ScoreDocument, part: int) -> Melody | None:
    try:
        return document.melody(part)
    except FileUnsupportedError:
        return None


def _same_music(first: Melody, second: Melody, free_ties: frozenset[int]) -> bool:
    return len(first.measures) == len(second.measures) and all(
        _music(one, is_free=index in free_ties) == _music(two, is_free=index in free_ties)
        for index, (one, two) in enumerate(zip(first.measures, second.measures, strict=True))
    )


def _music(measure: Measure, *, is_free: bool) -> tuple[Note, ...]:
    """The notes, with rests in a row as one rest; where the file decides on the last tie, without it."""
    notes: list[Note] = []
    for note in measure.notes:
        if notes and note.is_rest and notes[-1].is_rest:
            notes[-1] = replace(notes[-1], duration=notes[-1].duration + note.duration)
        else:
            notes.append(note)
    return (*notes[:-1], replace(notes[-1], ties_on=False)) if is_free else tuple(notes)


def _difference(expected: Melody, found: Melody) -> str:
    if len(expected.measures) != len(found.measures):
        return f"{len(expected.measures)} measures became {len(found.measures)}"
    for index, (one, two) in enumerate(zip(expected.measures, found.measures, strict=True)):
        if _music(one, is_free=False) != _music(two, is_free=False):
            is_tie = _music(one, is_free=True) == _music(two, is_free=True)
            what = "a tie over a barline differs" if is_tie else "notes differ"
            return f"{what} (measure {index} from 0: {_spelled(one)} became {_spelled(two)})"
    return "no difference but at the ties of the edges"


def _spelled(measure: Measure) -> str:
    notes = (f"{note.pitch.name if note.pitch else 'z'}:{note.duration}{'-' * note.ties_on}" for note in measure.notes)
    return " ".join(notes)


def _first_difference(old: str, new: str) -> str:
    at = next((index for index, (one, two) in enumerate(zip(old, new, strict=False)) if one != two), -1)
    return f"{old[max(0, at - 20) : at + 40]!r} became {new[max(0, at - 20) : at + 40]!r}"


def _first_different(old: list[str], new: list[str]) -> str:
    if len(old) != len(new):
        return f"{len(old)} notes became {len(new)}"
    return next((_first_difference(*pair) for pair in zip(old, new, strict=True) if pair[0] != pair[1]), "")


def _text(document: ScoreDocument) -> str:
    text = getattr(document, "text", None)
    assert isinstance(text, str), "both kinds of document have a text"
    return text


def _is_one_of_many(document: ScoreDocument) -> bool:
    return len(re.findall(r"^X:", _text(document), re.MULTILINE)) > 1


def _undeclared(musicxml: str) -> bytes:
    """The XML in UTF-8, without the encoding that its file had."""
    return re.sub(r"""(<\?xml[^>]*?)\sencoding\s*=\s*["'][^"']*["']""", r"\1", musicxml, count=1).encode()
