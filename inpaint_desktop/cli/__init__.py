"""The command line: ``inpaint-desktop fill``, ``info`` and ``bench``, ``--version`` and ``--self-test``.

A failure is one sentence on the error stream and exit code 2; what is behind it stands in the log.
Neither torch nor music21 is imported before a command needs it.
"""

import logging
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from inpaint_desktop.cli.options import parse
from inpaint_desktop.errors import Cancelled, InpaintDesktopError
from inpaint_desktop.logs import logging_to_file

FAILED = 2
INTERRUPTED = 130

logger = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code."""
    with logging_to_file() as log:
        try:
            _run(arguments)
        except (KeyboardInterrupt, Cancelled):
            return INTERRUPTED
        except BrokenPipeError:
            _forget_output()
        except InpaintDesktopError as error:
            logger.warning("The command failed.", exc_info=True)
            return _failed(str(error))
        except Exception as error:  # the program's last line of defence
            logger.exception("The command failed unexpectedly.")
            return _failed(_unexpected(error, log))
    return 0


def _run(arguments: Sequence[str] | None) -> None:
    options = parse(arguments)
    options.run(options)
    sys.stdout.flush()


def _failed(sentence: str) -> int:
    sys.stderr.write(f"inpaint-desktop: {sentence}\n")
    return FAILED


def _unexpected(error: Exception, log: Path | None) -> str:
    place = f"the details are in {log}" if log else "no log could be written"
    return f"Something went wrong that the program did not expect ({type(error).__name__}: {error}); {place}."


def _forget_output() -> None:
    """Whoever read the output has left; without this, Python complains when it writes out the rest at exit."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
