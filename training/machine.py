"""What the machine offers to training: a device, threads, bfloat16 where it pays, and one seed for all."""

import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
import torch._dynamo

from inpaint_desktop.models.device import device_of
from inpaint_desktop.models.gru import compile_kernels

MOST_COMPILED_SHAPES = 512

_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class Machine:
    """Where training computes, whether products run in bfloat16 there, and whether step functions are compiled."""

    device: torch.device
    autocast: bool
    compiled: bool = False

    def casting(self) -> torch.autocast:
        """The context in which losses are computed."""
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.autocast)


PLAIN = Machine(torch.device("cpu"), autocast=False)


def set_up(device: str = "auto", *, threads: int = 0, compiled: bool = False) -> Machine:
    """Prepare this process; ``threads`` 0 leaves PyTorch's own choice.

    Raises:
        DeviceError: this machine has no such device.
    """
    found = device_of(device)
    torch.set_flush_denormal(True)  # gradients shrink into denormals, which halve a processor's speed
    if threads:
        torch.set_num_threads(threads)
    if compiled:
        torch._dynamo.config.cache_size_limit = MOST_COMPILED_SHAPES  # one a combination of batch and span
        compile_kernels()
    return Machine(found, bfloat16_pays(found), compiled)


def bfloat16_pays(device: torch.device) -> bool:
    """Whether products in bfloat16 are faster than in 32 bits; on some processors they are far slower."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    capabilities: dict[str, bool] = getattr(torch.cpu, "get_capabilities", dict)()
    return device.type == "cpu" and bool(capabilities.get("amx_bf16") or capabilities.get("avx512_bf16"))


def seed_everything(seed: int) -> np.random.Generator:
    """Seed Python, NumPy's old generator and PyTorch, and return a new generator of NumPy's."""
    random.seed(seed)
    np.random.seed(seed)  # libraries may draw from it
    torch.manual_seed(seed)
    return np.random.default_rng(seed)


def at_once(calls: Sequence[Callable[[], _Found]], workers: int) -> list[_Found]:
    """What every call gives, ``workers`` of them at work at a time, each with one thread to compute with."""
    with ThreadPoolExecutor(workers, initializer=torch.set_num_threads, initargs=(1,)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]
