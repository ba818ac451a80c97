from fractions import Fraction

import pytest

from inpaint_desktop.documents.musicxml.offsets import (
    offset_of,
    with_long_rest,
    with_offset,
    with_scaled_times,
    without_long_rest,
)

WORDS = "<direction-type><words>x</words></direction-type>"
HARMONY = "<harmony>\n  <root/>\n  <kind>major</kind>{}\n  <staff>1</staff>\n</harmony>"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"<direction>{WORDS}<sound/></direction>", f"<direction>{WORDS}<offset>3</offset><sound/></direction>"),
        (HARMONY.format(""), HARMONY.format("\n  <offset>3</offset>")),
        ('<sound tempo="90"/>', '<sound tempo="90"><offset>3</offset></sound>'),
        ("<sound></sound>", "<sound><offset>3</offset></sound>"),
        (f"<direction>{WORDS}<offset sound='yes'>-1.5</offset></direction>",
         f"<direction>{WORDS}<offset sound='yes'>3</offset></direction>"),
        ("<sound><offset/></sound>", "<sound><offset>3</offset></sound>"),
    ],
)  # fmt: skip
def test_an_offset_is_put_where_the_schema_wants_it(before: str, after: str) -> None:
    assert with_offset(before, Fraction(3)) == after
    assert offset_of(after) == 3


def test_an_element_that_is_already_there_is_not_touched() -> None:
    for xml in (f"<direction>{WORDS}<offset> 1.50 </offset></direction>", "<sound><offset>what</offset></sound>"):
        assert with_offset(xml, offset_of(xml)) == xml


def test_long_rests_are_taken_out_or_made_shorter_and_other_styles_stay() -> None:
    slash = "\n  <measure-style><slash type='start'/></measure-style>"
    rest = '\n  <measure-style number="1"><multiple-rest use-symbols="no">{}</multiple-rest></measure-style>'
    xml = f"<attributes>{rest.format(4)}{slash}{rest.format(4)}\n  <clef/>\n</attributes>"
    assert without_long_rest(xml) == f"<attributes>{slash}\n  <clef/>\n</attributes>"
    assert with_long_rest(xml, 2) == xml.replace(">4<", ">2<")
    assert with_long_rest(xml, 1) == without_long_rest(xml)


@pytest.mark.parametrize(
    ("xml", "scaled"),
    [
        ("<backup><duration>4</duration></backup>", "<backup><duration>12</duration></backup>"),
        ("<note><duration> 4.0 </duration></note>", "<note><duration> 12 </duration></note>"),
        ('<harmony><offset sound="no">-2</offset></harmony>', '<harmony><offset sound="no">-6</offset></harmony>'),
        ("<words>4 <b/></words>", "<words>4 <b/></words>"),
    ],
)
def test_durations_and_offsets_count_in_finer_units(xml: str, scaled: str) -> None:
    assert with_scaled_times(xml, Fraction(3)) == scaled
