from fractions import Fraction

import pytest

from inpaint_desktop.documents.musicxml.offsets import offset_of, with_offset, without_measure_style

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


def test_styles_that_hide_notes_are_taken_out() -> None:
    style = "\n  <measure-style><slash type='start'/></measure-style>"
    assert without_measure_style(f"<attributes>{style}{style}\n  <clef/>\n</attributes>") == (
        "<attributes>\n  <clef/>\n</attributes>"
    )
