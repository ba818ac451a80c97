from pathlib import Path
from xml.etree import ElementTree

from inpaint_desktop.documents.musicxml.locating import locate
from inpaint_desktop.documents.musicxml.melodies import melodies_of
from inpaint_desktop.documents.musicxml.partwise import partwise

TEXT = (Path(__file__).parents[3] / "data" / "musicxml" / "timewise.musicxml").read_text(encoding="utf-8")


def test_a_timewise_score_becomes_a_partwise_one_with_the_same_music() -> None:
    score = locate(TEXT, "timewise.xml")
    text = partwise(TEXT, score)
    root = ElementTree.fromstring(text.encode())
    assert (root.tag, root.get("version")) == ("score-partwise", "2.0")
    assert [part.get("id") for part in root.findall("part")] == ["P1", "P2"]
    assert [measure.get("number") for measure in root.findall("part[2]/measure")] == ["1", "2", "3"]
    assert "DTD MusicXML 2.0 Timewise" not in text.replace("timewise.dtd", "")
    assert melodies_of(locate(text, "partwise.xml"), "") == melodies_of(score, "")


def test_a_partwise_score_stays_as_it_is() -> None:
    text = partwise(TEXT, locate(TEXT, "timewise.xml"))
    assert partwise(text, locate(text, "partwise.xml")) is text
