"""Everything that can be done in the window, as one table: menus, toolbar, context menu and keys are made from it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Flag, auto

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence, QPalette
from PySide6.QtWidgets import QMenu, QMenuBar, QToolBar, QWidget

from inpaint_desktop.ui.appearance import themed_icon
from inpaint_desktop.ui.words import tr

SEPARATOR = "-"


class Need(Flag):
    """What an action needs before it can be done."""

    NOTHING = 0
    SCORE = auto()
    MELODY = auto()
    SELECTION = auto()
    NOTE = auto()
    UNDO = auto()
    REDO = auto()
    RUNNING = auto()
    CLIPBOARD = auto()
    FILE = auto()
    LOCKS = auto()
    CONTOUR = auto()


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action: its name in the program, its text with mnemonic, what it does, and its default keys."""

    name: str
    text: str
    tip: str
    keys: tuple[str, ...] = ()
    need: Need = Need.NOTHING
    icon: str = ""
    is_checkable: bool = False
    view_key: str = ""
    """A key that the focused view takes itself; it is shown beside the text."""

    @property
    def title(self) -> str:
        """The text as it stands in lists: without mnemonic and dots."""
        return titled(self.text)


@dataclass(frozen=True, slots=True)
class MenuSpec:
    """A menu: names of actions, separators and further menus in their order."""

    name: str
    text: str
    entries: tuple["str | MenuSpec", ...] = ()


_SPAN = Need.MELODY | Need.SELECTION

