import re
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inpaint_desktop.documents.abc.document import AbcDocument, open_abc
from inpaint_desktop.documents.abc.reading import read_melody
from inpaint_desktop.documents.document import Edit, ScoreDocument
from inpaint_desktop.documents.encodings import Codec, decode
from inpaint_desktop.errors import FileUnsupportedError, InpaintDesktopError, MeasureLengthError, SelectionError
from inpaint_desktop.score.melody import Measure, Note, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER
from inpaint_desktop.score.pitch import Pitch

SESSION = Path(__file__).parents[3] / "data" / "abc" / "session.abc"
HEADER = "X:1\nT:Test\nM:4/4\nL:1/8\nK:C\n"


def opened(text: str, tune: str | None = None) -> AbcDocument:
    return open_abc(text, file_name="test.abc", codec=Codec(), tune=tune, read=read_melody)


def session(tune: str = "1") -> AbcDocument:
    return opened(SESSION.read_text(encoding="utf-8"), tune)


def notes_of(line: str) -> tuple[Note, ...]:
    """Notes such as ``F#4:2``: a pitch or ``z``, and the length in eighths; ``-`` ties."""
    notes, onset = [], 0
    for word in line.split():
        name, length = word.rstrip("-").split(":")
        duration = int(Fraction(length) * TICKS_PER_QUARTER / 2)
        notes.append(Note(onset, duration, None if name == "z" else Pitch.parse(name), ties_on=word.endswith("-")))
        onset += duration
    return tuple(notes)


def replaced(document: AbcDocument, start: int, *lines: str) -> Edit:
    """Put ``lines`` into the measures from index ``start`` on, and check what must hold for any edit."""
    span = Span(start, start + len(lines))
    old = document.melody().measures[span.start : span.stop]
    measures = [measure.with_notes(notes_of(line)) for measure, line in zip(old, lines, strict=True)]
    edit = document.with_measures(0, span, measures)
    assert opened(text_of(edit), document.tune.number).melody() == edit.document.melody()
    return edit


def text_of(edit: Edit) -> str:
    return edit.document.to_bytes().decode("utf-8")


def spliced(body: str, start: int, *lines: str) -> str:
    return text_of(replaced(opened(HEADER + body), start, *lines)).removeprefix(HEADER)


def test_it_is_a_score_document() -> None:
    document: ScoreDocument = session()
    assert (document.suffix, document.title, len(document.parts)) == (".abc", "The Wire Fence", 1)
    assert len(document.parts[0].measures) == len(document.melody(0).measures)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_opening_and_saving_changes_no_byte(encoding: str, line_end: str) -> None:
    content = SESSION.read_text(encoding="utf-8").replace("\n", line_end).encode(encoding)
    text, codec = decode(content)
    document = open_abc(text, file_name="test.abc", codec=codec, tune="1", read=read_melody)
    assert document.to_bytes() == content
    assert len(document.melody().measures) == 13


@pytest.mark.parametrize("tune", ["1", "2", "3"])
def test_other_bytes_stay_whichever_measure_is_replaced(tune: str) -> None:
    document = session(tune)
    for index, (mark, measure) in enumerate(zip(document.parts[0].measures, document.melody().measures, strict=True)):
        rest = measure.with_notes([Note(0, measure.duration, None)])
        text = text_of(document.with_measures(0, Span(index, index + 1), [rest]))
        lyrics = document.text.find("w:", mark.stop)
        after = document.text[mark.stop : lyrics if tune == "1" and lyrics > 0 else None]
        assert text.startswith(document.text[: mark.start])
        assert after in text


def test_measures_put_back_bring_back_the_text() -> None:
    document = session("2")
    span = Span(2, 5)
    old = document.melody().measures[2:5]
    edit = document.with_measures(0, span, [document.melody().measures[1]] * 3)
    assert text_of(edit) != document.text
    assert text_of(edit.document.with_measures(0, span, old)) == document.text


def test_measures_that_stay_the_same_keep_their_text() -> None:
    document = session()
    span = Span(0, 13)
    assert document.with_measures(0, span, document.melody().measures) == Edit(document)


