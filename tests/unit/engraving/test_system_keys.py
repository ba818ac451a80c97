"""Which systems have another key after a measure has changed, and which measures it takes to draw a system."""

import pytest

from inpaint_desktop.engraving.score_text import read_score
from inpaint_desktop.engraving.system_keys import Systems

COUNT, FIRSTS = 12, (4, 8)
ALL = {0, 1, 2}


def _score(*parts: dict[int, str], numbers: str = "") -> str:
    return "".join(
        f'<part id="P{part}">'
        + "".join(
            f'<measure id="m{part}-{index}" number="{numbers if part else ""}{index}"><note id="n{part}-{index}-0"/>'
            f"{music.get(index, '')}</measure>"
            for index in range(COUNT)
        )
        + "</part>"
        for part, music in enumerate(parts)
    )


def _keys(*parts: dict[int, str], width: int = 900, numbers: str = "") -> list[bytes]:
    return Systems(read_score(_score(*parts, numbers=numbers)), FIRSTS, width).keys


def _note(content: str = "", step: str = "C") -> str:
    return f"<note><pitch><step>{step}</step><octave>4</octave></pitch>{content}</note>"


def _slur(kind: str, number: int = 1) -> str:
    return _note(f'<notations><slur number="{number}" type="{kind}"/></notations>')


def _tied(kind: str, step: str = "C") -> str:
    return _note(f'<notations><tied type="{kind}"/></notations>', step)


def _syllable(kind: str, verse: int = 1) -> str:
    return _note(f'<lyric number="{verse}"><syllabic>{kind}</syllabic><text>la</text></lyric>')


def _changed_by(measure: int, music: dict[int, str] | None = None, more: str = "<note/>") -> set[int]:
    """The systems whose key changes when there is ``more`` in a measure."""
    music = music or {}
    before, after = _keys(music), _keys({**music, measure: music.get(measure, "") + more})
    return {index for index, (old, new) in enumerate(zip(before, after, strict=True)) if old != new}


def test_the_same_score_has_the_same_keys_which_all_differ() -> None:
    assert _keys({}) == _keys({})
    assert len(set(_keys({}))) == 3


@pytest.mark.parametrize(
    ("measure", "changed"), [(0, {0}), (2, {0}), (3, {0, 1}), (4, {0, 1}), (5, {1}), (8, {1, 2}), (11, {2})]
)
def test_a_note_changes_its_system_and_at_the_edge_the_one_beside_it(measure: int, changed: set[int]) -> None:
    assert _changed_by(measure) == changed


def test_notes_of_other_parts_count() -> None:
    assert _keys({}, {})[1:] == _keys({}, {1: "<note/>"})[1:]
    assert _keys({}, {})[0] != _keys({}, {1: "<note/>"})[0]


@pytest.mark.parametrize("frame", ["<attributes><key/></attributes>", "<barline/>", '<print staff-spacing="1"/>'])
def test_what_frames_the_notes_counts_for_all(frame: str) -> None:
    assert _changed_by(10, more=frame) == ALL


def test_the_width_and_what_stands_around_the_measures_count() -> None:
    assert not set(_keys({})) & set(_keys({}, width=901))
    text = _score({})
    assert not set(_keys({})) & set(Systems(read_score(f"<title/>{text}"), FIRSTS, 900).keys)


@pytest.mark.parametrize(
    "ends",
    [
        {2: _slur("start"), 6: _slur("stop")},
        {2: _slur("start"), 6: _slur("start") + _slur("stop")} | {7: _slur("stop")},
        {2: _slur("start"), 3: _slur("start"), 5: _slur("stop"), 6: _slur("stop")},
        {2: _tied("start"), 6: _tied("stop")},
        {2: _note("<beam>begin</beam>"), 6: _note("<beam>end</beam>")},
        {2: _syllable("begin"), 6: _syllable("end")},
        {
            2: "<direction><wedge type='crescendo'/></direction><note/>",
            6: "<direction><wedge type='stop'/></direction><note/>",
        },
    ],
)
def test_systems_that_something_reaches_over_change_together(ends: dict[int, str]) -> None:
    assert _changed_by(1, ends) == {0, 1}
    assert _changed_by(5, ends) == {0, 1}
    assert _changed_by(10, ends) == {2}


