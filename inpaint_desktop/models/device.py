"""Where a model computes: one explicit device, named by the user or found."""

import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes.util import find_library
from pathlib import Path

import torch

from inpaint_desktop.errors import DeviceError
from inpaint_desktop.settings import DEVICES

UNUSED_CARD = "this build computes without the NVIDIA card of this machine; the guide says how to use it"

_NAME = re.compile(r"(cpu|cuda|mps)(?::(\d{1,3}))?")
_DRIVER_ON_LINUX = Path("/proc/driver/nvidia/version")

logger = logging.getLogger(__name__)


def device_of(name: str = "auto") -> torch.device:
    """Turn a name into a device; ``auto`` prefers CUDA, then MPS, then the processor.

    Raises:
        DeviceError: the name is unknown, or this machine has no such device.
    """
    counts = {"cuda": torch.cuda.device_count(), "mps": int(torch.backends.mps.is_available()), "cpu": 1}
    if name == "auto":
        if has_unused_card():
            logger.warning("Device auto: %s.", UNUSED_CARD)
        return torch.device(next(kind for kind, count in counts.items() if count))
    match = _NAME.fullmatch(name)
    if match is None:
        message = f"'{name}' is not a device; choose one of {', '.join(DEVICES)}."
        raise DeviceError(message)
    if int(match[2] or 0) >= counts[match[1]]:
        message = f"PyTorch finds no device '{name}' on this machine; choose auto or cpu."
        raise DeviceError(message)
    return torch.device(name)


def has_unused_card() -> bool:
    """Whether this machine has an NVIDIA card and its driver, but a PyTorch that was built without CUDA."""
    if torch.version.cuda is not None:
        return False
    return _DRIVER_ON_LINUX.exists() or (sys.platform == "win32" and find_library("nvcuda") is not None)


@contextmanager
def one_thread() -> Iterator[None]:
    """Compute on one thread of the processor, and give back what was set before.

    Steps as small as a model's ticks lose more by waiting for each other than they gain by being shared,
    most of all while another program computes too; and the sums do not depend on how many cores there are.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
