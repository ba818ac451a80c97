"""What the child process is asked to engrave."""

from dataclasses import dataclass

from inpaint_desktop.engraving.pages import Layout, PrintLayout


@dataclass(frozen=True, slots=True)
class PagesRequest:
    """A whole score for the screen or for paper."""

    musicxml: str
    layout: Layout | PrintLayout


@dataclass(frozen=True, slots=True)
class ExcerptRequest:
    """A few measures on one system."""

    musicxml: str