FILE_ACTIONS = (
    ActionSpec("new", "&New...", "Begin a new tune", ("Ctrl+N",), icon="new"),
    ActionSpec("open", "&Open...", "Open an ABC or MusicXML file", ("Ctrl+O",), icon="open"),
    ActionSpec("save", "&Save", "Save the score in its file", ("Ctrl+S",), Need.SCORE, "save"),
    ActionSpec("save_as", "Save &as...", "Save under another name or in another format", ("Ctrl+Shift+S",), Need.SCORE),
    ActionSpec("reload", "&Reload", "Read the file from the disk again", (), Need.FILE),
    ActionSpec("export_midi", "&MIDI...", "Write the part as a MIDI file", (), Need.MELODY),
    ActionSpec("export_pdf", "&PDF...", "Write the pages as a PDF", (), Need.SCORE),
    ActionSpec("export_svg", "&SVG...", "Write each page as a vector picture", (), Need.SCORE),
    ActionSpec("export_png", "P&NG...", "Write each page as a picture", (), Need.SCORE),
    ActionSpec("export_wav", "&WAV...", "Write what is heard as a sound file", (), Need.MELODY),
    ActionSpec("print", "&Print...", "Print the pages", ("Ctrl+P",), Need.SCORE),
    ActionSpec("close", "&Close", "Close the score", ("Ctrl+W",), Need.SCORE),
    ActionSpec("quit", "&Quit", "End the program", ("Ctrl+Q",)),
)
EDIT_ACTIONS = (
    ActionSpec("undo", "&Undo", "Take back the last step", ("Ctrl+Z",), Need.UNDO, "undo"),
    ActionSpec("redo", "&Redo", "Do again what was taken back", ("Ctrl+Shift+Z", "Ctrl+Y"), Need.REDO, "redo"),
    ActionSpec("cut", "Cu&t", "Copy the selected measures and leave rests in their place", ("Ctrl+X",), _SPAN),
    ActionSpec("copy", "&Copy", "Copy the selected measures", ("Ctrl+C",), _SPAN),
    ActionSpec(
        "paste", "&Paste", "Put the copied measures in from the selection on", ("Ctrl+V",), _SPAN | Need.CLIPBOARD
    ),
    ActionSpec("select_all", "Select &all", "Select every measure", ("Ctrl+A",), Need.SCORE),
    ActionSpec("select_none", "Select &nothing", "Clear the selection", ("Ctrl+Shift+A",), Need.SELECTION),
    ActionSpec(
        "select_to_start",
        "Select to the &beginning",
        "Extend the selection to the first measure",
        ("Ctrl+Shift+Home",),
        Need.SELECTION,
    ),
    ActionSpec(
        "select_to_end",
        "Select to the &end",
        "Extend the selection to the last measure",
        ("Ctrl+Shift+End",),
        Need.SELECTION,
    ),
    ActionSpec("step_up", "A step &up", "Move the selected measures up a step of the scale", ("Alt+Up",), _SPAN),
    ActionSpec("step_down", "A step &down", "Move the selected measures down a step", ("Alt+Down",), _SPAN),
    ActionSpec("octave_up", "An &octave up", "Move the selected measures up an octave", ("Alt+Shift+Up",), _SPAN),
    ActionSpec(
        "octave_down", "An o&ctave down", "Move the selected measures down an octave", ("Alt+Shift+Down",), _SPAN
    ),
    ActionSpec("transpose", "By &semitones...", "Move the selected measures by any number of semitones", (), _SPAN),
    ActionSpec("preferences", "Pre&ferences...", "Choose how the program works", ("Ctrl+,",)),
)
NOTE_ACTIONS = (
    ActionSpec("note_up", "A step &up", "Move the note a step of the scale up", need=Need.NOTE, view_key="Up"),
    ActionSpec("note_down", "A step &down", "Move the note a step down", need=Need.NOTE, view_key="Down"),
    ActionSpec(
        "note_semitone_up", "A &semitone up", "Move the note a semitone up", need=Need.NOTE, view_key="Shift+Up"
    ),
    ActionSpec(
        "note_semitone_down", "A se&mitone down", "Move the note a semitone down", need=Need.NOTE, view_key="Shift+Down"
    ),
    ActionSpec("note_octave_up", "An &octave up", "Move the note an octave up", need=Need.NOTE, view_key="Ctrl+Up"),
    ActionSpec(
        "note_octave_down", "An o&ctave down", "Move the note an octave down", need=Need.NOTE, view_key="Ctrl+Down"
    ),
    ActionSpec("note_whole", "&Whole", "Let the note last a whole", need=Need.NOTE, view_key="7"),
    ActionSpec("note_half", "&Half", "Let the note last a half", need=Need.NOTE, view_key="6"),
    ActionSpec("note_quarter", "&Quarter", "Let the note last a quarter", need=Need.NOTE, view_key="5"),
    ActionSpec("note_eighth", "&Eighth", "Let the note last an eighth", need=Need.NOTE, view_key="4"),
    ActionSpec("note_sixteenth", "S&ixteenth", "Let the note last a sixteenth", need=Need.NOTE, view_key="3"),
    ActionSpec("note_dot", "Do&tted", "Make the note dotted, or not any more", need=Need.NOTE, view_key="."),
    ActionSpec("note_longer", "&Longer", "Give the note the next longer length", need=Need.NOTE, view_key="+"),
    ActionSpec("note_shorter", "Sho&rter", "Give the note the next shorter length", need=Need.NOTE, view_key="-"),
    ActionSpec("note_rest", "Rest (&0)", "Put a rest in the place of the note", need=Need.NOTE, view_key="Del"),
)
VIEW_ACTIONS = (
    ActionSpec("view_staff", "&Staff", "Show the staff only", ("Ctrl+1",), is_checkable=True),
    ActionSpec("view_piano_roll", "&Piano roll", "Show the piano roll only", ("Ctrl+2",), is_checkable=True),
    ActionSpec("view_both", "&Both", "Show staff and piano roll", ("Ctrl+3",), is_checkable=True),
    ActionSpec("zoom_in", "Zoom &in", "Show everything larger", ("Ctrl+=", "Ctrl++"), Need.SCORE, "zoom-in"),
    ActionSpec("zoom_out", "Zoom &out", "Show everything smaller", ("Ctrl+-",), Need.SCORE, "zoom-out"),
    ActionSpec("zoom_reset", "Usual si&ze", "Show everything in its usual size", ("Ctrl+0",), Need.SCORE),
    ActionSpec("follow", "&Follow playback", "Keep what is heard in sight", is_checkable=True),
    ActionSpec(
        "color_takes", "&Colour notes of takes", "Show which notes came with a take in a colour", is_checkable=True
    ),
    ActionSpec("show_gallery", "&Gallery", "Show or hide the gallery", ("Ctrl+G",), is_checkable=True),
    ActionSpec("show_history", "&History", "Show or hide the history", ("Ctrl+H",), is_checkable=True),
    ActionSpec("full_screen", "F&ull screen", "Fill the screen with the window", ("F11",), is_checkable=True),
    ActionSpec("reset_layout", "&Reset layout", "Put views and panels where they were at first"),
)
PLAY_ACTIONS = (
    ActionSpec("play", "&Play or pause", "Play from the selection, or pause", ("Space",), Need.MELODY, "play"),
    ActionSpec("stop", "&Stop", "Stop playing and go back to the beginning", ("Ctrl+.",), Need.MELODY, "stop"),
    ActionSpec("play_selection", "Play the se&lection", "Play the selected measures", ("Shift+Space",), _SPAN),
    ActionSpec("go_to_start", "Go to the &beginning", "Play from the first measure next", ("Home",), Need.MELODY),
    ActionSpec("go_to_end", "Go to the &end", "Play from the last measure next", ("End",), Need.MELODY),
    ActionSpec("loop", "L&oop", "Play the selection over and over", ("Ctrl+L",), is_checkable=True, icon="loop"),
    ActionSpec("metronome", "&Metronome", "Click on every beat", ("Ctrl+M",), is_checkable=True, icon="metronome"),
    ActionSpec("count_in", "&Count in", "Click a measure before playing starts", is_checkable=True),
)
FILL_ACTIONS = (
    ActionSpec(
        "regenerate",
        "&Regenerate the selection",
        "Propose new music for the selected measures",
        ("Ctrl+R", "Ctrl+Return"),
        Need.MELODY,
        "regenerate",
    ),
    ActionSpec("cancel", "&Cancel", "Stop making takes, and opening or writing files", ("Esc",), Need.RUNNING),
    ActionSpec(
        "echo",
        "&Echo these measures in the next takes",
        "Make the rhythm and the notes of the selected measures likelier wherever takes are made next",
        ("Ctrl+E",),
        _SPAN,
    ),
    ActionSpec(
        "lock_note",
        "&Lock the note",
        "Let the selected note or rest stay as it is in every take, or not any more",
        need=Need.NOTE,
        is_checkable=True,
        view_key="L",
    ),
    ActionSpec("unlock_all", "&Unlock all", "Let no note be locked any more", ("Ctrl+Shift+L",), Need.LOCKS),
    ActionSpec(
        "draw_contour",
        "&Draw a contour",
        "Draw a line with the mouse in the piano roll that pitches shall follow",
        ("Ctrl+D",),
        Need.MELODY,
        "contour",
        is_checkable=True,
    ),
    ActionSpec(
        "contour_of_notes",
        "Contour of the &notes",
        "Let pitches follow the line of the notes that stand in the selection now",
        (),
        _SPAN,
    ),
    ActionSpec(
        "clear_contour", "Clear the c&ontour", "Let pitches follow no line any more", ("Ctrl+Shift+D",), Need.CONTOUR
    ),
)
HELP_ACTIONS = (
    ActionSpec("shortcuts", "&Shortcuts", "Show all keys", ("F1",)),
    ActionSpec(
        "welcome", "&Welcome page", "Show recent files and example tunes, or the score again", is_checkable=True
    ),
    ActionSpec("logs", "&Log folder", "Open the folder with the program's logs"),
    ActionSpec("about", "&About Inpaint Desktop", "Show version and licences"),
)
ACTIONS = (*FILE_ACTIONS, *EDIT_ACTIONS, *NOTE_ACTIONS, *VIEW_ACTIONS, *PLAY_ACTIONS, *FILL_ACTIONS, *HELP_ACTIONS)

