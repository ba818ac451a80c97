"""An index of runs (see ``runs``): which tunes have a run with a given hash.

It holds hashes and titles, and no music. On disk, hashes are sorted and divided: how many there are for each value
of the upper 16 bits (65,536), and of each the lower 32 bits (R,); beside them stands the tune of each (R,), as its
place among the titles, which are UTF-8 text with a line for each. Shapes: R runs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

VERSION = 1
MOST_TITLES = 2**16
_UPPERS = 2**16
_LOWER_BITS = 32
_LOWEST = 2**_LOWER_BITS - 1

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class RunIndex:
    """What is on disk; of the counts, where the hashes with each value of the upper bits begin (65,537,)."""

    starts: NDArray[np.int64]
    lowers: NDArray[np.uint32]
    places: NDArray[np.uint16]
    titles: tuple[str, ...]

    @classmethod
    def of(cls, runs: Iterable[tuple[int, str]]) -> Self:
        """Make an index of hashes and titles; the same pairs in any order give the same index.

        Raises:
            ValueError: there are more than ``MOST_TITLES`` titles.
        """
        pairs = sorted({(number, " ".join(title.split())) for number, title in runs})
        titles = sorted({title for _, title in pairs})
        if len(titles) > MOST_TITLES:
            message = f"An index has room for {MOST_TITLES} titles, not for {len(titles)}."
            raise ValueError(message)
        place = {title: index for index, title in enumerate(titles)}
        hashes = np.array([number for number, _ in pairs], np.uint64)
        counts = np.bincount((hashes >> np.uint64(_LOWER_BITS)).astype(np.int64), minlength=_UPPERS)
        lowers = (hashes & np.uint64(_LOWEST)).astype(np.uint32)
        return cls(_starts(counts), lowers, np.array([place[title] for _, title in pairs], np.uint16), tuple(titles))

    @property
    def hashes(self) -> NDArray[np.uint64]:
        """All hashes in ascending order, (R,)."""
        upper = np.repeat(np.arange(_UPPERS, dtype=np.uint64), np.diff(self.starts))
        return (upper << np.uint64(_LOWER_BITS)) | self.lowers

    def titles_of(self, number: int) -> tuple[str, ...]:
        """The titles of the tunes that have the run with a hash."""
        start, stop = self.starts[number >> _LOWER_BITS : (number >> _LOWER_BITS) + 2]
        found = self.places[start:stop][self.lowers[start:stop] == number & _LOWEST]
        return tuple(self.titles[place] for place in found)

    def packed(self) -> Arrays:
        """The index as arrays that take little room."""
        return {
            "counts": np.diff(self.starts).astype(np.uint16),
            "lowers": self.lowers,
            "places": self.places,
            "titles": np.frombuffer("\n".join(self.titles).encode(), np.uint8),
        }

    @classmethod
    def unpacked(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Read what ``packed`` gave.

        Raises:
            KeyError: an array is missing.
            ValueError: the arrays do not belong together.
        """
        starts, lowers, places = _starts(arrays["counts"]), arrays["lowers"], arrays["places"]
        titles = tuple(arrays["titles"].tobytes().decode().split("\n"))
        is_whole = len(starts) == _UPPERS + 1 and starts[-1] == len(lowers) == len(places)
        if not is_whole or places.max(initial=0) >= len(titles):
            message = "The arrays of the index do not belong together."
            raise ValueError(message)
        return cls(starts, lowers, places, titles)


def _starts(counts: NDArray[Any]) -> NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))