def test_the_melody_has_the_new_notes_and_no_others() -> None:
    document = session("2")
    edit = replaced(document, 3, "A4:3 B4:3")
    assert edit.document.melody().measures[3].notes == notes_of("A4:3 B4:3")
    assert edit.document.melody().measures[4:] == document.melody().measures[4:]


def test_chord_symbols_stay_at_their_time() -> None:
    assert spliced('"C"CDEF "G7"GABc|', 0, "C5:2 B4:2 A4:2 G4:2") == '"C"c2B2 "G7"A2G2|'


def test_a_chord_symbol_inside_a_long_note_goes_to_the_note_that_sounds() -> None:
    assert spliced('CDEF "G7"GABc|', 0, "C5:6 B4:2") == '"G7"c6 B2|'


def test_two_chord_symbols_do_not_share_a_note_where_there_is_another() -> None:
    assert spliced('CD"C"EF "G7"GABc|', 0, "C5:7 B4:1") == '"C"c4- "G7"c3B|'


def test_a_second_chord_symbol_goes_to_the_next_note_where_one_is_taken() -> None:
    assert spliced('CD"C"EF "G7"GABc|', 0, "C5:6 B4:2") == '"C"c6 "G7"B2|'


def test_annotations_and_directions_stay() -> None:
    assert spliced('C!segno!D"^slower"EF !p!GABc!fine!|', 0, "C5:4 G4:4") == '!segno!"^slower"c4 !p!G4!fine!|'


def test_inline_fields_stay_between_the_notes() -> None:
    assert spliced("CDEF [K:G] GABc|", 0, "C5:2 F#4:2 F#4:2 F4:2") == "c2^F2 [K:G]F2=F2|"


def test_a_unit_length_inside_the_measure_counts_from_there() -> None:
    assert spliced("CDEF [L:1/4] GA|", 0, "C5:2 D5:2 E5:2 F5:2") == "c2d2 [L:1/4]ef|"


def test_line_breaks_and_comments_inside_a_measure_stay() -> None:
    assert spliced("CDEF % half\n GABc|", 0, "C5:4 D5:2 E5:2") == "c4 % half\n d2e2|"
    assert spliced("CDEF\\\nGABc|", 0, "C5:8") == "c8\\\n|"


def test_barlines_spaces_and_comments_between_measures_stay() -> None:
    body = "C8 |: D8 :| % comment\n|1 E8 || F8 |]"
    assert spliced(body, 1, "G4:8", "A4:8") == "C8 |: G8 :| % comment\n|1 A8 || F8 |]"


def test_a_slur_that_ends_outside_begins_inside() -> None:
    assert spliced("C4(D4|E4)F4|", 0, "G4:2 A4:6") == "G2(A6|E4)F4|"


def test_a_slur_that_began_outside_ends_inside() -> None:
    assert spliced("C4(D4|E4)F4|", 1, "G4:2 A4:6") == "C4(D4|G2A6)|"


def test_a_slur_inside_goes_and_that_is_said() -> None:
    edit = replaced(opened(HEADER + "(CDEF) G4|A8|"), 0, "C5:8")
    assert edit.dropped == ("The slurs of measure 1 went with the notes that were replaced.",)


def test_grace_notes_and_ornaments_go_and_that_is_said() -> None:
    edit = replaced(opened(HEADER + "{d}C4 ~D4|!trill!E8|"), 0, "C5:8", "D5:4 E5:4")
    assert text_of(edit) == HEADER + "c8|d4 e4|"
    assert edit.dropped == (
        "The grace notes of measure 1 went with the notes that were replaced.",
        "The ornaments of measures 1 to 2 went with the notes that were replaced.",
    )


@pytest.mark.parametrize(
    ("body", "line", "new"),
    [
        ("{d}C4 ~D4|", "C4:4 E4:2 F4:2", "{d}C4 E2F2|"),
        ("{d}C2!trill!D2 .E4|", "C4:2 D4:2 F4:2 G4:2", "{d}C2!trill!D2 F2G2|"),
        ("C4 !trill!{e}D4|", "E4:2 F4:2 D4:4", "E2F2 !trill!{e}D4|"),
        ("[CEG]4 [Ac]2e2|", "G4:4 C5:2 D5:2", "[CEG]4 [Ac]2d2|"),
        ("[A2c2]>e2 E4|", "C5:3 E5:1 F4:4", "[Ac]3e F4|"),
        ('"A7"[Ac]2 e2 ^c4|', "C5:2 E5:2 D5:4", '"A7"[Ac]2e2 d4|'),
        ("(3{d}c2d2e2 f4|", "C5:4/3 D5:4/3 E5:4/3 G5:4", "(3{d}c2d2e2 g4|"),
        ("({d}C2D2) E4|", "C4:2 D4:2 F4:4", "({d}C2D2) F4|"),
        ("C4 .z4|", "D4:4 z:4", "D4 .z4|"),
    ],
)
def test_what_hangs_on_a_note_that_stays_stays(body: str, line: str, new: str) -> None:
    assert spliced(body + "A8|", 0, line) == new + "A8|"


