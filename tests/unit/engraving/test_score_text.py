import re

from inpaint_desktop.engraving.score_text import read_score

SCORE = (
    '<score><part-list/><part id="P1"> <measure id="m0-0" number="1">'
    "<attributes><measure-style/></attributes><note/></measure> "
    '<measure number="2"/><measure number="3"><note/></measure></part>'
    '<part id="P2"><measure number="1"><rest/></measure></part></score>'
)


def test_the_measures_of_each_part_are_found() -> None:
    score = read_score(SCORE)
    assert [[measure.number for measure in part] for part in score.parts] == [["1", "2", "3"], ["1"]]
    assert score.measure_count == 3
    assert [SCORE[place.music :][:6] for place in score.places[0]] == ["<attri", "<measu", "<note/"]


def test_what_stands_around_the_measures_is_kept() -> None:
    around = '<score><part-list/><part id="P1">  </part><part id="P2"></part></score>'
    assert read_score(SCORE).around == around


def test_a_measure_that_does_not_end_is_none() -> None:
    score = read_score('<part id="P1"><measure number="1"><note/></part>')
    assert score.parts == ((),)
    assert score.around == '<part id="P1"><measure number="1"><note/></part>'


MEASURES = (
    '<part id="P1"><measure number="1"><note/></measure>'
    '<measure number="2"><print new-system="yes" page-number="2"/><note/></measure>'
    '<measure number="3"><note/></measure> <measure number="4"><print new-page=\'yes\'/><note/></measure></part>'
    '<part id="P2"><measure number="1"><rest/></measure><measure number="2"/><measure number="3"/></part>'
)


def test_lines_are_written_into_the_score_in_the_place_of_its_own() -> None:
    written = read_score(MEASURES).with_lines([1, 2], range(4))
    assert re.findall(r'number="(\d)"><print new-page="yes"/>', written) == ["2", "3"]
    assert written.count("new-page") == 2
    assert "new-system" not in written
    assert 'page-number="2"' in written


def test_a_score_can_be_written_with_some_of_its_measures() -> None:
    written = read_score(MEASURES).with_lines([2], {0, 2})
    assert written == (
        '<part id="P1"><measure number="1"><note/></measure>'
        '<measure number="3"><print new-page="yes"/><note/></measure> </part>'
        '<part id="P2"><measure number="1"><rest/></measure><measure number="3"/></part>'
    )


def test_text_without_parts_has_no_measures() -> None:
    score = read_score("<html/>")
    assert (score.measure_count, score.head) == (0, "")


def test_the_head_ends_where_the_music_begins() -> None:
    assert read_score(SCORE).head.endswith('<part id="P1"> <measure id="m0-0" number="1">')
