"""Where a model computes: one explicit device, named by the user or found."""

import torch

from inpaint_desktop.errors import DeviceError
from inpaint_desktop.settings import DEVICES


def device_of(name: str = "auto") -> torch.device:
    """Turn a name into a device; ``auto`` prefers CUDA, then MPS, then the processor.

    Raises:
        DeviceError: the name is unknown, or this machine has no such device.
    """
    available = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if name == "auto":
        name = next(kind for kind in ("cuda", "mps", "cpu") if available[kind])
    kind = name.split(":")[0]
    if kind not in available:
        message = f"'{name}' is not a device; choose one of {', '.join(DEVICES)}."
        raise DeviceError(message)
    if not available[kind]:
        message = f"This machine has no {kind.upper()} device that PyTorch can use; choose auto or cpu."
        raise DeviceError(message)
    return torch.device(name)