def test_ornaments_and_slurs_stay_on_all_notes_of_a_measure_that_keeps_its_rhythm() -> None:
    edit = replaced(opened(HEADER + "{d}.C2(.D2 TE2).F2|(C8|D8)|"), 0, "D4:2 E4:2 F4:2 G4:2", "E4:8", "F4:8")
    assert text_of(edit) == HEADER + ".D2(.E2 TF2).G2|(E8|F8)|"
    assert edit.dropped == ("The grace notes of measure 1 went with the notes that were replaced.",)


def test_a_slur_stays_where_the_notes_under_it_do() -> None:
    assert spliced("(C2D2) E4|", 0, "C4:2 D4:2 G4:2 A4:2") == "(C2D2) G2A2|"
    assert spliced("(C2D2) E4|", 0, "C4:2 E4:2 G4:2 A4:2") == "C2E2 G2A2|"
    two = "E4 C2(D2|C2D2) E4|"
    assert spliced(two, 0, "C4:2 E4:2 C4:2 D4:2", "C4:2 D4:2 E4:2 E4:2") == "C2E2 C2(D2|C2D2) E2E2|"
    assert spliced(two, 0, "C4:2 E4:2 C4:2 D4:2", "C4:4 E4:2 E4:2") == "C2E2 C2D2|C4 E2E2|"


def test_chords_that_do_not_stay_are_named() -> None:
    edit = replaced(opened(HEADER + "[CE]4 [DF]4|"), 0, "E4:4 G4:4")
    assert text_of(edit) == HEADER + "[CE]4 G4|"
    assert edit.dropped == ("The chords of measure 1 gave way to single notes.",)


@pytest.mark.parametrize(
    ("body", "line", "new"),
    [
        ("^A2[Ac]2 d4|", "B4:2 C5:2 D5:4", "B2c2 d4|"),
        ("B2[Ac]2 d4|", "A#4:2 C5:2 D5:4", "^A2c2 d4|"),
        ("[^Ac]4 A4|", "C5:4 B4:4", "c4 B4|"),
        ("^G4 {g}a4|", "G4:4 A5:4", "G4 a4|"),
        ("[Ac]2-[Ac]2 d4|", "C5:4 E5:4", "c4 e4|"),
        ("[Ac]4 d4|", "C5:6 D5:2", "c6 d2|"),
        ("[A-c-]4 [Ac]4|", "C5:4 D5:4", "c4 d4|"),
        ('["x"A!trill!c]4 d4|', "C5:4 E5:4", "c4 e4|"),
    ],
)
def test_what_would_sound_otherwise_or_cannot_be_written_goes(body: str, line: str, new: str) -> None:
    edit = replaced(opened(HEADER + body), 0, line)
    assert text_of(edit) == HEADER + new
    assert edit.dropped


def test_a_tie_into_the_measure_that_leads_nowhere_is_named() -> None:
    edit = replaced(opened(HEADER + "C8-|C8|D8|"), 1, "E4:8")
    assert "The tie at the end of measure 1" in edit.dropped[0]
    assert not edit.document.melody().measures[0].notes[-1].ties_on


def test_a_tie_into_the_measure_holds_where_the_pitch_is_the_same() -> None:
    edit = replaced(opened(HEADER + "^C8-|C8|D8|"), 1, "C#4:4 C#4:4")
    assert text_of(edit) == HEADER + "^C8-|^C4 C4|D8|"
    assert edit.document.melody().measures[0].notes[-1].ties_on


