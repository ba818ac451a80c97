from inpaint_desktop.engraving.pages import INK, MeasureBox, NoteBox, Page, Rect, recoloured

SVG = f'<svg fill="{INK}"><g id="n0-1-2"/><g id="n0-1-2-b"/><g id="n0-1-20"/><g id="n1-1-2"/></svg>'.encode()
PAGE = Page(SVG, 10, 10, (), (), ())


def test_two_rectangles_are_united_into_the_smallest_around_them() -> None:
    assert Rect(0, 5, 2, 2).united(Rect(4, 1, 1, 1)) == Rect(0, 1, 5, 6)


def test_boxes_say_which_note_they_are_of() -> None:
    assert NoteBox(0, 3, 2, Rect(0, 0, 1, 1)).key == (0, 3, 2)
    assert MeasureBox(0, 3, 1, Rect(0, 0, 1, 1), 0.5).music_x == 0.5


def test_ink_of_another_colour_takes_the_place_of_the_page_s_own() -> None:
    drawing = recoloured(PAGE, "#aabbcc")
    assert b'<svg fill="#aabbcc">' in drawing
    assert INK.encode() not in drawing


def test_all_pieces_of_a_note_are_coloured_and_no_other_note() -> None:
    drawing = recoloured(PAGE, "#000000", {(0, 1, 2): "#ff0000"})
    assert drawing.count(b"#ff0000") == 2 * 3
    assert b'<g id="n0-1-20"/><g id="n1-1-2"/>' in drawing
