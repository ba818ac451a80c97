"""Small edits of the text of single elements: their ``<offset>``, and styles that hide notes."""

from inpaint_desktop.documents.musicxml.scanning import Element, scan

SHIFTABLE = frozenset({"direction", "harmony", "sound"})

# By the schema, an offset follows all of these.
_BEFORE_OFFSET = {
    "direction": {"direction-type"},
    "harmony": {"root", "numeral", "function", "kind", "inversion", "bass", "degree", "frame"},
    "sound": {"instrument-change", "midi-device", "midi-instrument", "play", "swing"},
}


def offset_of(xml: str) -> int:
    """How many divisions after its place in the measure the element is meant."""
    return int(_tree(xml).text_at("offset").removesuffix(".0") or 0) if "<offset" in xml else 0


def with_offset(xml: str, divisions: int) -> str:
    """The element, meant so many divisions after its place; nothing changes if it is already."""
    if offset_of(xml) == divisions:
        return xml
    tree = _tree(xml)
    offset = tree.find("offset")
    if offset is not None:
        old = xml[offset.start : offset.stop]
        start_tag = old[: old.index(">") + 1]
        return f"{xml[: offset.start]}{start_tag}{divisions}</offset>{xml[offset.stop :]}"
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


def without_measure_style(xml: str) -> str:
    """An ``<attributes>`` without what draws measures as long rests, slashes or repeat signs."""
    if "<measure-style" not in xml:
        return xml
    for style in reversed(list(_tree(xml).all("measure-style"))):
        start = len(xml[: style.start].rstrip())
        xml = xml[:start] + xml[style.stop :]
    return xml


def _tree(xml: str) -> Element:
    return scan(xml, "an element", lambda *_: None)