def test_a_tie_does_not_carry_its_accidental_into_a_new_natural() -> None:
    assert spliced("^C8-|C8|D8|", 1, "C4:8") == "^C8-|=C8|D8|"


def test_a_tie_out_of_the_measure_is_written_where_it_leads_to_the_same_pitch() -> None:
    assert spliced("C8|D8|", 0, "C4:4 D4:4-") == "C4 D4-|D8|"
    assert spliced("C8|D8|", 0, "C4:4 E4:4-") == "C4 E4|D8|"


@pytest.mark.parametrize(
    ("body", "start", "reason"),
    [
        ("C8|C6(3D2E2|F2 G6|", 1, "goes on from measure 2 into measure 3; choose both"),
        ("C8|C6(3D2E2|F2 G6|", 2, "goes on from measure 2 into measure 3; choose both"),
        ("C8|C4 & E4|", 1, "two voices at once"),
        ("^C8-|C8|", 0, "gives measure 2 its accidental; choose measure 2 too"),
        ("^C8|-C8|", 0, "gives measure 2 its accidental; choose measure 2 too"),
    ],
)
def test_measures_that_others_depend_on_are_refused(body: str, start: int, reason: str) -> None:
    document = opened(HEADER + body)
    measure = document.melody().measures[start]
    rest = measure.with_notes([Note(0, measure.duration, None)])
    with pytest.raises(FileUnsupportedError, match=reason):
        document.with_measures(0, Span(start, start + 1), [rest])


def test_an_accidental_that_a_tie_carries_out_of_the_measure_is_not_lost_with_the_tie() -> None:
    document = opened(HEADER + "^C8-|C8|")
    measure = document.melody().measures[0].with_notes(notes_of("D4:4 C#4:4"))
    with pytest.raises(FileUnsupportedError, match="gives measure 2 its accidental"):
        document.with_measures(0, Span(0, 1), [measure])
    assert spliced("^C8-|C8|", 0, "D4:4 C#4:4-") == "D4 ^C4-|C8|"


def test_a_tie_sign_after_the_barline_gives_no_accidental_to_what_stands_there() -> None:
    document = opened(HEADER + "E8|-F8|")
    with pytest.raises(FileUnsupportedError, match="a tie from measure 1"):
        document.with_measures(0, Span(0, 1), [document.melody().measures[0].with_notes(notes_of("F#4:8"))])


def test_a_tie_sign_after_the_barline_counts_for_new_notes_on_both_sides() -> None:
    edit = replaced(opened(HEADER + "f8|-f8|g8|"), 0, "F#4:8", "F#4:4 G4:4")
    assert text_of(edit) == HEADER + "^F8|-^F4 G4|g8|"
    assert edit.document.melody().measures[0].notes[0].ties_on
    assert spliced("f8|-f8|g8|", 0, "F#4:8", "F4:8") == "^F8|-=F8|g8|"


@pytest.mark.parametrize(
    ("body", "new"), [("^(C8)|D8|", "^ F4 F4|D8|"), ("(C8)'|D8|", "F4 F4 '|D8|"), ("(C8)2|D8|", "F4 F4 2|D8|")]
)
def test_stray_signs_beside_a_measure_do_not_touch_the_new_notes(body: str, new: str) -> None:
    assert spliced(body, 0, "F4:4 F4:4") == new


def test_one_measure_of_a_long_rest_is_taken_out_of_it() -> None:
    assert spliced("C8|Z4|D8|", 2, "E4:8") == "C8|Z | E8 | Z2|D8|"
    assert spliced("C8|Z4|D8|", 1, "E4:8", "F4:8") == "C8|E8 | F8 | Z2|D8|"


def test_lyrics_of_as_many_notes_stay() -> None:
    body = "C4D4|E8|\nw: so la | mi\n"
    assert spliced(body, 0, "D4:2 E4:6") == "D2E6|E8|\nw: so la | mi\n"


