"""Engraves scores in a child process, which Verovio may take down without harm.

Nothing here imports Verovio; ``verovio_pages`` does, in the child.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from inpaint_desktop.documents.musicxml.edition import Edition
from inpaint_desktop.documents.musicxml.score_writing import melodies_to_musicxml, melody_to_musicxml
from inpaint_desktop.engraving.pages import FONT_FAMILY, Layout, Page, PrintLayout, recoloured
from inpaint_desktop.engraving.requests import ExcerptRequest, PagesRequest
from inpaint_desktop.errors import ChildDiedError, ChildError, FileUnsupportedError
from inpaint_desktop.isolation import ChildProcess
from inpaint_desktop.score.melody import Melody, Span

TIME_LIMIT_S = 20.0
BLACK = "#000000"
FONT_FAMILIES = f"{FONT_FAMILY}, Liberation Serif, Tinos, Times, serif"

_MODULE = "inpaint_desktop.engraving.verovio_pages"


class Engraver:
    """Turns MusicXML with ids (``documents.rendering.render``) into pages.

    The child may be used by others too; calls wait for each other.
    """

    def __init__(self, child: ChildProcess) -> None:
        self._child = child

    def warm_up(self) -> None:
        """Start the child and let it load Verovio while the caller does something else."""
        self._child.warm_up(_MODULE)

    def pages(
        self, musicxml: str, layout: Layout | PrintLayout, melodies: Mapping[int, Melody] | None = None
    ) -> tuple[Page, ...]:
        """Engrave a whole score.

        ``melodies`` (by part) is what is drawn instead if Verovio cannot draw the score: notes and no more.

        Raises:
            FileUnsupportedError: the score cannot be drawn.
        """
        try:
            return self._pages(PagesRequest(musicxml, layout))
        except (ChildError, FileUnsupportedError) as error:
            if not melodies:
                raise _undrawable(error) from error
        try:
            return self._pages(PagesRequest(melodies_to_musicxml(melodies), layout))
        except (ChildError, FileUnsupportedError) as error:
            raise _undrawable(error) from error

    def excerpt(self, melody: Melody, span: Span, part: int = 0) -> Page:
        """Engrave the measures of ``span`` on one system, without title and tempo, as small as it can be.

        The boxes and names count measures as the melody does, not from the beginning of the excerpt.

        Raises:
            SelectionError: the span is not in the melody.
            FileUnsupportedError: the measures cannot be drawn.
        """
        melody.check(span)
        measures = tuple(replace(melody.measures[index], tempo_bpm=None) for index in span.indices)
        edition = Edition(part=part, first_measure=span.start, ends_tune=span.stop == len(melody.measures))
        musicxml = melody_to_musicxml(Melody(measures), part_name="", edition=edition)
        try:
            return cast("Page", self._call("engrave_excerpt", ExcerptRequest(musicxml)))
        except (ChildError, FileUnsupportedError) as error:
            raise _undrawable(error) from error

    def svg_pages(
        self, musicxml: str, layout: PrintLayout, melodies: Mapping[int, Melody] | None = None
    ) -> tuple[bytes, ...]:
        """Engrave a score as SVG files for other programs, black on nothing; see ``pages``."""
        return tuple(_for_other_programs(page) for page in self.pages(musicxml, layout, melodies))

    def _pages(self, request: PagesRequest) -> tuple[Page, ...]:
        return cast("tuple[Page, ...]", self._call("engrave", request))

    def _call(self, function: str, request: object) -> object:
        return self._child.call(f"{_MODULE}:{function}", request, time_limit_s=TIME_LIMIT_S)


def _for_other_programs(page: Page) -> bytes:
    """The drawing in black, with more fonts to choose from than QtSvg can read."""
    font, fonts = (f'font-family="{family}"'.encode("ascii") for family in (FONT_FAMILY, FONT_FAMILIES))
    return recoloured(page, BLACK).replace(font, fonts)


def _undrawable(error: Exception) -> FileUnsupportedError:
    crashed = "crashed on it" if isinstance(error, ChildDiedError) else "failed"
    message = (
        f"The score cannot be drawn: the engraver {crashed}. It can still be edited in the piano roll, played and"
        " saved; to see it, export it again from the program that wrote it."
    )
    return FileUnsupportedError(message)
