"""Remembers drawings of systems, those that were asked for last and as many as there is room for."""

from inpaint_desktop.engraving.drawing import Drawing


class RememberedDrawings:
    """Drawings by their keys; ``room`` is how many letters they may have all together."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._size = 0
        self._drawings: dict[bytes, Drawing] = {}

    def __len__(self) -> int:
        return len(self._drawings)

    def __contains__(self, key: bytes) -> bool:
        return key in self._drawings

    def get(self, key: bytes) -> Drawing:
        """The drawing that was remembered under a key."""
        drawing = self._drawings.pop(key)
        self._drawings[key] = drawing
        return drawing

    def add(self, key: bytes, drawing: Drawing) -> None:
        """Remember a drawing, and forget those that were not asked for longest where there is no more room."""
        self._drawings[key] = drawing
        self._size += drawing.size
        while self._size > self._room:
            self._size -= self._drawings.pop(next(iter(self._drawings))).size
