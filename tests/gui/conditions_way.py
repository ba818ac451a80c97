"""The conditions beside the gallery in a real window with real events, as a script: ``conditions_way.py SCORE FOLDER``.

Opens SCORE, lets takes echo measures 1 and 2, drags over measures 6 to 9, keeps their rhythm, names the last note and a
share, asks for takes, asks for more like the second, keeps the settings under a name, clears them, splices the first
take with the original, keeps that and saves. What was seen is written to ``seen.json`` in FOLDER, with pictures beside.
"""

import sys
from pathlib import Path

from PySide6.QtWidgets import QWidget

sys.path.insert(0, str(Path(__file__).parents[2]))

from inpaint_desktop.engine.checking import breaches_of
from inpaint_desktop.engine.properties import sounding_notes
from inpaint_desktop.settings import Settings
from inpaint_desktop.ui.gallery.conditions_box import ConditionsBox
from inpaint_desktop.ui.gallery.gallery import Card
from inpaint_desktop.ui.gallery.preset_button import NameDialog
from tests.gui.whole_way import Driver, drive, on_screen

WHEEL_DOWN = 5


def go(driver: Driver, score: Path) -> None:
    """Go the whole way."""
    _open(driver, score)
    _set(driver)
    driver.seen["asked"] = _ask(driver, "ctrl+r")
    driver.press("2")
    driver.seen["more"] = _ask(driver, "m")
    driver.seen["kept_of_liked"] = [card.kept_of_example for card in _takes(driver)[1:]]
    _name(driver)
    _splice(driver)
    _keep(driver)


def _open(driver: Driver, score: Path) -> None:
    window = driver.window
    driver.until(window.isActiveWindow, "the window has the focus")
    window.open_file(score)
    driver.until(lambda: window.editor.document is not None, "the score is open")
    driver.drag_measures(0, 1, 2)
    driver.press("ctrl+e")
    driver.drag_measures(0, 6, 9)
    settings = window.session.filler.settings
    driver.seen["echo"] = settings.echo and [settings.echo.start, settings.echo.stop]


def _box(driver: Driver) -> ConditionsBox:
    return driver.window.gallery.settings.conditions


def _click(driver: Driver, widget: QWidget) -> None:
    driver.screen.click(on_screen(widget, widget.rect().center()))
    driver.wait(200)


def _set(driver: Driver) -> None:
    """Choose from lists with mouse and keys, type a note, and turn the wheel over what it must not change."""
    box, filler = _box(driver), driver.window.session.filler
    _click(driver, box.keep)
    driver.press("Down", "Return")
    _click(driver, box.most_kept)
    driver.press("Down", "Down", "Down", "Down", "Return")
    _click(driver, box.last_note)
    driver.press("ctrl+a", "d", "5", "Return")
    before = filler.settings
    takes = driver.window.gallery.settings.box.takes
    driver.screen.click(on_screen(takes, takes.rect().center()), button=WHEEL_DOWN)
    driver.wait(200)
    driver.seen["wheel_changes_nothing"] = filler.settings == before
    driver.seen["set"] = [before.keep, before.most_kept, before.last_note]
    driver.picture("set")


def _takes(driver: Driver) -> tuple[Card, ...]:
    return driver.window.session.gallery.cards[1:]


def _ask(driver: Driver, key: str) -> list[list[str]]:
    """Ask for takes with a key; answers what of the request each does not meet."""
    window = driver.window
    earlier = set(_takes(driver))
    if not earlier:
        window.staff.setFocus()
    driver.press(key)
    driver.until(lambda: not window.session.filler.is_running and set(_takes(driver)) - earlier, "takes came")
    driver.wait(600)
    driver.picture(f"asked-{key}")
    return [list(breaches_of(card.take.request, card.measures)) for card in _takes(driver) if card.take]


def _name(driver: Driver) -> None:
    """Keep the settings under a name, and clear the conditions."""
    window = driver.window
    _click(driver, window.gallery.presets)
    driver.press("s")
    driver.until(lambda: window.findChildren(NameDialog), "the name is asked for")
    driver.wait(300)
    driver.press("m", "i", "n", "e", "Return")
    driver.until(lambda: window.session.presets.names, "the preset is kept")
    driver.seen["presets"] = list(window.session.presets.names)
    driver.wait(300)
    _click(driver, window.gallery.settings.box.leave_example)
    _click(driver, window.gallery.settings.clear)
    driver.seen["conditions"] = list(window.session.filler.settings.conditions)


def _splice(driver: Driver) -> None:
    """Lay the original's pitches on the rhythm of the first take that has another one."""
    window = driver.window
    window.gallery.cards.setFocus()
    _ask(driver, "ctrl+r")
    others = [number for number, card in enumerate(_takes(driver), 1) if _rhythm(card) != _rhythm(_original(driver))]
    driver.press(str(others[0]), "r", "0")
    driver.until(lambda: any(card.splice for card in _takes(driver)), "the splice came")
    driver.wait(600)
    driver.picture("spliced")
    spliced, rhythm = _takes(driver)[-1], _takes(driver)[others[0] - 1]
    driver.seen["rhythm_is_that_of_the_take"] = _rhythm(spliced) == _rhythm(rhythm)
    driver.seen["is_current"] = window.session.gallery.current_card is spliced


def _original(driver: Driver) -> Card:
    return driver.window.session.gallery.cards[0]


def _rhythm(card: Card) -> list[tuple[int, int]]:
    return [note[:2] for note in sounding_notes(card.measures)]


def _keep(driver: Driver) -> None:
    window = driver.window
    driver.press("Return")
    driver.until(lambda: window.editor.undo_stack.count() == 1, "the splice is kept")
    driver.press("ctrl+s")
    driver.until(lambda: not window.editor.is_modified, "the score is saved")


def main() -> None:
    """Run the script."""
    score, folder = Path(sys.argv[1]), Path(sys.argv[2])
    drive(Settings(seed=11, seed_locked=True), folder, lambda driver: go(driver, score))


if __name__ == "__main__":
    main()
