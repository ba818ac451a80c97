"""The command line: ``inpaint-desktop fill``, ``info`` and ``bench``.

A failure is one sentence on the error stream and exit code 2. Neither torch nor music21 is imported
before a command needs it.
"""

import logging
import sys
from collections.abc import Sequence

from inpaint_desktop.cli.options import parse
from inpaint_desktop.errors import Cancelled, InpaintDesktopError

FAILED = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code."""
    logging.basicConfig(level=logging.ERROR, format="%(message)s")
    options = parse(arguments)
    try:
        options.run(options)
    except (KeyboardInterrupt, Cancelled):
        return INTERRUPTED
    except InpaintDesktopError as error:
        sys.stderr.write(f"inpaint-desktop: {error}\n")
        return FAILED
    except BrokenPipeError:
        sys.stderr.close()  # whoever read the output has left; Python would complain at exit
        return 0
    return 0
