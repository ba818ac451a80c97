"""What each action of the window does: one table from names to functions."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from inpaint_desktop.score.meter import TICKS_PER_QUARTER
from inpaint_desktop.score.moving import Octaves, Semitones, Steps
from inpaint_desktop.ui import note_editing

if TYPE_CHECKING:
    from inpaint_desktop.ui.dialogs import Dialogs
    from inpaint_desktop.ui.main_window import MainWindow
    from inpaint_desktop.ui.session import Session

Commands = Mapping[str, Callable[[], object]]
Switches = Mapping[str, Callable[[bool], object]]

_LENGTHS = {
    "whole": 4 * TICKS_PER_QUARTER,
    "half": 2 * TICKS_PER_QUARTER,
    "quarter": TICKS_PER_QUARTER,
    "eighth": TICKS_PER_QUARTER // 2,
    "sixteenth": TICKS_PER_QUARTER // 4,
}


def editing_commands(session: "Session") -> Commands:
    """What changes the score or the selection."""
    editor, measures = session.editor, session.measures
    return {
        "undo": editor.undo_stack.undo,
        "redo": editor.undo_stack.redo,
        "cut": measures.cut,
        "copy": measures.copy,
        "paste": measures.paste,
        "select_all": editor.select_all,
        "select_none": editor.clear_selection,
        "select_to_start": lambda: editor.extend_to(0),
        "select_to_end": lambda: editor.extend_to(editor.measure_count - 1),
        "step_up": lambda: measures.move(Steps(1)),
        "step_down": lambda: measures.move(Steps(-1)),
        "octave_up": lambda: measures.move(Octaves(1)),
        "octave_down": lambda: measures.move(Octaves(-1)),
    }


def note_commands(session: "Session") -> Commands:
    """What touches up the selected note."""
    editor = session.editor
    lengths = {
        f"note_{name}": (lambda ticks=ticks: note_editing.set_length(editor, ticks)) for name, ticks in _LENGTHS.items()
    }
    return {
        "note_up": lambda: note_editing.move_note(editor, Steps(1)),
        "note_down": lambda: note_editing.move_note(editor, Steps(-1)),
        "note_semitone_up": lambda: note_editing.move_note(editor, Semitones(1)),
        "note_semitone_down": lambda: note_editing.move_note(editor, Semitones(-1)),
        "note_octave_up": lambda: note_editing.move_note(editor, Octaves(1)),
        "note_octave_down": lambda: note_editing.move_note(editor, Octaves(-1)),
        "note_longer": lambda: note_editing.lengthen(editor),
        "note_shorter": lambda: note_editing.shorten(editor),
        "note_dot": lambda: note_editing.toggle_dot(editor),
        "note_rest": lambda: note_editing.make_rest(editor),
        **lengths,
    }


def wishing_commands(session: "Session") -> Commands:
    """What new measures shall heed."""
    editor, wishes = session.editor, session.wishes

    def follow_notes() -> None:
        if editor.span is not None:
            wishes.follow_notes(editor.span)

    return {
        "unlock_all": wishes.clear_locks,
        "contour_of_notes": follow_notes,
        "clear_contour": wishes.clear_contour,
    }


def playing_commands(session: "Session") -> Commands:
    """What plays."""
    editor, transport = session.editor, session.transport

    def play_selection() -> None:
        if editor.span is not None:
            transport.play_span(editor.span, lead_in=0, lead_out=0)

    return {
        "play": transport.play_pause,
        "stop": transport.stop,
        "play_selection": play_selection,
        "go_to_start": lambda: transport.set_place(0),
        "go_to_end": lambda: transport.set_place(editor.measure_count - 1),
    }


def window_commands(window: "MainWindow", dialogs: "Dialogs") -> Commands:
    """What concerns files, views and the window itself."""
    workspace = window.workspace
    return {
        "new": dialogs.ask_new,
        "open": dialogs.ask_open,
        "save": window.saving.save,
        "save_as": window.saving.save_as,
        "reload": window.reload,
        "export_midi": lambda: dialogs.ask_export(".mid"),
        "export_pdf": lambda: dialogs.ask_export(".pdf"),
        "export_svg": lambda: dialogs.ask_export(".svg"),
        "export_png": lambda: dialogs.ask_export(".png"),
        "export_wav": lambda: dialogs.ask_export(".wav"),
        "print": dialogs.ask_print,
        "regenerate": window.regenerate,
        "cancel": window.cancel,
        "echo": window.echo_selection,
        "close": window.close_score,
        "quit": window.close,
        "transpose": dialogs.ask_transposition,
        "view_staff": lambda: workspace.show_views("staff"),
        "view_piano_roll": lambda: workspace.show_views("piano_roll"),
        "view_both": lambda: workspace.show_views("both"),
        "zoom_in": workspace.zoom_in,
        "zoom_out": workspace.zoom_out,
        "zoom_reset": workspace.zoom_reset,
        "reset_layout": window.reset_layout,
        "preferences": dialogs.show_preferences,
        "shortcuts": dialogs.show_shortcuts,
        "logs": dialogs.show_logs,
        "about": dialogs.show_about,
    }


def switches(window: "MainWindow") -> Switches:
    """What is on or off."""
    transport, preferences = window.session.transport, window.session.preferences

    def set_loop(is_on: bool) -> None:
        transport.loop = is_on

    def set_metronome(is_on: bool) -> None:
        transport.metronome = is_on

    def set_count_in(is_on: bool) -> None:
        transport.count_in = is_on

    return {
        "follow": lambda is_on: preferences.change(follow_playback=is_on),
        "color_takes": lambda is_on: preferences.change(colour_take_notes=is_on),
        "show_gallery": partial(window.docks.want, "gallery"),
        "show_history": partial(window.docks.want, "history"),
        "welcome": window.show_welcome,
        "loop": set_loop,
        "metronome": set_metronome,
        "count_in": set_count_in,
        "full_screen": window.set_full_screen,
        "lock_note": window.lock_note,
        "draw_contour": window.draw_contours,
    }
