"""Limits on what a file may hold, so that no file can hang the program or fill the memory.

They are checked before any library reads the music. Real scores stay far below all of them.
"""

from inpaint_desktop.errors import FileDamagedError, FileTooLargeError
from inpaint_desktop.score.meter import Meter

MAX_FILE_BYTES = 50_000_000
MAX_UNPACKED_BYTES = 100_000_000
MAX_PACKING_RATIO = 200
MAX_MEASURES = 2_000
MAX_ELEMENTS = 1_000_000
MAX_PARTS = 200
MAX_ATTRIBUTES = 4_000_000
MAX_DEPTH = 64
MAX_BEATS = 64
MAX_BEAT_TYPE = 64
MAX_DIVISIONS = 1_000_000
MAX_NOTE_QUARTERS = 256
MAX_FIFTHS = 7
OCTAVES = range(-1, 11)


def check_file_size(size: int, file_name: str) -> None:
    """Refuse a file that is larger than any score.

    Raises:
        FileTooLargeError: it is.
    """
    if size > MAX_FILE_BYTES:
        message = (
            f"{file_name} has {size // 1_000_000} MB; scores of up to {MAX_FILE_BYTES // 1_000_000} MB are opened."
        )
        raise FileTooLargeError(message)


def check_measure_count(count: int, file_name: str) -> None:
    """Refuse a part that has more measures than any tune.

    Raises:
        FileTooLargeError: it has.
    """
    if count > MAX_MEASURES:
        message = (
            f"{file_name} has more than {MAX_MEASURES:,} measures; split it into shorter files to work on one of them."
        )
        raise FileTooLargeError(message)


def checked_meter(beats: int, beat_type: int, place: str) -> Meter:
    """Make a meter of two numbers of a file; ``place`` says where they stand.

    Raises:
        FileDamagedError: there is no such meter.
    """
    is_power_of_two = beat_type > 0 and beat_type & (beat_type - 1) == 0
    if not 1 <= beats <= MAX_BEATS or not is_power_of_two or beat_type > MAX_BEAT_TYPE:
        message = (
            f"{place}: {_short(beats)}/{_short(beat_type)} is not a time signature that can be read; "
            f"give it up to {MAX_BEATS} beats, of 1, 2, 4, 8, 16, 32 or 64."
        )
        raise FileDamagedError(message)
    return Meter(beats, beat_type)


def _short(number: int) -> str:
    return str(number) if abs(number) < 10**12 else "a huge number"
