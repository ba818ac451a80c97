"""Devices by name."""

from pathlib import Path

import pytest
import torch

from inpaint_desktop.errors import DeviceError
from inpaint_desktop.models import device
from inpaint_desktop.models.device import device_of, one_thread


def test_the_processor_is_always_there() -> None:
    assert device_of("cpu") == torch.device("cpu")


@pytest.mark.parametrize(
    ("cuda", "mps", "found"), [(0, False, "cpu"), (0, True, "mps"), (1, False, "cuda"), (2, True, "cuda")]
)
def test_auto_takes_the_fastest_device(monkeypatch: pytest.MonkeyPatch, cuda: int, mps: bool, found: str) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    assert device_of().type == found


@pytest.mark.parametrize("name", ["cuda", "cuda:0", "cuda:7", "mps", "cpu:1"])
def test_a_device_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    with pytest.raises(DeviceError, match=f"finds no device '{name}' on this machine; choose auto or cpu"):
        device_of(name)


def test_one_of_several_graphics_cards_may_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert device_of("cuda:1") == torch.device("cuda", 1)


@pytest.mark.parametrize("name", ["", "gpu", "cuda:", "cuda:x", "CPU", "cuda:0; rm"])
def test_what_is_not_a_device_is_refused(name: str) -> None:
    with pytest.raises(DeviceError, match="is not a device; choose one of auto, cpu, cuda, mps"):
        device_of(name)


def compute_wrongly() -> None:
    with one_thread():
        assert torch.get_num_threads() == 1
        raise ArithmeticError


def test_the_number_of_threads_comes_back_even_after_an_error() -> None:
    before = torch.get_num_threads()
    with pytest.raises(ArithmeticError):
        compute_wrongly()
    assert torch.get_num_threads() == before


@pytest.mark.parametrize(
    ("cuda", "has_driver", "is_unused"), [(None, True, True), ("13.0", True, False), (None, False, False)]
)
def test_a_card_is_unused_if_it_is_there_and_pytorch_was_built_without_cuda(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cuda: str | None, has_driver: bool, is_unused: bool
) -> None:
    driver = tmp_path / "version"
    if has_driver:
        driver.touch()
    monkeypatch.setattr(device, "_DRIVER_ON_LINUX", driver)
    monkeypatch.setattr(torch.version, "cuda", cuda)
    assert device.has_unused_card() is is_unused


def test_a_card_that_is_there_for_nothing_is_noted_in_the_log(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(device, "_DRIVER_ON_LINUX", tmp_path)
    monkeypatch.setattr(torch.version, "cuda", None)
    device_of("auto")
    assert device.UNUSED_CARD in caplog.text
