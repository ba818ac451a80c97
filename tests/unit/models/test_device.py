"""One explicit device, or a sentence that says why not."""

import pytest
import torch

from inpaint_desktop.errors import DeviceError
from inpaint_desktop.models.device import device_of


def test_the_processor_is_always_there() -> None:
    assert device_of("cpu") == torch.device("cpu")


def test_auto_finds_a_device_that_computes() -> None:
    assert torch.ones(2, device=device_of()).sum().item() == 2


def test_an_unknown_device_is_refused() -> None:
    with pytest.raises(DeviceError, match="'tpu' is not a device; choose one of auto"):
        device_of("tpu")


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has CUDA")
def test_a_device_that_is_not_there_is_refused() -> None:
    with pytest.raises(DeviceError, match="no device .cuda. on this machine"):
        device_of("cuda")


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs CUDA")
def test_cuda_is_preferred() -> None:
    assert device_of().type == "cuda"
