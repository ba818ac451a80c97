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

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class RunIndex:
    """Hashes in ascending order (R,), the place of the title of each (R,), and the titles."""

    hashes: NDArray[np.uint64]
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
        return cls(hashes, np.array([place[title] for _, title in pairs], np.uint16), tuple(titles))

    def __contains__(self, number: int) -> bool:
        place = np.searchsorted(self.hashes, np.uint64(number))
        return bool(place < len(self.hashes) and self.hashes[place] == number)

    def titles_of(self, number: int) -> tuple[str, ...]:
        """The titles of the tunes that have the run with a hash."""
        first, last = (np.searchsorted(self.hashes, np.uint64(number), side) for side in ("left", "right"))
        return tuple(self.titles[place] for place in self.places[first:last])

    def packed(self) -> Arrays:
        """The index as arrays that take little room."""
        upper = (self.hashes >> np.uint64(_LOWER_BITS)).astype(np.int64)
        return {
            "counts": np.bincount(upper, minlength=_UPPERS).astype(np.uint16),
            "lowers": (self.hashes & np.uint64(2**_LOWER_BITS - 1)).astype(np.uint32),
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
        places, titles = arrays["places"], tuple(arrays["titles"].tobytes().decode().split("\n"))
        upper = np.repeat(np.arange(len(arrays["counts"]), dtype=np.uint64), arrays["counts"])
        if not len(upper) == len(arrays["lowers"]) == len(places) or places.max(initial=0) >= len(titles):
            message = "The arrays of the index do not belong together."
            raise ValueError(message)
        return cls((upper << np.uint64(_LOWER_BITS)) | arrays["lowers"], places, titles)
