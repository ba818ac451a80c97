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
    assert [SCORE[start : start + 6] for start in score.starts] == ["<attri", "<measu", "<note/"]


def test_what_stands_around_the_measures_is_kept() -> None:
    around = '<score><part-list/><part id="P1">  </part><part id="P2"></part></score>'
    assert read_score(SCORE).around == around


def test_a_measure_that_does_not_end_is_none() -> None:
    score = read_score('<part id="P1"><measure number="1"><note/></part>')
    assert score.parts == ((),)
    assert score.around == '<part id="P1"><measure number="1"><note/></part>'


def test_text_without_parts_has_no_measures() -> None:
    assert read_score("<html/>").measure_count == 0
