"""Makes scores as large as they come, and measures how fast they are opened, changed and drawn.

``python -m tests.conformance.big_scores`` prints the table of ``docs/performance.md``; with ``--window`` also how long
the window takes, which needs a screen. ``--write FOLDER`` writes the scores for other uses.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.opening import list_tunes, open_document
from inpaint_desktop.documents.rendering import render
from inpaint_desktop.score.melody import Span
from tests.conformance.replacing import other_measures

_Argument = TypeVar("_Argument")
Times = tuple[float, float]
"""Milliseconds of computing, and by the clock."""

PARTS, MEASURES = 20, 400
STEPS = "CDEFGAB"
RUNS = 5
SPAN = 4
BOOK = 5000


def main() -> None:
    """Make the scores, measure, and print."""
    options = _options()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.write or Path(temporary)
        _write_scores(folder)
        if options.window:
            _measure_window(folder)
        elif options.write is None:
            _measure_all(folder)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--window", action="store_true", help="measure the window instead; it needs a screen")
    parser.add_argument("--write", type=Path, help="write the scores into this folder and measure nothing")
    return parser.parse_args()


# The scores


def _write_scores(folder: Path) -> None:
    (folder / "orchestra.musicxml").write_text(orchestra(), encoding="utf-8")
    for measures in (64, 1000):
        (folder / f"{measures}.abc").write_text(abc_tune(measures), encoding="utf-8")
    (folder / "book.abc").write_text("\n".join(abc_tune(24, number + 1) for number in range(BOOK)), encoding="utf-8")


def orchestra(parts: int = PARTS, measures: int = MEASURES) -> str:
    """A score as a notation program writes it: stems, beams, positions, slurs and dynamics, one value a line."""
    dice = random.Random(1)
    names = "".join(
        f'    <score-part id="P{part}">\n      <part-name>Part {part}</part-name>\n    </score-part>\n'
        for part in range(1, parts + 1)
    )
    music = "".join(_part(dice, part, measures) for part in range(1, parts + 1))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<score-partwise version="3.1">\n'
        "  <work>\n    <work-title>Symphony</work-title>\n  </work>\n"
        f"  <part-list>\n{names}  </part-list>\n{music}</score-partwise>\n"
    )


def _part(dice: random.Random, part: int, measures: int) -> str:
    music = "".join(_xml_measure(dice, part, number) for number in range(1, measures + 1))
    return f'  <part id="P{part}">\n{music}    </part>\n'


def _xml_measure(dice: random.Random, part: int, number: int) -> str:
    head = _FIRST if number == 1 else _PRINT if part == 1 and number % 6 == 0 else ""
    direction = _DYNAMICS.format(dice.choice(("p", "mf", "ff"))) if dice.random() < 0.2 else ""
    notes = "".join(_notes(dice, number))
    return f'    <measure number="{number}" width="213.52">\n{head}{direction}{notes}      </measure>\n'


def _notes(dice: random.Random, number: int) -> Iterator[str]:
    """Four quarters of one or two notes each; now and then a measure of rest."""
    if dice.random() < 0.3:
        yield _REST
        return
    for beat in range(4):
        slur = {0: "start", 3: "stop"}.get(beat, "") if number % 2 else ""
        if dice.random() < 0.5:
            yield _note(dice, ("quarter", 480), "", slur)
        else:
            yield _note(dice, ("eighth", 240), "begin", slur)
            yield _note(dice, ("eighth", 240), "end", "")


def _note(dice: random.Random, value: tuple[str, int], beam: str, slur: str) -> str:
    kind, duration = value
    beams = f'        <beam number="1">{beam}</beam>\n' if beam else ""
    notations = _SLUR.format(slur) if slur else ""
    step, octave, x = dice.choice(STEPS), dice.choice((4, 5)), dice.randint(20, 200)
    return _NOTE.format(step=step, octave=octave, duration=duration, kind=kind, x=x, beams=beams, notations=notations)


_SLUR = """        <notations>
          <slur type="{}" number="1"/>
        </notations>
