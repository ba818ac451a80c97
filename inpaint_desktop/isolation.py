"""A child process for work that can crash, hang or fill the memory.

The field's readers and engravers do all three on some real files. They are therefore called
in a process of its own: it is started when it is first needed, limited in time and, where the
system can, in memory, and replaced after it has died. The caller gets a value or one of the
program's errors; the program itself goes on whatever the child does.

Requests, values and errors travel by pickle between the two processes of one program and
nowhere else. What the child prints is thrown away: a person reads the program's sentences only.
"""

import contextlib
import importlib
import logging
import multiprocessing
import operator
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from types import ModuleType
from typing import Self, TypeVar, overload

from inpaint_desktop.errors import ChildDiedError, ChildError, ChildTimeoutError, InpaintDesktopError

MEMORY_LIMIT_BYTES = 1280 * 1024**2  # music21 needs 200 MB for 2,000 full measures
STOP_TIMEOUT_S = 5.0

_Request = TypeVar("_Request")
_Value = TypeVar("_Value")

_main_module_lock = threading.Lock()

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Task:
    """What the child is to do; without a function it imports the module and answers nothing."""

    module: str
    function: str = ""
    request: bytes = b""


@dataclass(frozen=True, slots=True)
class _Success:
    """What the function returned."""

    value: object


@dataclass(frozen=True, slots=True)
class _Failure:
    """An error in parts, as error classes differ in what their constructors take."""

    error_class: type[InpaintDesktopError]
    message: str
    attributes: Mapping[str, object] = field(default_factory=dict)
    trace: str = ""

    def to_error(self) -> InpaintDesktopError:
        """Put the error together again without calling its constructor."""
        error = self.error_class.__new__(self.error_class, self.message)
        error.__dict__.update(self.attributes)
        return error


class ChildProcess:
    """Runs functions in a process of its own, one at a time.

    It may be used from several threads; their calls wait for each other, only ``close`` does
    not wait: a call that is under way then fails with ``ChildDiedError``. After that, and after
    any death of the child, the next call starts a new one.
    """

    def __init__(self, *, memory_limit_bytes: int = MEMORY_LIMIT_BYTES) -> None:
        self._memory_limit_bytes = memory_limit_bytes
        self._child: _RunningChild | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def warm_up(self, module: str) -> None:
        """Start the child and let it import ``module`` while the caller does something else."""
        with self._lock, contextlib.suppress(OSError):  # if it fails, it will fail again in ``call``, which says so
            self._running_child().send(_Task(module))

    @overload
    def call(self, function: Callable[[_Request], _Value], request: _Request, *, time_limit_s: float) -> _Value: ...

    @overload
    def call(self, function: str, request: object, *, time_limit_s: float) -> object: ...

    def call(self, function: Callable[..., object] | str, request: object, *, time_limit_s: float) -> object:
        """Return what ``function(request)`` returns in the child.

        Args:
            function: a function of a module; or its name, ``"package.module:function"``, for
                a module that only the child may import.
            request: what the function takes; the child gets a copy.
            time_limit_s: how long it may take, the start of the child included.

        Raises:
            ChildTimeoutError: it took longer; the child has been ended.
            ChildDiedError: the child crashed or ran out of memory.
            ChildError: the child could not be started, or the function raised an error that is
                none of the program's own, which is then in the log.
            InpaintDesktopError: what the function raised.
        """
        task = _Task(*_name_of(function), bytes(ForkingPickler.dumps(request)))
        with self._lock:
            reply = self._reply_to(task, time_limit_s)
        if isinstance(reply, _Success):
            return reply.value
        if reply.trace:
            logger.error("The helper process failed.\n%s", reply.trace)
        raise reply.to_error()

    def close(self) -> None:
        """End the child, if there is one."""
        if (child := self._child) is None:
            return
        child.stop()
        with self._lock:
            if self._child is child:
                self._discard_child()

    def _running_child(self) -> "_RunningChild":
        if self._child is None or not self._child.is_alive():
            self._discard_child()
            self._child = _RunningChild(self._memory_limit_bytes)
        return self._child

    def _discard_child(self) -> None:
        if self._child is not None:
            self._child.stop()
            self._child.release()
            self._child = None

    def _reply_to(self, task: _Task, time_limit_s: float) -> _Success | _Failure:
        try:
            child = self._running_child()
        except OSError as error:
            message = f"The helper process could not be started ({error}). Close other programs and try again."
            raise ChildError(message) from error
        is_reusable = False
        try:
            with child.limited_to(time_limit_s):
                reply = child.reply_to(task)
            is_reusable = not (isinstance(reply, _Failure) and reply.error_class is ChildDiedError)
        finally:  # whatever happened, Ctrl+C included: a late answer must not be taken for the next one
            if not is_reusable:
                self._discard_child()
        return reply