TRANSPOSE_MENU = MenuSpec("transpose", "Tran&spose", ("step_up", "step_down", "octave_up", "octave_down", "transpose"))
NOTE_MENU = MenuSpec(
    "note",
    "Selected n&ote",
    (
        *("note_up", "note_down", "note_semitone_up", "note_semitone_down", "note_octave_up", "note_octave_down"),
        SEPARATOR,
        *("note_whole", "note_half", "note_quarter", "note_eighth", "note_sixteenth", SEPARATOR),
        *("note_dot", "note_longer", "note_shorter", SEPARATOR, "note_rest"),
    ),
)
MENUS = (
    MenuSpec(
        "file",
        "&File",
        (
            "new",
            "open",
            MenuSpec("recent", "Open r&ecent"),
            SEPARATOR,
            "save",
            "save_as",
            MenuSpec("export", "E&xport", ("export_midi", "export_pdf", "export_svg", "export_png", "export_wav")),
            "reload",
            SEPARATOR,
            "print",
            SEPARATOR,
            "close",
            "quit",
        ),
    ),
    MenuSpec(
        "edit",
        "&Edit",
        (
            *("undo", "redo", SEPARATOR, "cut", "copy", "paste", SEPARATOR),
            *("select_all", "select_none", "select_to_start", "select_to_end", SEPARATOR),
            TRANSPOSE_MENU,
            NOTE_MENU,
            SEPARATOR,
            "preferences",
        ),
    ),
    MenuSpec(
        "view",
        "&View",
        (
            *("view_staff", "view_piano_roll", "view_both", SEPARATOR, "zoom_in", "zoom_out", "zoom_reset", SEPARATOR),
            *("follow", "color_takes", SEPARATOR, "show_gallery", "show_history", SEPARATOR),
            *("full_screen", "reset_layout"),
        ),
    ),
    MenuSpec(
        "play",
        "&Play",
        (
            *("play", "play_selection", "stop", SEPARATOR, "go_to_start", "go_to_end", SEPARATOR),
            *("loop", "metronome", "count_in"),
        ),
    ),
    MenuSpec(
        "regenerate",
        "&Regenerate",
        (
            *("regenerate", "cancel", SEPARATOR, "echo", SEPARATOR, "lock_note", "unlock_all", SEPARATOR),
            *("draw_contour", "contour_of_notes", "clear_contour"),
        ),
    ),
    MenuSpec("help", "&Help", ("shortcuts", "welcome", SEPARATOR, "logs", "about")),
)
TOOLBAR = (
    *("new", "open", "save", SEPARATOR, "undo", "redo", SEPARATOR),
    *("regenerate", "draw_contour", SEPARATOR, "zoom_out", "zoom_in"),
)
CONTEXT_MENU = MenuSpec(
    "context",
    "",
    (
        *("regenerate", "play_selection", "echo", SEPARATOR),
        *("lock_note", "unlock_all", SEPARATOR, "draw_contour", "contour_of_notes", "clear_contour", SEPARATOR),
        *("cut", "copy", "paste", SEPARATOR),
        TRANSPOSE_MENU,
        NOTE_MENU,
        SEPARATOR,
        "select_all",
        "select_none",
    ),
)


