"""The machine: an explicit device, and one seed for everything."""

import random

import numpy as np
import pytest
import torch

from inpaint_desktop.errors import DeviceError
from training.machine import Machine, bfloat16_pays, seed_everything, set_up


def test_one_seed_fixes_every_source_of_random_numbers() -> None:
    def draws() -> tuple[float, float, float, float]:
        generator = seed_everything(5)
        return random.random(), float(np.random.random()), torch.rand(()).item(), generator.random()

    assert draws() == draws()


def test_a_device_that_is_not_there_is_refused() -> None:
    with pytest.raises(DeviceError):
        set_up("tpu")


def test_threads_are_as_asked_for() -> None:
    before = torch.get_num_threads()
    set_up("cpu", threads=1)
    assert torch.get_num_threads() == 1
    torch.set_num_threads(before)


def test_bfloat16_is_for_processors_that_have_it() -> None:
    capabilities = torch.cpu.get_capabilities()
    has_it = bool(capabilities.get("amx_bf16") or capabilities.get("avx512_bf16"))
    assert bfloat16_pays(torch.device("cpu")) == has_it
    assert not bfloat16_pays(torch.device("mps"))


def test_products_are_cast_only_where_it_pays() -> None:
    weights = torch.ones(4, 4)
    for autocast, kind in ((True, torch.bfloat16), (False, torch.float32)):
        with Machine(torch.device("cpu"), autocast).casting():
            assert (weights @ weights).dtype == kind
