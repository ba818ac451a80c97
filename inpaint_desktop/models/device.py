"""Where a model computes: one explicit device, named by the user or found."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from inpaint_desktop.errors import DeviceError
from inpaint_desktop.settings import DEVICES

_NAME = re.compile(r"(cpu|cuda|mps)(?::(\d{1,3}))?")


def device_of(name: str = "auto") -> torch.device:
    """Turn a name into a device; ``auto`` prefers CUDA, then MPS, then the processor.

    Raises:
        DeviceError: the name is unknown, or this machine has no such device.
    """
    counts = {"cuda": torch.cuda.device_count(), "mps": int(torch.backends.mps.is_available()), "cpu": 1}
    if name == "auto":
        return torch.device(next(kind for kind, count in counts.items() if count))
    match = _NAME.fullmatch(name)
    if match is None:
        message = f"'{name}' is not a device; choose one of {', '.join(DEVICES)}."
        raise DeviceError(message)
    if int(match[2] or 0) >= counts[match[1]]:
        message = f"PyTorch finds no device '{name}' on this machine; choose auto or cpu."
        raise DeviceError(message)
    return torch.device(name)


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
