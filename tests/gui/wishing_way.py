"""Locks and a contour in a real window with real events, as a script: ``wishing_way.py SCORE MODEL FIRST FOLDER``.

Opens SCORE, drags over four measures from index FIRST on, locks a note in each view with Ctrl and a click, asks to keep
the rhythm, asks for takes, draws a valley with the mouse, asks again, walks the gallery, hears a take, keeps it and
saves. What was seen is written to ``seen.json`` in FOLDER, with pictures beside it.
"""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import pi, sin
from pathlib import Path

from PySide6.QtCore import QPointF

sys.path.insert(0, str(Path(__file__).parents[2]))

from inpaint_desktop.score.melody import Measure, Melody, Span
from inpaint_desktop.score.places import NotePlace
from inpaint_desktop.settings import Settings
from inpaint_desktop.ui.gallery.gallery import Card
from inpaint_desktop.ui.main_window import MainWindow
from inpaint_desktop.ui.wishes import Wishes
from tests.gui.whole_way import Driver, drive, on_screen

MEASURES = 4
STEPS = 60
SEED = 11


def go(driver: Driver, score: Path, first: int) -> None:
    """Go the whole way."""
    span = Span(first, first + MEASURES)
    _open(driver, score, span)
    _lock(driver, span)
    driver.seen["without"] = _ask(driver)
    _draw(driver, span)
    driver.seen["with"] = _ask(driver)
    _walk(driver)
    _keep(driver)


def _open(driver: Driver, score: Path, span: Span) -> None:
    window = driver.window
    driver.until(window.isActiveWindow, "the window has the focus")
    window.open_file(score)
    driver.until(lambda: window.editor.document is not None, "the score is open")
    driver.drag_measures(0, span.start, span.stop - 1)
    driver.seen["selected"] = window.editor.span == span
    filler = window.session.filler
    filler.set_settings(replace(filler.settings, keep="rhythm", seed=SEED, seed_locked=True))


def _lock(driver: Driver, span: Span) -> None:
    """Lock the first note in the staff, and the second of the last measure in the roll."""
    first, second = NotePlace(span.start, 0), NotePlace(span.stop - 1, 1)
    for place in (_on_staff(driver.window, first), _on_roll(driver.window, second)):
        driver.screen.do("keydown", "ctrl")
        driver.screen.click(place)
        driver.screen.do("keyup", "ctrl")
        driver.wait(200)
    driver.seen["locked"] = driver.window.session.wishes.locked == {first, second}
    driver.picture("locked")


def _on_staff(window: MainWindow, place: NotePlace) -> tuple[int, int]:
    rect = window.staff.sheet.note_rects((0, place.measure, place.note))[0]
    middle = window.staff.to_viewport(rect.x + rect.width / 2, rect.y + rect.height / 2)
    return on_screen(window.staff.viewport(), middle.toPoint())


def _on_roll(window: MainWindow, place: NotePlace) -> tuple[int, int]:
    bar = window.roll.laid.bar_of(place)
    assert bar is not None
    return _in_roll(window, (bar.start + bar.stop) / 2, bar.midi)


def _in_roll(window: MainWindow, tick: float, midi: float) -> tuple[int, int]:
    geometry = window.roll.laid.geometry
    point = QPointF(geometry.x_of(tick), geometry.y_of_height(midi)) - window.roll.offset
    return on_screen(window.roll.viewport(), point.toPoint())


def _draw(driver: Driver, span: Span) -> None:
    """Draw a valley over the measures, from the highest note of the tune to the lowest and back."""
    window, melody = driver.window, _melody(driver)
    midis = [note.pitch.midi for measure in melody.measures for note in measure.notes if note.pitch]
    highest, depth = max(midis), max(midis) - min(midis)
    begin, end = (window.roll.laid.geometry.starts[index] for index in (span.start, span.stop))
    driver.press("ctrl+d")
    for step in range(STEPS + 1):
        share = step / STEPS
        tick = begin + (0.005 + 0.99 * share) * (end - begin)
        driver.screen.do("mousemove", *_in_roll(window, tick, highest - depth * sin(pi * share)))
        if step == 0:
            driver.screen.do("mousedown", 1)
        driver.wait(10)
        if step == STEPS // 2:
            driver.picture("drawing")
    driver.screen.do("mouseup", 1)
    driver.until(lambda: window.session.wishes.contour, "the contour is drawn")
    driver.press("Escape")
    driver.seen["tool_is_put_away"] = not window.roll.draws_contours
    driver.picture("contour")


