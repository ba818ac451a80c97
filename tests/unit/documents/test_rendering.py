"""Documents written as MusicXML for engraving: names for measures and notes, and all that an ABC tune shows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from inpaint_desktop.documents.abc.document import AbcDocument, open_abc
from inpaint_desktop.documents.abc.reading import read_melody
from inpaint_desktop.documents.encodings import decode
from inpaint_desktop.documents.musicxml.document import MusicXmlDocument
from inpaint_desktop.documents.musicxml.opening import open_musicxml
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.documents.rendering import render

if TYPE_CHECKING:
    from inpaint_desktop.documents.document import ScoreDocument

ROOT = Path(__file__).parents[3]
TUNES = sorted((ROOT / "resources" / "tunes").glob("*.abc"))
FILES = [*TUNES, ROOT / "resources" / "tunes" / "auld-lang-syne.musicxml", ROOT / "tests/data/musicxml/ferry.musicxml"]


def _abc(body: str, header: str = "") -> AbcDocument:
    text, codec = decode(f"X:1\nT:Tune\n{header}M:4/4\nL:1/4\nK:C\n{body}\n".encode())
    return open_abc(text, file_name="tune.abc", codec=codec, read=read_melody)


def _tree(document: ScoreDocument, *, with_ids: bool = True) -> ElementTree.Element:
    return ElementTree.fromstring(render(document, with_ids=with_ids).encode())


def _measure(body: str, index: int = 0, header: str = "") -> ElementTree.Element:
    return _tree(_abc(body, header)).findall("part/measure")[index]


def _texts(element: ElementTree.Element, path: str) -> list[str]:
    return [found.text or "" for found in element.iterfind(path)]


def _tags(element: ElementTree.Element) -> list[str]:
    return [child.tag for child in element]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_measure_and_every_note_of_a_melody_has_its_name(path: Path) -> None:
    document = open_document(path)
    text = render(document)
    assert re.findall(r'<measure id="(m[^"]*)"', text) == [
        f"m{part}-{index}" for part, one in enumerate(document.parts) for index in range(len(one.measures))
    ]
    names = re.findall(r'<note id="(n\d+-\d+-\d+)"', text)
    assert sorted(names) == sorted(
        f"n{part}-{index}-{number}"
        for part in range(len(document.parts))
        for index, measure in enumerate(document.melody(part).measures)
        for number in range(len(measure.notes))
    )


def test_a_musicxml_document_is_its_own_text_but_for_the_names() -> None:
    document = open_document(ROOT / "tests/data/musicxml/duet_latin1_crlf.xml")
    assert isinstance(document, MusicXmlDocument)
    assert re.sub(r' id="[mn]\d+-[^"]*"', "", render(document)) == document.text
    assert render(document, with_ids=False) == document.text


def test_names_take_the_place_of_those_that_the_file_has() -> None:
    text = (
        (ROOT / "tests/data/musicxml/ferry.musicxml")
        .read_text("utf-8")
        .replace("<note>", "<note id='n1' dynamics=\"8\">")
    )
    document = open_musicxml(text.encode(), file_name="ferry.musicxml")
    assert '<note id="n0-0-0" dynamics="8">' in render(document)


def test_a_part_that_is_no_melody_has_names_for_its_measures_only() -> None:
    drum = "<unpitched><display-step>C</display-step><display-octave>5</display-octave></unpitched>"
    parts = "".join(
        f'<part id="P{number}"><measure number="1"><attributes><divisions>1</divisions></attributes>'
        f"<note>{sound}<duration>4</duration></note></measure></part>"
        for number, sound in ((1, drum), (2, "<pitch><step>C</step><octave>5</octave></pitch>"))
    )
    listed = "".join(f'<score-part id="P{number}"><part-name/></score-part>' for number in (1, 2))
    text = f"<score-partwise><part-list>{listed}</part-list>{parts}</score-partwise>"
    rendered = render(open_musicxml(text.encode(), file_name="drum.musicxml"))
    assert re.findall('id="([mn][^"]*)"', rendered) == ["m0-0", "m1-0", "n1-0-0"]


def test_each_voice_has_names_and_lower_notes_of_chords_and_grace_notes_have_none() -> None:
    def note(step: str, before: str = "", voice: str = "1", duration: str = "<duration>4</duration>") -> str:
        pitch = f"<pitch><step>{step}</step><octave>5</octave></pitch>"
        return f"<note>{before}{pitch}{duration}<voice>{voice}</voice></note>"

    notes = [
        note("D", "<grace/>", duration=""),
        note("C"),
        note("E", "<chord/>"),
        "<backup><duration>4</duration></backup>",
        note("A", voice="2"),
    ]
    text = (
        '<score-partwise><part-list><score-part id="P1"><part-name/></score-part></part-list><part id="P1">'
        f'<measure number="1"><attributes><divisions>1</divisions></attributes>{"".join(notes)}</measure>'
        "</part></score-partwise>"
    )
    document = open_musicxml(text.encode(), file_name="voices.musicxml")
    (name,) = re.findall(r'<note id="([^"]*)"><chord/><pitch><step>E', render(document))
    assert name == "n0-0-0"
    assert re.findall('<note id="(.*?)"', render(document)) == ["n0-0-0", "n1-0-0"]
    assert re.findall('<measure id="(.*?)"', render(document)) == ["m0-0"]


def test_tied_pieces_of_a_note_are_named_after_it() -> None:
    names = re.findall(r'<note id="([^"]*)"', render(_abc("C A3/-A5/2|z/C3/z2|]".replace("A3/-A5/2", "A5/2 A/"))))
    assert names[:4] == ["n0-0-0", "n0-0-1", "n0-0-1-b", "n0-0-2"]


def test_a_copy_in_musicxml_has_no_names() -> None:
    assert not re.search(r"<(measure|note) id=", render(_abc("CDEF|]"), with_ids=False))


@pytest.mark.parametrize("path", TUNES, ids=lambda path: path.name)
def test_a_copy_in_musicxml_has_the_same_melody(path: Path) -> None:
    document = open_document(path)
    copy = open_musicxml(render(document, with_ids=False).encode(), file_name="copy.musicxml")
    assert copy.melody() == document.melody()
    assert copy.title == document.title


def test_signs_between_the_notes_change_no_note() -> None:
    body = """"G"{ab}C2-"D"C[EG]|(3DEF !trill!G z|[1 A>B (cd):|[2 ~e4||"^x"[K:G][M:3/4]f3|Z2|!fine!g3|]"""
    document = _abc(body)
    copy = open_musicxml(render(document).encode(), file_name="copy.musicxml")
    assert copy.melody() == document.melody()


# What an ABC tune shows


def test_the_header_names_composer_origin_author_rhythm_and_second_title() -> None:
    header = "T:Other Name\nC:Ann %comment\nC:Bo\nO:Wales\nA:Cy\nR:jig\n"
    tree = _tree(_abc("CDEF|]", header))
    creators = {one.get("type"): one.text for one in tree.iterfind("identification/creator")}
    assert tree.findtext("work/work-title") == "Tune"
    assert creators == {"composer": "Ann, Bo (Wales)", "lyricist": "Cy"}
    credits_ = [(one.findtext("credit-type"), one.findtext("credit-words")) for one in tree.iterfind("credit")]
    assert credits_ == [("subtitle", "Other Name"), ("rhythm", "Jig")]


def test_an_origin_alone_stands_for_the_composer() -> None:
    tree = _tree(_abc("CDEF|]", "O:Wales\n"))
    assert tree.findtext("identification/creator") == "(Wales)"


@pytest.mark.parametrize(
    ("symbol", "root", "alter", "kind", "text", "bass"),
    [
        ("G", "G", None, "major", "", None),
        ("F#m7", "F", "1", "minor-seventh", "m7", None),
        ("Bb", "B", "-1", "major", "", None),
        ("D7/F#", "D", None, "dominant", "7", "F"),
        ("C7(b9)", "C", None, "other", "7(b9)", None),
    ],
)
def test_chord_symbols_are_written_as_harmony(
    symbol: str, root: str, alter: str | None, kind: str, text: str, bass: str | None
) -> None:
    harmony = _measure(f'"{symbol}"CDEF|]').find("harmony")
    assert harmony is not None
    assert (harmony.findtext("root/root-step"), harmony.findtext("root/root-alter")) == (root, alter)
    found = harmony.find("kind")
    assert found is not None
    assert (found.text, found.get("text"), harmony.findtext("bass/bass-step")) == (kind, text, bass)


def test_a_chord_symbol_stands_before_its_note() -> None:
    assert _tags(_measure('C"G"D"^up"E2|]', 0))[1:] == ["note", "harmony", "note", "direction", "note", "barline"]


def test_a_chord_symbol_within_a_note_keeps_its_time() -> None:
    measure = _measure('"C"C2-"G"C2|]')
    first, second = measure.findall("harmony")
    assert first.find("offset") is None
    assert int(second.findtext("offset") or 0) == 2 * int(measure.findtext("attributes/divisions") or 0)


def test_other_strings_are_words_above_or_below() -> None:
    measure = _measure('"^slowly"C"_p."D"@1,2 free"E"hello"F|]')
    words = [(one.get("placement"), one.findtext("direction-type/words")) for one in measure.iterfind("direction")]
    assert words == [("above", "slowly"), ("below", "p."), ("above", "free"), ("above", "hello")]


def test_an_empty_string_shows_nothing() -> None:
    assert _measure('""C"^"DEF|]').find("direction") is None


def test_lyrics_are_syllables_of_their_notes_verse_by_verse() -> None:
    body = "CDEF|GABc|]\nw: A-le lu~ia_ | * great day\nw: one two"
    notes = [note for index in (0, 1) for note in _measure(body, index).findall("note")]
    first = [note.find("lyric[@number='1']") for note in notes]
    found = [(one.findtext("syllabic"), one.findtext("text")) if one is not None else None for one in first]
    assert found == [
        ("begin", "A"),
        ("end", "le"),
        ("single", "lu ia"),
        None,
        None,
        ("single", "great"),
        ("single", "day"),
        None,
    ]
    assert first[2] is not None
    assert first[2].find("extend") is not None
    assert [note.findtext("lyric[@number='2']/text") for note in notes[:3]] == ["one", "two", None]


def test_lyrics_begin_anew_with_each_line_of_music() -> None:
    body = "CDEF|GA\nw: a b c d e f\nBc|cBAG|]\nw: g h i j k l"
    measures = _tree(_abc(body)).findall("part/measure")
    assert ["".join(_texts(measure, "note/lyric/text")) for measure in measures] == ["abcd", "efgh", "ijkl"]


def test_a_syllable_within_a_word_is_its_middle_and_signs_of_abc_go() -> None:
    notes = _measure("CDEF|]\nw: el-e-phant well\\-known").findall("note")
    assert [note.findtext("lyric/syllabic") for note in notes] == ["begin", "middle", "end", "single"]
    assert notes[3].findtext("lyric/text") == "well-known"


def test_symbol_lines_are_not_lyrics() -> None:
    assert _measure("CDEF|]\ns: !f! * * *").find("note/lyric") is None


def test_grace_notes_stand_before_their_note_and_after_its_chord_symbol() -> None:
    measure = _measure('C{^c}"G"D{/gag}E2|]')
    assert _tags(measure)[1:] == ["note", "harmony", "note", "note", "note", "note", "note", "note", "barline"]
    graces = [note for note in measure.iterfind("note") if note.find("grace") is not None]
    assert [note.findtext("type") for note in graces] == ["eighth", "16th", "16th", "16th"]
    assert graces[0].findtext("accidental") == "sharp"
    assert graces[0].findtext("pitch/alter") == "1"
    assert _texts(measure, "note/beam[@number='2']") == ["begin", "continue", "end"]
    slashes = [note.find("grace").get("slash") for note in graces]  # type: ignore[union-attr]
    assert slashes == [None, "yes", "yes", "yes"]


@pytest.mark.parametrize(
    ("sign", "path"),
    [
        ("~", "ornaments/turn"),
        ("T", "ornaments/trill-mark"),
        ("!trill!", "ornaments/trill-mark"),
        ("+trill+", "ornaments/trill-mark"),
        (".", "articulations/staccato"),
        ("!>!", "articulations/accent"),
        ("u", "technical/up-bow"),
        ("!3!", "technical/fingering"),
        ("H", "fermata"),
    ],
)
def test_decorations_are_notations_of_their_note(sign: str, path: str) -> None:
    notes = _measure(f"C{sign}DEF|]").findall("note")
    assert [note.find(f"notations/{path}") is not None for note in notes] == [False, True, False, False]


def test_a_breath_mark_belongs_to_the_note_before_it() -> None:
    notes = _measure("CD!breath!EF|]").findall("note")
    assert [note.find("notations/articulations/breath-mark") is not None for note in notes] == [
        False,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("sign", "path"),
    [
        ("!segno!", "segno"),
        ("O", "coda"),
        ("!mf!", "dynamics/mf"),
        ("!<(!", "wedge[@type='crescendo']"),
        ("!diminuendo)!", "wedge[@type='stop']"),
        ("!D.C.!", "words"),
        ("!D.S.alfine!", "words"),
    ],
)
def test_directions_stand_in_the_measure(sign: str, path: str) -> None:
    assert _measure(f"C{sign}DEF|]").find(f"direction/direction-type/{path}") is not None


def test_decorations_without_a_sign_in_musicxml_show_nothing() -> None:
    measure = _measure("C!xyz!DJEF|]")
    assert _tags(measure)[1:] == ["note"] * 4 + ["barline"]
    assert measure.find("note/notations") is None


def test_what_stands_after_the_last_note_is_written_above_it() -> None:
    first = _measure("CDEF !fine!|GABc|]")
    assert _tags(first)[1:] == ["note", "note", "note", "direction", "note", "sound"]
    last = _measure("CDEF|GABc!D.C.!|]", 1)
    assert _tags(last) == ["note", "note", "note", "direction", "note", "sound", "barline"]


def test_what_stands_between_two_barlines_belongs_to_the_measure_after_them() -> None:
    measures = _tree(_abc('CDEF|\n"G"|:GABc:|')).findall("part/measure")
    assert [measure.find("harmony") is not None for measure in measures] == [False, True]


def test_slurs_go_over_barlines_and_may_share_a_note() -> None:
    measures = _tree(_abc("C(DEF|G)(AB(c|d)e)f2|]")).findall("part/measure")
    ends = [
        (index, note.findtext("pitch/step"), slur.get("type"), slur.get("number"))
        for index, measure in enumerate(measures)
        for note in measure.iterfind("note")
        for slur in note.iterfind("notations/slur")
    ]
    assert ends == [
        (0, "D", "start", "1"),
        (1, "G", "stop", "1"),
        (1, "A", "start", "1"),
        (1, "C", "start", "2"),
        (2, "D", "stop", "2"),
        (2, "E", "stop", "1"),
    ]


def test_a_slur_that_begins_where_another_ends_does_not_end_there() -> None:
    notes = _measure("(CD(E)F)|]").findall("note")
    numbers = [[(one.get("type"), one.get("number")) for one in note.iterfind("notations/slur")] for note in notes]
    assert numbers == [[("start", "1")], [], [("stop", "1"), ("start", "2")], [("stop", "2")]]


def test_slurs_without_a_partner_are_left_out() -> None:
    assert _measure("C)D(EF|]").find("note/notations/slur") is None


def test_chords_keep_all_their_notes() -> None:
    measure = _measure("[CEG]2[^FA]2|]")
    notes = [(_tags(note)[0], note.findtext("pitch/step")) for note in measure.iterfind("note")]
    assert notes == [("pitch", "G"), ("chord", "C"), ("chord", "E"), ("pitch", "A"), ("chord", "F")]
    assert measure.findall("note")[4].findtext("accidental") == "sharp"


def test_barlines_are_those_of_the_text() -> None:
    document = _tree(_abc("CDEF||GABc|]cBAG|.|FEDC.|CDEF|GABc"))
    styles = [measure.findtext("barline/bar-style") for measure in document.findall("part/measure")]
    assert styles[:3] == ["light-light", "light-heavy", None]
    assert styles[-1] == "light-heavy"


def test_lines_of_the_text_begin_new_systems_but_not_where_they_are_continued() -> None:
    measures = _tree(_abc("CDEF|\\\nGABc|\ncBAG|]")).findall("part/measure")
    assert [measure.find("print") is not None for measure in measures] == [False, False, True]


@pytest.mark.parametrize(
    ("value", "words", "unit", "dots", "count", "sound"),
    [
        ("1/2=76", None, "half", 0, "76", "152"),
        ('"Lively" 3/8=100', "Lively", "quarter", 1, "100", "150"),
        ('"Slow"', "Slow", None, 0, None, None),
        ("120", None, "quarter", 0, "120", "120"),
    ],
)
def test_the_tempo_is_shown_as_it_is_written(
    value: str, words: str | None, unit: str | None, dots: int, count: str | None, sound: str | None
) -> None:
    direction = _measure("CDEF|]", header=f"Q:{value}\n").find("direction")
    assert direction is not None
    assert direction.findtext("direction-type/words") == words
    assert direction.findtext("direction-type/metronome/beat-unit") == unit
    assert len(direction.findall("direction-type/metronome/beat-unit-dot")) == dots
    assert direction.findtext("direction-type/metronome/per-minute") == count
    found = direction.find("sound")
    assert (found.get("tempo") if found is not None else None) == sound


def test_a_new_tempo_stands_where_it_begins() -> None:
    measure = _measure("CDEF|[Q:1/2=60]GABc|]", 1)
    assert measure.findtext("direction/direction-type/metronome/beat-unit") == "half"


def test_tempos_of_no_note_value_are_left_to_the_melody() -> None:
    assert _measure("CDEF|]", header="Q:5/8=60\n").findtext("direction/direction-type/metronome/beat-unit") == "quarter"


def test_common_and_cut_time_keep_their_signs() -> None:
    measures = _tree(_abc("[M:C|]CDEF|[M:3/4]GAB|[M:C]cBAG|]")).findall("part/measure")
    times = [measure.find("attributes/time") for measure in measures]
    assert [time.get("symbol") if time is not None else "" for time in times] == ["cut", None, "common"]


@pytest.mark.parametrize(
    ("clef", "sign", "line", "octaves"),
    [("bass", "F", "4", None), ("treble-8", "G", "2", "-1"), ("alto", "C", "3", None), ("treble", "G", "2", None)],
)
def test_the_clef_is_the_one_that_the_key_names(clef: str, sign: str, line: str, octaves: str | None) -> None:
    text, codec = decode(f"X:1\nT:T\nM:4/4\nL:1/4\nK:C clef={clef}\ncdef|]\n".encode())
    tree = _tree(open_abc(text, file_name="t.abc", codec=codec, read=read_melody))
    found = tree.find("part/measure/attributes/clef")
    assert found is not None
    assert (found.findtext("sign"), found.findtext("line"), found.findtext("clef-octave-change")) == (
        sign,
        line,
        octaves,
    )


def test_a_long_rest_has_its_signs_once_and_names_for_all_its_measures() -> None:
    measures = _tree(_abc('"G"Z3|CDEF|]')).findall("part/measure")
    assert [measure.find("harmony") is not None for measure in measures] == [True, False, False, False]
    assert [measure.find("note").get("id") for measure in measures[:3]] == ["n0-0-0", "n0-1-0", "n0-2-0"]  # type: ignore[union-attr]


def test_other_tunes_of_the_file_are_not_looked_at() -> None:
    content = (ROOT / "tests/data/abc/session.abc").read_bytes()
    text, codec = decode(content)
    document = open_abc(text, file_name="session.abc", codec=codec, tune="3", read=read_melody)
    tree = _tree(document)
    assert tree.findtext("work/work-title") == "Low Tide"
    assert tree.find(".//harmony") is None
