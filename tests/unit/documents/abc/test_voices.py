import html
import re

import pytest

from inpaint_desktop.documents.abc.document import AbcDocument, open_abc
from inpaint_desktop.documents.abc.reading import read_melody
from inpaint_desktop.documents.abc.scanner import scan_tune
from inpaint_desktop.documents.abc.tunes import split_tunes
from inpaint_desktop.documents.encodings import Codec
from inpaint_desktop.documents.rendering import render
from inpaint_desktop.errors import FileDamagedError
from inpaint_desktop.score.melody import Measure, Note, Span
from inpaint_desktop.score.pitch import Pitch

HEADER = "X:1\nT:Duet\nM:4/4\nL:1/4\n"
BY_LINE = HEADER + "V:1 name=Fiddle\nV:2 clef=bass\nK:G\nV:1\nGABc|dcBA|\nV:2\nG,4|D,4|\nV:1\nG4|]\nV:2\nG,,4|]\n"
INLINE = HEADER + "K:G\n[V:S]GABc|dcBA|\n[V:B clef=bass]G,4|D,4|\n[V:S]G4|]\n[V:B]G,,4|]\n"
INSIDE = HEADER + "K:G\nV:1\nGA\nV:2\nG,4|\nV:1\nBc|d4|\nV:2\nD,4|\n"


def opened(text: str) -> AbcDocument:
    return open_abc(text, file_name="duet.abc", codec=Codec(), read=read_melody)


def pitches(document: AbcDocument, part: int) -> list[str]:
    return [
        " ".join(note.pitch.name if note.pitch else "z" for note in measure.notes)
        for measure in document.melody(part).measures
    ]


def whole(document: AbcDocument, part: int, index: int, name: str) -> Measure:
    measure = document.melody(part).measures[index]
    return measure.with_notes([Note(0, measure.duration, Pitch.parse(name))])


@pytest.mark.parametrize("text", [BY_LINE, INLINE])
def test_voices_that_take_turns_are_parts(text: str) -> None:
    document = opened(text)
    assert pitches(document, 0) == ["G4 A4 B4 C5", "D5 C5 B4 A4", "G4"]
    assert pitches(document, 1) == ["G3", "D3", "G2"]
    assert [mark.number for mark in document.parts[1].measures] == ["1", "2", "3"]
    assert [part.measures[0].clef for part in document.parts] == ["treble", "bass"]


def test_voices_bear_their_names() -> None:
    assert [part.name for part in opened(BY_LINE).parts] == ["Fiddle", "Voice 2"]
    assert [part.name for part in opened(INLINE).parts] == ["S", "B"]


@pytest.mark.parametrize("text", [BY_LINE, INLINE, INSIDE])
@pytest.mark.parametrize("part", [0, 1])
def test_of_other_voices_every_byte_stays(text: str, part: int) -> None:
    document = opened(text)
    other = document.scanned.voices[1 - part].measures
    kept = [text[one.mark.start : one.mark.stop] for one in other]
    for index in range(len(document.melody(part).measures)):
        edited = document.with_measures(part, Span(index, index + 1), [whole(document, part, index, "A4")]).document
        again = opened(edited.to_bytes().decode())
        after = [again.text[one.mark.start : one.mark.stop] for one in again.scanned.voices[1 - part].measures]
        assert after == kept or (part == 1 and text is INSIDE)  # a measure that encloses the other voice
        assert again.melody(1 - part) == document.melody(1 - part)
        assert again.melody(part) == edited.melody(part)


def test_a_measure_that_another_voice_interrupts_goes_on_after_it() -> None:
    document = opened(INSIDE)
    assert pitches(document, 0) == ["G4 A4 B4 C5", "D5"]
    edit = document.with_measures(0, Span(0, 1), [whole(document, 0, 0, "A4")])
    assert edit.document.to_bytes().decode() == INSIDE.replace("GA\n", "A4\n").replace("Bc|", "|")


def test_a_key_that_changes_in_one_voice_leaves_the_others() -> None:
    document = opened(HEADER + "K:C\nV:1\nF4|[K:D]F4|\nV:2\nF4|F4|\n")
    assert (pitches(document, 0), pitches(document, 1)) == (["F4", "F#4"], ["F4", "F4"])


