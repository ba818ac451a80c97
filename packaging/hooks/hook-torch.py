"""PyTorch: what computing needs. The compiler, exporters, the distributed parts and the tests are left out.

The hook that comes with PyInstaller takes everything in. This one takes what imports lead to, and the libraries.
``torch.testing`` and ``torch_shm_manager`` look as if they could be left out, too, but ``import torch`` asks for them.
"""

from collections.abc import Iterator
from pathlib import Path

from PyInstaller.utils.hooks import PY_DYLIB_PATTERNS, collect_dynamic_libs, get_package_paths

LIBRARIES_OF_TESTS = ("libtorchbind_test", "libjitbackend_test", "libbackend_with_compiler", "libaoti_custom_ops")
COMPILED_AT_IMPORT = ("torch.distributions", "torch.functional", "torch.jit", "torch.nn")

folder = Path(get_package_paths("torch")[1])


def is_of_tests(path: str) -> bool:
    """Whether a library is there for the tests of PyTorch only."""
    return "test" in Path(path).parts or any(name in path for name in LIBRARIES_OF_TESTS)


def modules_that_read_themselves() -> Iterator[str]:
    """The modules whose settings PyTorch finds by reading their source when it is imported."""
    for path in folder.rglob("*config*.py"):
        if "install_config_module(" in path.read_text(encoding="utf-8"):
            yield ".".join(("torch", *path.relative_to(folder).with_suffix("").parts))


binaries = [
    (source, target)
    for source, target in collect_dynamic_libs("torch", search_patterns=[*PY_DYLIB_PATTERNS, "*.so.*"])
    if not is_of_tests(source)
]
binaries += [(str(path), "torch/bin") for path in folder.glob("bin/torch_shm_manager*")]
bindepend_symlink_suppression = ["**/torch/lib/*.so*"]
module_collection_mode = {
    "torch": "pyz",
    **dict.fromkeys((*COMPILED_AT_IMPORT, *modules_that_read_themselves()), "pyz+py"),
}
warn_on_missing_hiddenimports = False
