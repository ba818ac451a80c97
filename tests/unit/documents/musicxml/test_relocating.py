from pathlib import Path

import pytest

from inpaint_desktop.documents.musicxml.locating import locate, located_again
from inpaint_desktop.documents.musicxml.relocating import ChangedMeasure, with_changes

DATA = Path(__file__).parents[3] / "data" / "musicxml"


@pytest.mark.parametrize("name", ["duet_latin1_crlf.xml", "timewise.musicxml"])
@pytest.mark.parametrize("part", [0, 1])
@pytest.mark.parametrize("changed", [(0,), (1,), (0, 1), (0, 2), (0, 1, 2), ()])
def test_all_lies_where_reading_the_whole_text_again_would_find_it(
    name: str, part: int, changed: tuple[int, ...]
) -> None:
    text = (DATA / name).read_text(encoding="latin-1")
    score = locate(text, name)
    changes = {}
    for index in changed:
        mark = score.parts[part].marks[index]
        comment = "<!--" + "x" * (index + 1) + "-->"
        xml = text[mark.start : mark.stop]
        xml = xml.replace("</", comment + "</", 1) if "</" in xml else f'<part id="P2">{comment}</part>'
        changes[index] = ChangedMeasure(xml, located_again(score.parts[part].measures[index], xml))
    new_text, new_score = with_changes(text, score, part, changes)
    assert new_score == locate(new_text, name)
    assert len(new_text) - len(text) == sum(
        len(change.xml) - (mark.stop - mark.start)
        for mark, change in ((score.parts[part].marks[index], change) for index, change in changes.items())
    )