def test_a_system_in_the_middle_of_a_slur_changes_with_both_ends() -> None:
    slur = {2: _slur("start"), 10: _slur("stop")}
    assert [_changed_by(measure, slur) for measure in (1, 6, 9)] == [ALL] * 3


@pytest.mark.parametrize(
    "ends",
    [
        {1: _slur("start"), 2: _slur("stop")},
        {1: _slur("stop") + _slur("start")},
        {1: _syllable("begin"), 2: _syllable("end")},
    ],
)
def test_what_ends_before_the_line_does_reaches_no_further(ends: dict[int, str]) -> None:
    assert _changed_by(1, ends) == {0}
    assert _changed_by(5, ends) == {1}


@pytest.mark.parametrize(
    "unclear",
    [
        _slur("start"),
        _slur("stop"),
        _tied("stop") + _tied("start"),
        _tied("start") + _tied("stop", "D"),
        _slur("start", 1) + _slur("stop", 2),
        '<direction><pedal type="stop"/></direction><note/>',
        "<!-- <note> -->",
    ],
)
def test_where_it_is_unclear_what_belongs_together_every_measure_counts(unclear: str) -> None:
    assert _changed_by(10, {1: unclear}) == ALL


def test_a_word_that_is_not_ended_goes_on_to_the_end() -> None:
    assert _changed_by(10, {2: _syllable("begin")}) == ALL
    assert _changed_by(10, {2: _syllable("begin"), 3: _syllable("middle", verse=2)}) == ALL


def test_parts_whose_measures_have_other_numbers_count_altogether() -> None:
    before, after = (_keys({}, {10: more}, numbers="X") for more in ("", "<note/>"))
    assert not set(before) & set(after)


def test_what_waits_for_a_note_at_the_end_of_a_part_is_given_to_the_first_of_the_next() -> None:
    waiting = {COUNT - 1: "<harmony/>"}
    before, after = _keys(waiting, {}), _keys(waiting, {0: "<note/>"})
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, True, False]


def test_unusual_accidentals_count_wherever_they_are_carried_on_to() -> None:
    sharp, double = (
        f"<note><pitch><step>F</step><alter>{alter}</alter><octave>4</octave></pitch><accidental>{name}</accidental>"
        "</note>"
        for alter, name in ((1, "sharp"), (2, "double-sharp"))
    )
    assert _changed_by(1, more=sharp) == {0}
    assert _changed_by(1, more=double) == ALL
    assert _changed_by(1, {6: double}, more=double) == {0, 1}


def _for_line(line: int, *parts: dict[int, str]) -> set[int]:
    """The measures without which a line would be drawn differently."""
    return Systems(read_score(_score(*parts)), FIRSTS, 900).measures_for([line])


def test_a_line_is_drawn_from_its_measures_those_beside_it_and_the_first() -> None:
    assert _for_line(0, {}) == {0, 1, 2, 3, 4}
    assert _for_line(1, {}) == {0, 3, 4, 5, 6, 7, 8}
    assert _for_line(2, {}) == {0, 7, 8, 9, 10, 11}


def test_measures_that_hold_more_than_notes_are_never_left_out() -> None:
    assert _for_line(0, {6: "<barline/>", 9: '<print new-system="yes"/>'}, {10: "<attributes/>"}) >= {6, 10}
    assert 9 not in _for_line(0, {9: '<print new-system="yes"/>'})


def test_nothing_that_reaches_over_measures_is_cut() -> None:
    assert _for_line(2, {1: _slur("start"), 3: _slur("stop")}) == _for_line(2, {})
    assert _for_line(2, {5: _slur("start"), 7: _slur("stop")}) == {0, 5, 6, *_for_line(2, {})}
    chain = {3: _tied("start"), 5: _tied("stop") + _slur("start"), 8: _slur("stop")}
    assert _for_line(2, chain) == {0, *range(3, COUNT)}


@pytest.mark.parametrize(
    "music",
    [
        _slur("start"),
        "<attributes><measure-style><multiple-rest>2</multiple-rest></measure-style></attributes>",
        "<note><pitch><step>F</step><alter>2</alter></pitch><accidental>double-sharp</accidental></note>",
    ],
)
def test_where_measures_cannot_be_told_apart_all_of_them_stay(music: str) -> None:
    assert _for_line(2, {1: music}) == set(range(COUNT))
