"""The strings of ABC: chord symbols such as ``"F#m7/C#"``, and words for the player."""

import re

from inpaint_desktop.documents.musicxml.markup import Markup

_CHORD = re.compile(r"([A-G])([#b]?)((?:maj|min|dim|aug|sus|add|alt|no|omit|[mMo°ø+\-#b()^\d])*)(?:/([A-G])([#b]?))?\Z")
_PLACEMENTS = {"_": "below"}
_KINDS = {
    "": "major",
    "maj": "major",
    "M": "major",
    "m": "minor",
    "min": "minor",
    "-": "minor",
    "7": "dominant",
    "maj7": "major-seventh",
    "M7": "major-seventh",
    "m7": "minor-seventh",
    "min7": "minor-seventh",
    "dim": "diminished",
    "o": "diminished",
    "°": "diminished",
    "dim7": "diminished-seventh",
    "o7": "diminished-seventh",
    "ø": "half-diminished",
    "aug": "augmented",
    "+": "augmented",
    "6": "major-sixth",
    "m6": "minor-sixth",
    "9": "dominant-ninth",
    "maj9": "major-ninth",
    "m9": "minor-ninth",
    "sus": "suspended-fourth",
    "sus4": "suspended-fourth",
    "sus2": "suspended-second",
}


def string_markup(text: str) -> Markup | None:
    """What a string (without its quotation marks) is in MusicXML; nothing where it is empty."""
    words = " ".join(text.split())
    if match := _CHORD.match(words):
        return _harmony(match)
    is_placed = words[:1] in {"^", "_", "<", ">", "@"}
    placement = _PLACEMENTS.get(words[:1], "above")
    words = (re.sub(r"^@[-\d.,\s]*", "", words) if words.startswith("@") else words[is_placed:]).strip()
    return words_markup(words, placement) if words else None


def words_markup(words: str, placement: str = "above") -> Markup:
    """Words at a place in the music."""
    style = 'words font-style="italic"'
    return (f'direction placement="{placement}"', [("direction-type", [(style, words)])])


def _harmony(match: re.Match[str]) -> Markup:
    root, accidental, kind, bass, bass_accidental = match.groups()
    name = _KINDS.get(kind, "other")
    children: list[Markup] = [
        ("root", _note("root", root, accidental)),
        (f'kind text="{kind}"', name),
    ]
    if bass:
        children.append(("bass", _note("bass", bass, bass_accidental)))
    return ("harmony", children)


def _note(role: str, step: str, accidental: str) -> list[Markup]:
    alter = {"#": "1", "b": "-1"}.get(accidental)
    return [(f"{role}-step", step), *([(f"{role}-alter", alter)] if alter else [])]
