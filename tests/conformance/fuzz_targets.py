"""What is fuzzed: opening without music21, splicing, and writing what is handed to the engraver.

The notes that music21 would read are made up, one for each measure, so that the program's own code is all that runs.
"""

import contextlib
import random
import signal
from collections.abc import Iterator, Sequence
from types import FrameType

from inpaint_desktop.documents.abc.document import open_abc
from inpaint_desktop.documents.abc.located import ScannedVoice
from inpaint_desktop.documents.abc.tunes import even_lines, split_tunes
from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.encodings import decode
from inpaint_desktop.documents.musicxml.opening import open_musicxml
from inpaint_desktop.documents.rendering import render
from inpaint_desktop.errors import FileUnsupportedError, InpaintDesktopError
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.pitch import Pitch
from tests.conformance.checking import OutOfTimeError, change_outside
from tests.conformance.replacing import other_measures, random_span

CPU_LIMIT_S = 3.0
MOST_PARTS = 4
SPANS = 2
FILE_NAME = "fuzzed"
PITCH = Pitch("C", 0, 5)

Outcome = bool | BaseException
"""Whether the file was opened, or what came out that is none of the program's errors."""


def run_limited(name: str, content: bytes) -> Outcome:
    """Open a file of one format and put notes into it."""
    target = _try_abc if name == "abc" else _try_musicxml
    try:
        with _limited_to(CPU_LIMIT_S):
            target(content)
    except InpaintDesktopError:
        return False
    except (Exception, OutOfTimeError) as error:  # noqa: BLE001 - to find those is what this is for
        return error
    return True


def _try_abc(content: bytes) -> None:
    text, codec = decode(content)
    assert codec.encode(text) == content, "the bytes come back"
    tunes = split_tunes(even_lines(text))
    number = tunes[0].number if len(tunes) > 1 else None
    document = open_abc(text, file_name=FILE_NAME, codec=codec, tune=number, read=_melody_of_voice)
    _try_splicing(document)


def _melody_of_voice(voice: ScannedVoice) -> Melody:
    measures = (one.mark.measure((Note(0, one.duration, PITCH),), one.duration) for one in voice.measures)
    return Melody(tuple(measures), voice.title)


def _try_musicxml(content: bytes) -> None:
    document = open_musicxml(content, file_name=FILE_NAME)
    assert document.to_bytes() == content, "the bytes come back"
    _try_splicing(document)


def _try_splicing(document: ScoreDocument) -> None:
    """Put notes into spans of every part, look at what stands around them, and write all of it for the engraver."""
    render(document)
    for part in range(min(MOST_PARTS, len(document.parts))):
        melody = document.melody(part)
        for seed in range(SPANS) if melody.measures else ():
            dice = random.Random(seed)
            span = random_span(dice, melody)
            with contextlib.suppress(FileUnsupportedError):
                _splice(document, part, span, other_measures(dice, melody, span))


def _splice(document: ScoreDocument, part: int, span: Span, measures: Sequence[Measure]) -> None:
    melody = document.melody(part)
    after = document.with_measures(part, span, measures).document
    render(after)
    _expect(not (change := change_outside(document, after, part, span)), "all outside the measures stays", change)
    back = after.with_measures(part, span, melody.measures[span.start : span.stop]).document
    _expect(not (change := change_outside(after, back, part, span)), "all outside the measures stays, again", change)
    found = len(back.parts[part].measures)
    _expect(found == len(melody.measures), "no measure is lost", f"{found} of {len(melody.measures)}")


def _expect(is_so: bool, what: str, found: str) -> None:
    if not is_so:
        error = AssertionError(what)
        error.add_note(found)
        raise error


@contextlib.contextmanager
def _limited_to(seconds: float) -> Iterator[None]:
    """Raise ``OutOfTimeError`` in the block when it computes for longer; atheris has the other timer for itself."""

    def expire(_signal: int, _frame: FrameType | None) -> None:
        raise OutOfTimeError

    signal.signal(signal.SIGVTALRM, expire)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
