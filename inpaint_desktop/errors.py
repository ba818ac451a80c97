"""Every error that the program shows to a person, as one tree.

::

    InpaintDesktopError
    ├── ScoreError                 the music itself does not add up
    │   └── MeasureLengthError
    ├── FileError                  something about a file
    │   ├── FileMissingError       it is not there or may not be read
    │   ├── FileDamagedError       it breaks its own format
    │   ├── FileTooLargeError      it is larger than the limits
    │   ├── FileUnsupportedError   it is sound, but not something we can work with
    │   └── FileNotSavedError      it could not be written
    ├── SelectionError             the chosen measures or part do not exist
    ├── ModelError                 weights are missing, damaged or not made for this
    │   ├── WeightsError
    │   └── UnsuitableModelError
    ├── DeviceError                the compute or audio device is not there
    ├── ChildError                 the helper process
    │   ├── ChildTimeoutError      took too long
    │   └── ChildDiedError         crashed or ran out of memory
    ├── SettingsError              an option or a preference has a value it cannot have
    │   └── ConstraintError        what is asked of new measures cannot be met
    └── Cancelled                  the user called it off

The message is a sentence for a person: what happened, where, and what to do.
"""


class InpaintDesktopError(Exception):
    """Something went wrong that a person can understand and act upon."""


class ScoreError(InpaintDesktopError):
    """The music itself does not add up."""


class MeasureLengthError(ScoreError):
    """A measure's notes do not fill it exactly."""

    def __init__(self, number: str, found: int, expected: int) -> None:
        super().__init__(f"The notes of measure {number or '?'} last {found} ticks, but the measure lasts {expected}.")
        self.number = number
        self.found = found
        self.expected = expected


class FileError(InpaintDesktopError):
    """A file cannot be read, understood or written."""


class FileMissingError(FileError):
    """The file is not there or may not be read."""


class FileDamagedError(FileError):
    """The file breaks the rules of its own format."""


class FileTooLargeError(FileError):
    """The file is larger than the limits that keep the program safe."""


class FileUnsupportedError(FileError):
    """The file is sound, but holds something the program cannot work with."""


class FileNotSavedError(FileError):
    """The file could not be written; what was there before is untouched."""


class SelectionError(InpaintDesktopError):
    """The chosen measures, part or tune do not exist."""


class ModelError(InpaintDesktopError):
    """A model cannot be used."""


class WeightsError(ModelError):
    """A weight file is missing, damaged or does not match its card."""


class UnsuitableModelError(ModelError):
    """The model was not made for this music."""


class DeviceError(InpaintDesktopError):
    """A compute or audio device is not available."""


class ChildError(InpaintDesktopError):
    """The helper process did not answer."""


class ChildTimeoutError(ChildError):
    """The helper process took longer than it may."""


class ChildDiedError(ChildError):
    """The helper process crashed or ran out of memory."""


class SettingsError(InpaintDesktopError):
    """An option or a preference has a value it cannot have."""


class ConstraintError(SettingsError):
    """What is asked of new measures cannot be met, by itself or together."""


class Cancelled(InpaintDesktopError):  # noqa: N818 - not a failure, so it is not called one
    """The user called the work off."""
