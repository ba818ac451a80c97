"""The words of ABC: an ABC tune body cut into tokens that know where they stand.

Every character of the body belongs to exactly one token, so that nothing can be lost.
Repetitions in the expressions have limits, so that no text takes quadratic time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LENGTH = r"\d*(?:/+\d*)?"
NOTE = r"(?:\^\^?|__?|=)?[A-Ga-g][,']*"

_ENDING = r"\d{1,2}(?:[,.\-]\d{1,2}){0,8}(?:\.(?=\s))?"
_CHORD = rf"""\[(?:"[^"\n]{{0,200}}"|![^!\n]{{1,40}}!|[^\]"!|\n]){{1,200}}\]{LENGTH}"""
# ABC 1.6 wrote chords between plus signs, and ended lines with exclamation marks.
_OLD_CHORD = rf"\+(?!f{{2,4}}\+)(?:{NOTE}{LENGTH}){{2,12}}\+{LENGTH}"
_OLD_LINE_BREAK = rf"!(?=[^!\s|]{{0,40}}[A-G2-9])(?=(?:{NOTE}{LENGTH}|[z()<>\-]{LENGTH}){{1,40}}!)"

_TOKEN = re.compile(
    rf"""
      (?P<continuation>\\[ \t]*(?:%[^\n]*)?\Z)
    | (?P<comment>%[^\n]*)
    | (?P<space>[ \t]+)
    | (?P<string>"[^"\n]{{0,400}}")
    | (?P<inline>\[[A-Za-z]:[^\]\n]{{0,400}}\])
    | (?P<ending>\[[ \t]?{_ENDING})
    | (?P<barline>\.?(?::*\[?\|+\]?:*|::+)(?:[ \t]*{_ENDING})?)
    | (?P<chord>{_CHORD}|{_OLD_CHORD})
    | (?P<named_ending>\["[^"\n]{{0,40}}")
    | (?P<linebreak>\$|{_OLD_LINE_BREAK})
    | (?P<mark>![^!\s|]{{1,40}}!|!D\.?[CS]\.?[^!|\n]{{1,40}}!|\+[^+\s|]{{1,40}}\+)
    | (?P<grace>\{{[^}}\n]{{0,400}}\}})
    | (?P<note>{NOTE}{LENGTH})
    | (?P<rest>[zx]{LENGTH})
    | (?P<long_rest>[ZX]\d*)
    | (?P<spacer>y{LENGTH})
    | (?P<overlay_start>\(&)
    | (?P<tuplet>\(\d{{1,2}}(?::\d{{0,2}}){{0,2}})
    | (?P<slur_start>\.?\()
    | (?P<slur_stop>\))
    | (?P<tie>\.?-)
    | (?P<broken><+|>+)
    | (?P<overlay>&+\)?)
    | (?P<shorthand>[~.H-WYh-w])
    | (?P<repeat_measure>/(?=[ \t]*[|:]))
    | (?P<late_linebreak>!)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_SAME_KINDS = {"named_ending": "ending", "late_linebreak": "linebreak"}
# Letters that are notes too are fields only where no barline follows: "A:|" is music.
_FIELD_LINE = re.compile(r"(?:[mrswW+]:|[A-VX-Z]:(?![|:]))")
_BLOCK_START = re.compile(r"%%begin(\w{1,40})")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text: what it is, where it stands, and how it reads."""

    kind: str
    start: int
    stop: int
    text: str


def tokenize(text: str, start: int, stop: int) -> Iterator[Token]:
    """Cut a tune body (with even line ends) into tokens, in order and without gaps."""
    block = ""
    while start < stop:
        end = text.find("\n", start, stop)
        end = stop if end < 0 else end
        line = text[start:end]
        if block or line.startswith("%"):
            yield Token("text" if block else "comment", start, end, line)
            block = _block_after(block, line)
        elif _FIELD_LINE.match(line):
            yield Token("field", start, end, line)
        else:
            yield from _music(text, start, end)
        if end < stop:
            yield Token("newline", end, end + 1, "\n")
        start = end + 1


def _block_after(block: str, line: str) -> str:
    """The name of the ``%%begin...`` block that is open after ``line``."""
    if block:
        return "" if line.startswith(f"%%end{block}") else block
    match = _BLOCK_START.match(line)
    return match[1] if match else ""


def _music(text: str, start: int, stop: int) -> Iterator[Token]:
    for match in _TOKEN.finditer(text, start, stop):
        kind = match.lastgroup or "other"
        yield Token(_SAME_KINDS.get(kind, kind), match.start(), match.end(), match[0])
