"""The environment that pygame finds when it is first imported: the soundfont, no greeting, and where ALSA is set up."""

import os
from pathlib import Path

from inpaint_desktop import paths

_ALSA_CONFIGURATION = Path("/usr/share/alsa/alsa.conf")


def soundfont() -> Path:
    """Where the program's own soundfont lies."""
    return paths.resources_folder() / "soundfont" / "melody.sf3"


def prepare_environment() -> None:
    """Set what pygame and the libraries in it read when they are loaded."""
    os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"
    os.environ["SDL_SOUNDFONTS"] = str(soundfont())
    if _ALSA_CONFIGURATION.is_file():  # pygame's wheel brings an ALSA that looks elsewhere, and then finds no port
        os.environ.setdefault("ALSA_CONFIG_PATH", str(_ALSA_CONFIGURATION))
