"""Breaks files at random, and makes broken ones small."""

import re
import time
from collections.abc import Callable, Sequence
from random import Random

MOST_CHANGES = 6
WILD = 0.1
_NUMBER = re.compile(rb"-?\d+")
_TAG = re.compile(rb"<([a-z][a-z-]*)\b[^<>]*>")
_NUMBERS = (b"0", b"-1", b"1", b"3", b"7", b"64", b"1000000000", b"99999999999999999999999", b"1.5", b"1e9", b"")
_ANY = (b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\r\n", b"\r", b"\n\n", b"\xe2\x80\xa8", b" " * 300)
_WORDS = {
    "abc": (
        *(
            b"|",
            b"||",
            b"|]",
            b"[|",
            b":|",
            b"|:",
            b"::",
            b":|2",
            b"|1",
            b"[1,3",
            b"[2 ",
            b"Z4",
            b"Z",
            b"X3",
            b"x",
            b"y",
        ),
        *(b"(3", b"(3:2:4", b"(9:2", b"(0", b"{c}", b"{/d", b"}", b"<", b">>", b"-", b"(", b")", b"[CEG]", b"[", b"]"),
        *(
            b'"Am"',
            b'"^up',
            b"!trill!",
            b"!",
            b"+fermata+",
            b"~",
            b"u",
            b"&",
            b"`",
            b"\\\n",
            b"%%score (1 2)\n",
            b"% x\n",
        ),
        *(
            b"[K:Dmix]",
            b"[M:C|]",
            b"[L:1/64]",
            b"[V:2]",
            b"[I:",
            b"\nK:HP\n",
            b"\nK:D exp _b ^c\n",
            b"\nK:none clef=bass\n",
        ),
        *(
            b"\nV:1 name=a\n",
            b"\nM:none\n",
            b"\nM:(2+3)/8\n",
            b"\nL:1/7\n",
            b"\nQ:1/4=120\n",
            b"\nw:a-b_ *|c\n",
            b"\ns:x\n",
        ),
        *(
            b"\nX:2\nK:C\n",
            b"\nU:n=!x!\n",
            b"\nm:~g=g\n",
            b"\nP:A\n",
            b"/",
            b"//",
            b"3/2",
            b"/0",
            b"^^",
            b"=",
            b"_/2",
            b",,,,",
        ),
    ),
    "musicxml": (
        *(
            b"<backup><duration>2</duration></backup>",
            b"<forward><duration>1</duration></forward>",
            b"<chord/>",
            b"<grace/>",
        ),
        *(
            b"<note>",
            b"</note>",
            b"<measure>",
            b"</measure>",
            b"<part>",
            b"</part>",
            b"<!--",
            b"-->",
            b"<![CDATA[",
            b"]]>",
        ),
        *(
            b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
            b"&b;",
            b"&#0;",
            b"&#x110000;",
            b"<?a b?>",
            b"<a:b/>",
            b"<rest/>",
            b"<rest measure='yes'/>",
        ),
        *(
            b"<divisions>7</divisions>",
            b"<divisions>0</divisions>",
            b"<voice>2</voice>",
            b"<staff>2</staff>",
            b"<duration>0</duration>",
        ),
        *(
            b"<tie type='start'/>",
            b"<tie type='stop'/>",
            b"<tied type='let-ring'/>",
            b"<slur type='stop' number='2'/>",
            b"<unpitched/>",
        ),
        *(
            b"<offset>-4</offset>",
            b"<measure-style><multiple-rest>9</multiple-rest></measure-style>",
            b"<cue/>",
            b"<alter>0.5</alter>",
        ),
        *(
            b"<direction><sound tempo='inf'/></direction>",
            b"<harmony><root/></harmony>",
            b"<repeat direction='backward' times='3'/>",
        ),
        *(
            b"<ending number='1, 2' type='start'/>",
            b"<transpose><chromatic>-99</chromatic></transpose>",
            b"score-timewise",
        ),
        *(
            b"<time><senza-misura/></time>",
            b"<time><beats>3+2</beats><beat-type>8</beat-type></time>",
            b"<key><fifths>9</fifths></key>",
        ),
        *(
            b"<key><key-step>C</key-step><key-alter>1</key-alter></key>",
            b"<barline location='middle'/>",
            b"encoding='utf-16'",
        ),
    ),
}


class Mutator:
    """Changes files of one format in a few places at once."""

    def __init__(self, seeds: Sequence[bytes], name: str) -> None:
        self._seeds = seeds
        self._words = (*_WORDS[name], *_ANY)
        bytewise = (self._cut, self._double, self._flip, self._insert, self._mix, self._renumber, self._swap)
        # Most XML with a random piece cut out is not well-formed, which one test is enough for.
        elementwise = (self._cut_element, self._copy_element, self._copy_element, self._add_element, self._renumber)
        self._ways = bytewise if name == "abc" else elementwise
        self._wild = bytewise

    def mutated(self, content: bytes, dice: Random, longest: int) -> bytes:
        """``content`` with one to six changes, at most ``longest`` bytes."""
        ways = self._wild if dice.random() < WILD else self._ways
        for _ in range(dice.randint(1, MOST_CHANGES)):
            content = dice.choice(ways)(content, dice)
        return content[:longest]

    def _cut(self, content: bytes, dice: Random) -> bytes:
        start, stop = _piece(content, dice)
        return content[:start] + content[stop:]

    def _double(self, content: bytes, dice: Random) -> bytes:
        start, stop = _piece(content, dice)
        return content[:stop] + content[start:]

    def _flip(self, content: bytes, dice: Random) -> bytes:
        at = dice.randrange(len(content) + 1)
        return content[:at] + bytes([dice.randrange(256)]) + content[at + 1 :]

    def _insert(self, content: bytes, dice: Random) -> bytes:
        at = dice.randrange(len(content) + 1)
        return content[:at] + dice.choice(self._words) + content[at:]

    def _mix(self, content: bytes, dice: Random) -> bytes:
        other = dice.choice(self._seeds)
        start, stop = _piece(other, dice)
        at = dice.randrange(len(content) + 1)
        return content[:at] + other[start:stop] + content[at:]

    def _renumber(self, content: bytes, dice: Random) -> bytes:
        found = list(_NUMBER.finditer(content))
        if not found:
            return content
        number = dice.choice(found)
        return content[: number.start()] + dice.choice(_NUMBERS) + content[number.end() :]

    def _cut_element(self, content: bytes, dice: Random) -> bytes:
        start, stop = _element(content, dice)
        return content[:start] + content[stop:]

    def _copy_element(self, content: bytes, dice: Random) -> bytes:
        other = content if dice.random() < 0.7 else dice.choice(self._seeds)
        start, stop = _element(other, dice)
        at = dice.choice(_element(content, dice))
        return content[:at] + other[start:stop] + content[at:]

    def _add_element(self, content: bytes, dice: Random) -> bytes:
        at = dice.choice(_element(content, dice))
        return content[:at] + dice.choice(self._words) + content[at:]

    def _swap(self, content: bytes, dice: Random) -> bytes:
        lines = content.split(b"\n")
        first, second = dice.randrange(len(lines)), dice.randrange(len(lines))
        lines[first], lines[second] = lines[second], lines[first]
        return b"\n".join(lines)


def _piece(content: bytes, dice: Random) -> tuple[int, int]:
    """A piece, mostly short."""
    start = dice.randrange(len(content) + 1)
    return start, min(len(content), start + int(2 ** (12 * dice.random())))


def _element(content: bytes, dice: Random) -> tuple[int, int]:
    """Where an element begins and ends; an empty place where there is none, or it never ends."""
    tag = _TAG.search(content, dice.randrange(len(content) + 1)) or _TAG.search(content)
    if tag is None:
        return 0, 0
    if tag[0].endswith(b"/>"):
        return tag.span()
    end = content.find(b"</%b>" % tag[1], tag.end())
    return tag.start(), end + len(tag[1]) + 3 if end >= 0 else tag.start()


def minimised(content: bytes, still_fails: Callable[[bytes], bool], *, seconds: float) -> bytes:
    """Take away pieces, large ones first, as long as it still fails and there is time."""
    end = time.monotonic() + seconds
    size = max(1, len(content) // 2)
    while size and time.monotonic() < end:
        start = 0
        while start < len(content) and time.monotonic() < end:
            smaller = content[:start] + content[start + size :]
            if still_fails(smaller):
                content = smaller
            else:
                start += size
        size //= 2
    return content
