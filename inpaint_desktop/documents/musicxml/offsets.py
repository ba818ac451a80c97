"""Small edits of the text of single elements: their times, and styles that hide notes."""

import re
from fractions import Fraction

from inpaint_desktop.documents.musicxml.scanning import Element, tree_of

_DECIMAL = re.compile(r"[+-]?\d{1,9}(\.\d{0,6})?")

_TIME = re.compile(r"(<(?:duration|offset)\b[^<>]*>\s*)([+-]?\d{1,9})(?:\.0*)?(?=\s*<)")

SHIFTABLE = frozenset({"direction", "harmony", "sound"})

# By the schema, an offset follows all of these.
_BEFORE_OFFSET = {
    "direction": {"direction-type"},
    "harmony": {"root", "numeral", "function", "kind", "inversion", "bass", "degree", "frame"},
    "sound": {"instrument-change", "midi-device", "midi-instrument", "play", "swing"},
}


def offset_of(xml: str) -> Fraction:
    """How many divisions after its place in the measure the element is meant."""
    text = tree_of(xml).text_at("offset") if "<offset" in xml else ""
    return Fraction(text) if _DECIMAL.fullmatch(text) else Fraction(0)


def with_offset(xml: str, offset: Fraction) -> str:
    """The element, meant so many divisions after its place; nothing changes if it is already."""
    if offset_of(xml) == offset:
        return xml
    divisions, tree = round(offset), tree_of(xml)
    old = tree.find("offset")
    if old is not None:
        start_tag = xml[old.start : xml.index(">", old.start)].removesuffix("/")
        return f"{xml[: old.start]}{start_tag}>{divisions}</offset>{xml[old.stop :]}"
    before = [child for child in tree.children if child.tag in _BEFORE_OFFSET[tree.tag]]
    element = f"<offset>{divisions}</offset>"
    if not before:
        return _with_child(xml, tree, element)
    place, first = before[-1].stop, tree.children[0].start
    blank = xml[len(xml[:first].rstrip()) : first]
    return xml[:place] + blank + element + xml[place:]


def _with_child(xml: str, tree: Element, child: str) -> str:
    """Put ``child`` at the beginning of an element."""
    if xml.endswith("/>"):
        return f"{xml[:-2].rstrip()}>{child}</{tree.tag}>"
    place = tree.children[0].start if tree.children else xml.rindex("</")
    return xml[:place] + child + xml[place:]


def with_scaled_times(xml: str, factor: Fraction) -> str:
    """The element with its durations and offsets counted in divisions that are so many times finer."""
    return xml if factor == 1 else _TIME.sub(lambda time: f"{time[1]}{round(Fraction(time[2]) * factor)}", xml)


def without_long_rest(xml: str) -> str:
    """An ``<attributes>`` without what draws measures as one long rest."""
    return with_long_rest(xml, 0)


def with_long_rest(xml: str, count: int) -> str:
    """An ``<attributes>`` whose long rests last ``count`` measures; none, if that is no rest worth the name."""
    if "multiple-rest" not in xml:
        return xml
    for style in reversed([style for style in tree_of(xml).all("measure-style") if style.find("multiple-rest")]):
        rest = style.find("multiple-rest")
        assert rest is not None, "these have one"
        if count > 1:
            tag = xml[rest.start : xml.index(">", rest.start) + 1]
            xml = f"{xml[: rest.start]}{tag}{count}</multiple-rest>{xml[rest.stop :]}"
        else:
            xml = xml[: len(xml[: style.start].rstrip())] + xml[style.stop :]
    return xml
