"""One program for one person: a second start hands its files to the first and ends."""

import hashlib
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from inpaint_desktop import paths

ANSWER_TIMEOUT_MS = 3000
_CONNECT_TIMEOUT_MS = 500
_ANSWER = b"taken\n"
_MOST_BYTES = 100_000


def own_name() -> str:
    """The name under which this person's program is found on this machine."""
    whose = f"{paths.state_folder()} {os.environ.get('DISPLAY', '')} {os.environ.get('WAYLAND_DISPLAY', '')}"
    return f"{paths.APP_NAME}-{hashlib.sha256(whose.encode()).hexdigest()[:16]}"


class SingleInstance(QObject):
    """Hands files to the program that runs already, or takes them from those that start later.

    Signals:
        files_received: another start hands over files; carries a tuple of paths, which may be empty.
    """

    files_received = Signal(object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_server_new_connection)

    def hand_over(self, files: Sequence[Path]) -> bool:
        """Give ``files`` to the program that runs already; say whether there is one and it took them."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_CONNECT_TIMEOUT_MS):
            return False
        socket.write(json.dumps([str(path.absolute()) for path in files]).encode() + b"\n")
        is_answered = socket.waitForReadyRead(ANSWER_TIMEOUT_MS) and socket.readAll().data() == _ANSWER
        socket.close()
        return is_answered

    def listen(self) -> bool:
        """Take files from later starts; say whether that is possible here."""
        if self._server.listen(self._name):
            return True
        QLocalServer.removeServer(self._name)  # left behind by a program that was killed
        return self._server.listen(self._name)

    def close(self) -> None:
        """Take no more files."""
        self._server.close()

    def _on_server_new_connection(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.setParent(self)
            socket.readyRead.connect(self._on_socket_ready_read)
            socket.disconnected.connect(socket.deleteLater)
            self._take_from(socket)

    def _on_socket_ready_read(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket):
            self._take_from(socket)

    def _take_from(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            if socket.bytesAvailable() > _MOST_BYTES:
                socket.abort()
            return
        with suppress(ValueError):
            names = json.loads(bytes(socket.readLine(_MOST_BYTES).data()))
            if isinstance(names, list):
                socket.write(_ANSWER)
                socket.flush()
                self.files_received.emit(tuple(Path(name) for name in names if isinstance(name, str)))
