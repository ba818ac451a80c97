"""Engraves scores in a child process, which Verovio may take down without harm.

Nothing here imports Verovio; ``verovio_pages`` does, in the child.
"""

from collections.abc import Mapping

from inpaint_desktop.engraving.pages import Layout, Page, PrintLayout
from inpaint_desktop.isolation import ChildProcess
from inpaint_desktop.score.melody import Melody, Span


class Engraver:
    """Turns MusicXML with ids (``documents.rendering.render``) into pages."""

    def __init__(self, child: ChildProcess) -> None:
        self._child = child

    def warm_up(self) -> None:
        """Start the child and let it load Verovio while the caller does something else."""

    def pages(
        self, musicxml: str, layout: Layout | PrintLayout, melodies: Mapping[int, Melody] | None = None
    ) -> tuple[Page, ...]:
        """Engrave a whole score.

        ``melodies`` (by part) is what is drawn instead if Verovio cannot draw the score: notes and no more.

        Raises:
            FileUnsupportedError: the score cannot be drawn.
        """
        raise NotImplementedError

    def excerpt(self, melody: Melody, span: Span, part: int = 0) -> Page:
        """Engrave some measures of a melody on one system, without title and tempo, as small as it can be.

        The boxes count measures as the melody does, not from the beginning of the excerpt.
        """
        raise NotImplementedError

    def svg_pages(self, musicxml: str, layout: PrintLayout) -> tuple[bytes, ...]:
        """Engrave a score as SVG files for other programs, black on white."""
        raise NotImplementedError