def titled(text: str) -> str:
    """A text as it stands in lists: translated, without mnemonic and dots."""
    return tr(text).replace("&&", "\0").replace("&", "").replace("\0", "&").removesuffix("...")


class Actions(QObject):
    """The actions of the table as Qt has them, by name."""

    def __init__(self, window: QWidget, specs: Sequence[ActionSpec] = ACTIONS) -> None:
        super().__init__(window)
        self.specs = specs
        self.menus: dict[str, QMenu] = {}
        self._window = window
        self._actions = {spec.name: self._made(spec) for spec in specs}

    def _made(self, spec: ActionSpec) -> QAction:
        action = QAction(f"{tr(spec.text)}\t{spec.view_key}" if spec.view_key else tr(spec.text), self._window)
        action.setObjectName(spec.name)
        action.setStatusTip(tr(spec.tip))
        action.setCheckable(spec.is_checkable)
        action.setIconVisibleInMenu(not spec.is_checkable)  # a menu shows the tick in its place
        action.setMenuRole(_ROLES.get(spec.name, QAction.MenuRole.NoRole))
        self._window.addAction(action)  # its keys work while no menu is shown, too
        return action

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def __iter__(self) -> Iterator[QAction]:
        return iter(self._actions.values())

    def connect_all(self, slots: Mapping[str, Callable[[], object]]) -> None:
        """Let each action call its function when it is chosen."""
        for name, slot in slots.items():
            self._actions[name].triggered.connect(_without_argument(slot))

    def connect_switches(self, slots: Mapping[str, Callable[[bool], object]]) -> None:
        """Let each checkable action tell its function whenever it is checked or unchecked."""
        for name, slot in slots.items():
            self._actions[name].toggled.connect(slot)

    def set_keys(self, keys: Mapping[str, Sequence[str]]) -> None:
        """Give every action its keys, and show the first of them in its tool tip."""
        for spec in self.specs:
            action = self._actions[spec.name]
            action.setShortcuts([QKeySequence(key) for key in keys.get(spec.name, spec.keys)])
            shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{spec.title} ({shown})" if shown else spec.title)

    def set_met(self, met: Need) -> None:
        """Enable the actions whose needs are among those that are ``met``."""
        for spec in self.specs:
            self._actions[spec.name].setEnabled(spec.need in met)

    def set_icons(self, palette: QPalette) -> None:
        """Draw the icons in the palette's colour of text."""
        for spec in self.specs:
            if spec.icon:
                self._actions[spec.name].setIcon(themed_icon(spec.icon, palette))

    def fill_menu_bar(self, bar: QMenuBar) -> None:
        """Put all menus into the bar."""
        for spec in MENUS:
            bar.addMenu(self.made_menu(spec, bar))

    def fill_toolbar(self, bar: QToolBar) -> None:
        """Put the most used actions into the toolbar."""
        for name in TOOLBAR:
            if name == SEPARATOR:
                bar.addSeparator()
            else:
                bar.addAction(self._actions[name])

    def made_menu(self, spec: MenuSpec, parent: QWidget) -> QMenu:
        """Make a menu; those of the menu bar are also found in ``menus`` by name."""
        menu = QMenu(tr(spec.text), parent)
        for entry in spec.entries:
            if isinstance(entry, MenuSpec):
                menu.addMenu(self.made_menu(entry, menu))
            elif entry == SEPARATOR:
                menu.addSeparator()
            else:
                menu.addAction(self._actions[entry])
        self.menus.setdefault(spec.name, menu)
        return menu


_ROLES = {
    "quit": QAction.MenuRole.QuitRole,
    "preferences": QAction.MenuRole.PreferencesRole,
    "about": QAction.MenuRole.AboutRole,
}


def _without_argument(slot: Callable[[], object]) -> Callable[..., None]:
    def call(_checked: bool = False) -> None:
        slot()

    return call