def _melody(driver: Driver) -> Melody:
    melody = driver.window.editor.melody
    assert melody is not None
    return melody


def _ask(driver: Driver) -> dict[str, object]:
    """Ask for takes; answers what holds in all of them, or why there are none."""
    window = driver.window
    window.roll.setFocus()
    driver.press("ctrl+r")
    driver.until(lambda: not window.session.filler.is_running, "takes came")
    driver.wait(600)
    cards = window.session.gallery.cards
    if not cards:
        driver.picture("refused")
        message = "No takes came."
        raise RuntimeError(message)
    melody, locked = _melody(driver), window.session.wishes.locked
    takes = cards[1:]
    return {
        "takes": len(takes),
        "locks_stand": all(_stand(melody, card, locked) for card in takes),
        "rhythm_is_kept": all(_rhythm(card.measures) == _rhythm(cards[0].measures) for card in takes),
        "pitches": [_pitches(card) for card in takes],
    }


def _stand(melody: Melody, card: Card, locked: Iterable[NotePlace]) -> bool:
    """Whether the locked notes stand in a take as they do in the tune."""
    return all(
        melody.measures[place.measure].notes[place.note] in card.measures[place.measure - card.origin.span.start].notes
        for place in locked
    )


def _rhythm(measures: Sequence[Measure]) -> list[list[int]]:
    return [[note.onset for note in measure.notes] for measure in measures]


def _pitches(card: Card) -> list[tuple[int, int, int]]:
    """Measure, onset and pitch of the notes of a take."""
    return [
        (card.origin.span.start + number, note.onset, note.pitch.midi)
        for number, measure in enumerate(card.measures)
        for note in measure.notes
        if note.pitch is not None
    ]


def _walk(driver: Driver) -> None:
    """Look at three takes and hear the second."""
    gallery, transport, wishes = driver.window.session.gallery, driver.window.session.transport, _wishes(driver)
    shown = []
    for key in ("1", "3", "2"):
        driver.press(key)
        driver.wait(300)
        shown.append(gallery.current == int(key) and len(wishes.shown_locks) == len(wishes.locked))
    driver.press("space")
    driver.until(lambda: transport.is_playing and transport.place is not None, "it plays")
    driver.wait(700)
    driver.picture("heard")
    driver.press("space")
    driver.until(lambda: not transport.is_playing, "it pauses")
    driver.seen["locks_are_shown_in_takes"] = shown


def _wishes(driver: Driver) -> Wishes:
    return driver.window.session.wishes


def _keep(driver: Driver) -> None:
    window = driver.window
    before = _wishes(driver).locked
    melody = _melody(driver)
    driver.seen["contour"] = [[point.measure, point.onset, point.midi] for point in _wishes(driver).contour]
    driver.seen["starts"] = window.roll.laid.geometry.starts
    driver.press("Return")
    driver.until(lambda: window.editor.undo_stack.count() == 1, "the take is kept")
    driver.wait(500)
    driver.picture("kept")
    driver.seen["changed"] = _melody(driver) != melody
    driver.seen["still_locked"] = len(_wishes(driver).locked) == len(before)
    driver.press("ctrl+s")
    driver.until(lambda: not window.editor.is_modified, "the score is saved")


def main() -> None:
    """Run the script."""
    score, model, first, folder = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), Path(sys.argv[4])
    drive(Settings(model=model), folder, lambda driver: go(driver, score, first))


if __name__ == "__main__":
    main()