class _RunningChild:
    """The process and the parent's end of the pipe to it."""

    def __init__(self, memory_limit_bytes: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, childs_end = context.Pipe()
        with childs_end:
            self._process = context.Process(target=_serve, args=(childs_end, memory_limit_bytes), daemon=True)
            with _without_main_module():
                self._process.start()

    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.is_alive()

    def send(self, task: _Task) -> None:
        """Send a task without waiting for an answer."""
        self._connection.send(task)

    def reply_to(self, task: _Task) -> _Success | _Failure:
        """Send a task and wait for the answer.

        Raises:
            ChildDiedError: the process ended before it answered.
        """
        try:
            self.send(task)
            reply: _Success | _Failure = self._connection.recv()
        except (EOFError, OSError) as error:
            message = "The helper process crashed."
            raise ChildDiedError(message) from error
        return reply

    @contextlib.contextmanager
    def limited_to(self, time_limit_s: float) -> Iterator[None]:
        """End the process if the block takes longer, which makes the block's ``reply_to`` fail.

        Raises:
            ChildTimeoutError: it took longer.
        """
        has_expired = threading.Event()

        def expire() -> None:
            has_expired.set()
            self.stop()

        timer = threading.Timer(time_limit_s, expire)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()
            if has_expired.is_set():
                message = f"The helper process took longer than {time_limit_s:g} seconds and was stopped."
                raise ChildTimeoutError(message)

    def stop(self) -> None:
        """End the process; it leaves no zombie."""
        self._process.terminate()
        self._process.join(STOP_TIMEOUT_S)
        self._process.kill()
        self._process.join()

    def release(self) -> None:
        """Close the pipe to a process that has ended."""
        self._connection.close()


def _name_of(function: Callable[..., object] | str) -> tuple[str, str]:
    if isinstance(function, str):
        module, _, name = function.partition(":")
        return module, name
    return function.__module__, function.__qualname__


@contextlib.contextmanager
def _without_main_module() -> Iterator[None]:
    """Hide ``__main__`` from ``multiprocessing``, which would import it in the child.

    It may be a script that imports all of torch.
    """
    with _main_module_lock:
        main_module = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main_module


def _serve(connection: "Connection[object, _Task]", memory_limit_bytes: int) -> None:
    """Work in the child until the parent closes the connection."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches both; the parent decides
    _silence_output()
    _limit_memory(memory_limit_bytes)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(EOFError):
        while True:
            task = connection.recv()
            reply = _perform(task)
            if task.function:
                connection.send_bytes(_packed(reply))


def _silence_output() -> None:
    with contextlib.suppress(OSError), Path(os.devnull).open("wb") as sink:
        for stream in (1, 2):
            os.dup2(sink.fileno(), stream)


def _limit_memory(limit_bytes: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    _, hard_limit = resource.getrlimit(resource.RLIMIT_AS)
    with contextlib.suppress(ValueError, OSError):  # macOS knows the limit, but does not let it be set
        resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, hard_limit))


def _end_with_parent() -> None:
    """End the process at once when the parent has been killed, whatever it is busy with."""
    if (parent := multiprocessing.parent_process()) is not None:
        wait([parent.sentinel])
        os._exit(1)


def _perform(task: _Task) -> _Success | _Failure:
    try:
        module = importlib.import_module(task.module)
        if not task.function:
            return _Success(None)
        function = operator.attrgetter(task.function)(module)
        return _Success(function(ForkingPickler.loads(task.request)))
    except InpaintDesktopError as error:
        return _Failure(type(error), str(error), vars(error))
    except MemoryError:
        return _Failure(ChildDiedError, "The helper process ran out of memory.")
    except Exception as error:  # noqa: BLE001 - the border: every foreign error becomes one of ours
        return _foreign(error)


def _packed(reply: _Success | _Failure) -> bytes:
    try:
        return bytes(ForkingPickler.dumps(reply))
    except Exception as error:  # noqa: BLE001 - pickling runs code of the value's classes
        return bytes(ForkingPickler.dumps(_foreign(error)))


def _foreign(error: Exception) -> _Failure:
    message = f"The helper process met an unexpected error ({type(error).__name__}: {error})."
    return _Failure(ChildError, message, trace="".join(traceback.format_exception(error)))