@pytest.mark.parametrize(
    ("lyrics", "new"),
    [
        ("w: so la mi fa", "w: * * * mi fa"),
        ("w: so la | mi fa", "w: * * * | mi fa"),
        ("w: so-la-mi fa", "w: * * * mi fa"),
        ("w: so_ mi fa", "w: * * * mi fa"),
        ("w: so | mi fa", "w: * * * | mi fa"),
        ("w: | mi fa", "w: | mi fa"),
        ("w: so\n+: la mi fa", "w: * * *\n+:  mi fa"),
        ("w: so la mi fa\nw: one~two three four five", "w: * * * mi fa\nw: * * * four five"),
    ],
)
def test_lyrics_of_other_measures_stay_under_their_notes(lyrics: str, new: str) -> None:
    edit = replaced(opened(f"{HEADER}C4D4|E4F4|\n{lyrics}\nG8|\n"), 0, "C5:2 B4:2 A4:4")
    assert text_of(edit) == f"{HEADER}c2B2 A4|E4F4|\n{new}\nG8|\n"
    assert bool(edit.dropped) == (lyrics != new)


def test_a_chosen_tune_leaves_the_others_alone() -> None:
    edit = replaced(session("3"), 1, "F#5:3 D5:3")
    before, after = SESSION.read_text(encoding="utf-8").split("^f/g/ ^f d-")
    assert text_of(edit) == before + "^f3/2 d3/2" + after


def test_only_the_notes_of_the_new_measures_count() -> None:
    document = session("2")
    other = Measure(notes_of("C5:6"), session("3").melody().measures[0].meter, document.melody().measures[0].key, 30240)
    edit = document.with_measures(0, Span(1, 2), [other])
    assert str(edit.document.melody().measures[1].meter) == "6/8"


def measures_of(document: AbcDocument, *lines: str) -> Sequence[Measure]:
    meter, key = document.melody().measures[0].meter, document.melody().measures[0].key
    return [Measure(notes_of(line), meter, key, notes_of(line)[-1].end) for line in lines]


def test_a_measure_of_another_length_is_refused() -> None:
    document = session("2")
    with pytest.raises(MeasureLengthError, match="measure 1 "):
        document.with_measures(0, Span(1, 2), measures_of(document, "C5:8"))


@pytest.mark.parametrize("span", [Span(11, 40), Span(3, 3), Span(-1, 1)])
def test_a_span_outside_the_tune_is_refused(span: Span) -> None:
    document = session("2")
    with pytest.raises(SelectionError):
        document.with_measures(0, span, measures_of(document, "C5:6"))


def test_there_is_only_one_part() -> None:
    with pytest.raises(SelectionError, match="no part 2"):
        session().melody(1)


SIGNS = re.findall(
    r"\S+",
    "A B2 c/ ^f =F _B z z2 Z2 x [CE] [C2G2]/ A> B< (3 (3:2:4 ( ) - | | | || |: :| :: |1 :|2 [1 {g} ~ . v y & $ ` é "
    '"Am" "^up" !p! !trill! [K:D] [L:1/4] [M:3/4] [Q:90] [r:x] [V:2] [ ] " { } ! : 3 / \x00',
)
LINES = ["\\\n", "\n", "\r\n", " %c\n", "\nw:la-la|la*\n", "\nK:G\n", "\nM:6/8\n", "\nV:1\n", "\nP:A\n"]
bodies = st.lists(st.sampled_from([*SIGNS, *LINES]), max_size=40).map("".join)


@settings(max_examples=150, deadline=None)
@given(bodies.map("{}|".format), st.integers(0, 2), st.integers(1, 2))
def test_whatever_the_text_an_edit_keeps_its_promises_or_is_refused(body: str, start: int, count: int) -> None:
    try:
        document = opened(HEADER + body)
        old = document.melody().measures[start : start + count]
        new = [measure.with_notes(wandering(measure.duration)) for measure in old]
        edit = document.with_measures(0, Span(start, start + count), new)
    except InpaintDesktopError:
        return
    marks, text = document.parts[0].measures, text_of(edit)
    assert text.startswith(document.text[: marks[start].start])
    if "w:" not in body:
        assert text.endswith(document.text[marks[start + count - 1].stop :])
    assert opened(text).melody() == edit.document.melody()


def wandering(duration: int) -> list[Note]:
    """Notes that fill ``duration``, with accidentals that leave the key."""
    half = duration // 2 // 315 * 315
    pitches = (Pitch("F", 1, 4), Pitch("F", 0, 5))
    return [Note(0, half, pitches[0], ties_on=True), Note(half, duration - half, pitches[1], ties_on=True)][half == 0 :]