"""
_FIRST = """      <attributes>
        <divisions>480</divisions>
        <key>
          <fifths>0</fifths>
        </key>
        <time>
          <beats>4</beats>
          <beat-type>4</beat-type>
        </time>
        <clef>
          <sign>G</sign>
          <line>2</line>
        </clef>
      </attributes>
"""
_PRINT = '      <print new-system="yes"/>\n'
_DYNAMICS = """      <direction placement="below">
        <direction-type>
          <dynamics>
            <{}/>
          </dynamics>
        </direction-type>
      </direction>
"""
_REST = """      <note>
        <rest measure="yes"/>
        <duration>1920</duration>
        <voice>1</voice>
      </note>
"""
_NOTE = """      <note default-x="{x}.00" default-y="-25.00">
        <pitch>
          <step>{step}</step>
          <octave>{octave}</octave>
        </pitch>
        <duration>{duration}</duration>
        <voice>1</voice>
        <type>{kind}</type>
        <stem>up</stem>
{beams}{notations}      </note>
"""


def abc_tune(measures: int, number: int = 1) -> str:
    """A tune with chord symbols, four measures a line."""
    dice = random.Random(measures + number)
    music = [_abc_measure(dice) + " |" for _ in range(measures)]
    lines = ("".join(music[start : start + 4]) for start in range(0, measures, 4))
    return f"X:{number}\nT:Tune {number}\nR:reel\nM:4/4\nL:1/8\nK:D\n" + "\n".join(lines) + "\n"


def _abc_measure(dice: random.Random) -> str:
    beats = (dice.choice(("A2", "B>c", "de", "(3fed", "cB/A/", "F2", "^GA")) for _ in range(4))
    return f'"{dice.choice(("D", "G", "A7", "Bm"))}"' + " ".join(beats)


# What is measured


def _measure_all(folder: Path) -> None:
    """Everything is done in this process, so that all that computes is counted."""
    sys.stdout.write("| what | computing | by the clock |\n|---|---|---|\n")
    open_document(folder / "64.abc")  # imports music21
    for name in ("64.abc", "1000.abc", "orchestra.musicxml"):
        document = open_document(folder / name)
        _print(f"{name}: open", _timed(open_document, [folder / name] * RUNS))
        _print(f"{name}: replace {SPAN} measures", _timed_splices(document))
        _print(f"{name}: as MusicXML for engraving", _timed(render, [document] * RUNS))
    _print("book.abc: list its tunes", _timed(list_tunes, [folder / "book.abc"] * RUNS))


def _timed_splices(document: ScoreDocument) -> Times:
    """Each time at another place of the middle part, with other notes."""
    part = len(document.parts) // 2
    melody, dice = document.melody(part), random.Random(1)
    last = len(melody.measures) - SPAN
    spans = [Span(start, start + SPAN) for start in (run * last // RUNS for run in range(RUNS))]
    edits = [(span, other_measures(dice, melody, span)) for span in spans]
    return _timed(lambda edit: document.with_measures(part, *edit), edits)


def _timed(work: Callable[[_Argument], object], arguments: Iterable[_Argument]) -> Times:
    """The medians over a few runs."""
    computing, clock = [], []
    for argument in arguments:
        starts = time.process_time(), time.perf_counter()
        work(argument)
        computing.append(1000 * (time.process_time() - starts[0]))
        clock.append(1000 * (time.perf_counter() - starts[1]))
    return statistics.median(computing), statistics.median(clock)


def _print(what: str, times: Times) -> None:
    sys.stdout.write(f"| {what} | {times[0]:,.0f} ms | {times[1]:,.0f} ms |\n")
    sys.stdout.flush()


def _measure_window(folder: Path) -> None:
    """How long it takes until a score can be worked on in the window, and until it is drawn, or cannot be."""
    from tests.conformance.big_window import open_in_window  # Qt only where a window is wanted

    sys.stdout.write("| score | can be worked on | is drawn | longest standstill |\n|---|---|---|---|\n")
    for name in ("64.abc", "1000.abc", "orchestra.musicxml"):
        opened = open_in_window(folder / name)
        cells = (f"{ms:,.0f} ms" for ms in (opened.ready_ms, opened.drawn_ms, opened.standstill_ms))
        sys.stdout.write(f"| {name} | {' | '.join(cells)} |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
