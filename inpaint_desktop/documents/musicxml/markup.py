"""XML as text, laid out as the file around it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

Markup = tuple[str, "str | list[Markup]"]
"""An element: its name, with attributes if it has any, and its text or its children."""


@dataclass(frozen=True, slots=True)
class Layout:
    """``separator`` stands before an element (a line end and blanks); ``unit`` is one level of indentation."""

    separator: str = "\n"
    unit: str = "  "

    @property
    def inner(self) -> "Layout":
        """The layout of the children."""
        return Layout(self.separator + self.unit if self.is_indented else "", self.unit)

    @property
    def is_indented(self) -> bool:
        """Whether each element has a line of its own."""
        return "\n" in self.separator or "\r" in self.separator


def render(markup: Markup, layout: Layout) -> str:
    """Write an element; its first line is not indented."""
    tag, content = markup
    if not content:
        return f"<{tag}/>"
    name = tag.split(" ", maxsplit=1)[0]
    if isinstance(content, str):
        return f"<{tag}>{escape(content)}</{name}>"
    inner = layout.inner
    children = "".join(inner.separator + render(child, inner) for child in content)
    return f"<{tag}>{children}{layout.separator if layout.is_indented else ''}</{name}>"


def with_children(xml: str, children: Iterable[str], layout: Layout) -> str:
    """An element that has children and was written in this layout, with more of them at its end."""
    cut = len(xml[: xml.rindex("</")].rstrip())
    return xml[:cut] + "".join(layout.inner.separator + child for child in children) + xml[cut:]