def test_fields_before_the_first_voice_hold_for_all() -> None:
    document = opened("X:1\nM:4/4\nK:C\nL:1/2\nK:D\nV:1\nF2|\nV:2\nc2|\n")
    assert (pitches(document, 0), pitches(document, 1)) == (["F#4"], ["C#5"])
    assert all(part.measures[0].meter.ticks == 40320 for part in document.parts)


def test_music_before_the_first_voice_belongs_to_it() -> None:
    assert pitches(opened(HEADER + "K:C\nC4|\nV:1\nD4|\nV:2\nE4|\n"), 0) == ["C4", "D4"]
    assert pitches(opened(HEADER + "V:1\nV:2\nK:C\nC4|\nV:2\nE4|\n"), 0) == ["C4"]


@pytest.mark.parametrize("directive", ["%%score (B S)", "%%staves [B | S]", "I:score {B S}"])
def test_voices_stand_in_the_order_of_the_score(directive: str) -> None:
    document = opened(INLINE.replace("K:G\n", f"{directive}\nK:G\n", 1))
    assert [part.name for part in document.parts] == ["B", "S"]


def test_a_voice_without_notes_is_no_part() -> None:
    assert len(opened(HEADER + "V:1\nV:2\nV:3\nK:C\nV:1\nC4|\nV:3\nE4|\n").parts) == 2


def test_lyrics_belong_to_the_voice_that_they_follow() -> None:
    text = HEADER + "K:C\nV:1\nCD EF|\nw: la la la la\nV:2\nE4|\nw: ooh\n"
    document = opened(text)
    edit = document.with_measures(0, Span(0, 1), [whole(document, 0, 0, "A4")])
    assert edit.document.to_bytes().decode() == text.replace("CD EF|\nw: la la la la", "A4|\nw: *")


def test_a_voice_may_be_named_like_a_clef() -> None:
    document = opened(HEADER + 'K:C\nV:bass clef=treble name="Tenor or bass"\nC4|\nV:tenor clef=bass\nC4|\n')
    assert [part.measures[0].clef for part in document.parts] == ["treble", "bass"]


def test_a_voice_that_changes_its_clef_stays_one_voice() -> None:
    text = HEADER + "K:C\nV:1\nC2[V:1 clef=bass]D2|E4|\nV:2\nC4|C4|\n"
    document = opened(text)
    assert [mark.clef for mark in document.parts[0].measures] == ["treble", "bass"]
    edit = document.with_measures(0, Span(0, 1), [whole(document, 0, 0, "A4")])
    assert "A4 [V:1 clef=bass]|E4" in edit.document.to_bytes().decode().replace("A4[", "A4 [")


def test_more_voices_than_any_score_has_are_refused() -> None:
    text = HEADER + "K:C\n" + "".join(f"V:{number}\nC4|\n" for number in range(201))
    with pytest.raises(FileDamagedError, match="line 406, column 1, the tune has more than 200 voices"):
        scan_tune(text, split_tunes(text)[0], "many.abc")


def test_each_voice_of_a_tune_is_a_part_with_names_of_its_own() -> None:
    text = 'X:1\nM:4/4\nL:1/4\nQ:90\nK:G\nV:1\n"G"GABc|\nw: la\nV:2 clef=bass\n(G,2 D,2)|\nV:1\nd4|\nV:2\nG,4|\n'
    first, second = re.findall(r'<part id="P\d">.*?</part>', render(opened(text)), re.DOTALL)
    assert ('id="m0-1"' in first, 'id="n1-1-0"' in second) == (True, True)
    assert (first.count("<harmony"), first.count("<lyric"), first.count("<slur")) == (1, 1, 0)
    assert (second.count("<harmony"), second.count("<lyric"), second.count("<slur")) == (0, 0, 2)
    assert "<sign>F</sign>" in second
    assert (first.count("<metronome"), second.count("<metronome")) == (1, 0)


def test_lyrics_without_notes_above_them_are_not_shown() -> None:
    assert "<lyric" not in render(opened(HEADER + "K:C\nC2\\\nw: la\nD2|\nw:\n"))


def test_quotation_and_exclamation_marks_are_sung() -> None:
    text = HEADER + 'K:C\nCD EF|G4|\nw: "Oh my love!" he|sang!\n'
    sung = re.findall("<text>(.*?)</text>", render(opened(text)))
    assert [html.unescape(word) for word in sung] == ['"Oh', "my", 'love!"', "he", "sang!"]
