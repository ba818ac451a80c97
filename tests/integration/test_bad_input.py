"""Whatever a file holds, ``fill`` ends soon, in little memory, with one sentence and exit code 2."""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from inpaint_desktop.documents.opening import open_content
from inpaint_desktop.errors import FileError
from inpaint_desktop.paths import resources_folder

TIME_LIMIT_S = 20
MEMORY_LIMIT_BYTES = 2 * 1024**3
TUNES = resources_folder() / "tunes"
ABC = (TUNES / "soldiers-joy.abc").read_text(encoding="utf-8")
XML = (TUNES / "auld-lang-syne.musicxml").read_text(encoding="utf-8")
NOISE = random.Random(1).randbytes(20_000)
WALTZ = "X:1\nT:A Waltz\nM:3/4\nL:1/8\nK:G\n" + "G2 B2 d2|c2 A2 F2|G2 B2 g2|f2 d2 B2|\n" * 3
ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
ENTITY_BOMB = (
    f'<?xml version="1.0"?>\n<!DOCTYPE score-partwise [<!ENTITY e0 "ha">{ENTITIES}]>\n'
    "<score-partwise><work><work-title>&e9;</work-title></work>" + XML[XML.index("<part-list") :]
)
# Linux begins the account of a new program with the size of the one that started it: a small one has to do that.
MEASURED = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""
ATTRIBUTES = " ".join(f"a{n} CDATA '1'" for n in range(10_000))

pytestmark = [
    pytest.mark.usefixtures("own_folders"),
    pytest.mark.skipif(sys.platform == "win32", reason="it measures memory as Unix does"),
]


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    error: str
    memory_bytes: int


def run(*arguments: str, before: str = "") -> Ended:
    """Run the program to its end; the memory is that of its largest process."""
    program = ["sh", "-c", f'{before} exec "$@"', "sh", sys.executable, "-m", "inpaint_desktop", *arguments]
    command = [sys.executable, "-S", "-c", MEASURED, *program]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True) as one:
        timer = threading.Timer(TIME_LIMIT_S, os.killpg, (one.pid, signal.SIGKILL))
        timer.start()
        memory, error = one.communicate()
        timer.cancel()
    return Ended(one.returncode, error.decode(), int(memory or 0) * (1 if sys.platform == "darwin" else 1024))


def assert_refused(ended: Ended, *words: str) -> None:
    """One sentence (or two), no traceback, exit code 2, and no more memory than half of the limit a process."""
    assert ended.code == 2
    assert ended.error.startswith("inpaint-desktop: ")
    assert ended.error.count("\n") == 1
    assert "Traceback" not in ended.error
    for word in words:
        assert re.search(word, ended.error), ended.error
    assert ended.memory_bytes < MEMORY_LIMIT_BYTES / 2  # there are two processes


def zip_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "META-INF/container.xml", '<container><rootfiles><rootfile full-path="a.xml"/></rootfiles></container>'
        )
        with archive.open("a.xml", "w") as member:
            member.write(XML[: XML.rindex("<")].encode())
            for _ in range(300):
                member.write(b" " * 1_000_000)


# What stands in the file; what the sentence must name: the file, the place, the remedy.
FILES: dict[str, tuple[str, bytes | str, tuple[str, ...]]] = {
    "empty file": ("a.abc", b"", (r"a\.abc is empty", "choose a file")),
    "random bytes as ABC": ("a.abc", NOISE, (r"a\.abc is not a score", "choose an ABC or a MusicXML file")),
    "random bytes as MusicXML": ("a.musicxml", NOISE, (r"a\.musicxml is not MusicXML", "export it again")),
    "random bytes as MXL": ("a.mxl", b"PK\x03\x04" + NOISE, (r"a\.mxl", "[Ee]xport")),
    "truncated MusicXML": ("a.xml", XML[:9000], (r"a\.xml", r"breaks off in line \d+", "Export it again")),
    "truncated ABC": ("a.abc", ABC[: len(ABC) // 2], (r"a\.abc, line \d+", "breaks off", "open a complete copy")),
    "XML entity bomb": ("a.musicxml", ENTITY_BOMB, (r"a\.musicxml", "in line 2", "remove the declarations")),
    "huge meter": (
        "a.abc",
        WALTZ.replace("3/4", "999999999/1"),
        (r"a\.abc, line 3", "M:999999999/1", "write one such"),
    ),
    "a million beats": (
        "a.musicxml",
        re.sub(r"<beats>\d+<", "<beats>1000000<", XML, count=1),
        (r"a\.musicxml, measure 0", "1000000/4", "give it up to 64 beats"),
    ),
    "a million measures of ABC": (
        "a.abc",
        WALTZ + "G6|" * 330_000,
        (r"a\.abc", "more than 2,000 measures", "split it"),
    ),
    "a million measures of MusicXML": (
        "a.xml",
        XML.replace("</part>", "<measure/>" * 1_000_000 + "</part>", 1),
        (r"a\.xml has more than 2,000 measures", "split it"),
    ),
    "a million elements in each other": (
        "a.xml",
        XML.replace("</part>", "<a>" * 1_000_000 + "</a>" * 1_000_000 + "</part>", 1),
        (r"a\.xml has more elements, or deeper ones",),
    ),
    "an element from outside": (
        "a.xml",
        XML[: XML.index("<!DOCTYPE")]
        + '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hosts">]>'
        + XML[XML.index("<score-") :],
        (r"a\.xml", r"line \d", "remove the declarations"),
    ),
    "waltz": ("a.abc", WALTZ, (r"a\.abc", "Measure 2 is in 3/4", "choose measures in 4/4 or 2/2")),
}


# Refused at the first look, so that no process need be started to see it.
HOSTILE: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "one line of ABC, ten million characters long": ("a.abc", WALTZ + "G" * 10_000_000, (r"a\.abc", "split it")),
    "a note as long as a year": (
        "a.abc",
        WALTZ + "G1000000000|",
        (r"a\.abc, line 9, column 1", "1000000000", "write one such"),
    ),
    "NULs in ABC": ("a.abc", WALTZ + "\0\0|", (r"a\.abc is not a score", "choose an ABC or a MusicXML file")),
    "a note of MusicXML as long as a year": (
        "a.xml",
        re.sub(r"<duration>\d+<", "<duration>1000000000<", XML, count=1),
        (r"a\.xml, measure 0", "<duration>1000000000</duration>", r"line \d+, column \d+"),
    ),
    "ten thousand attributes for each of a thousand notes": (
        "a.xml",
        XML[: XML.index("<!DOCTYPE")]
        + f"<!DOCTYPE a [<!ATTLIST note {ATTRIBUTES}>]>"
        + XML[XML.index("<score-") :].replace("</measure>", "<note/>" * 1000 + "</measure>", 1),
        (r"a\.xml has more elements, or deeper ones",),
    ),
    "NULs in MusicXML": (
        "a.xml",
        XML.replace("<work-title>", "<work-title>\0"),
        (r"a\.xml is not well-formed", r"line \d+"),
    ),
    "half of a character in MusicXML": (
        "a.xml",
        XML.replace("<work-title>", "<work-title>&#xD800;"),
        (r"a\.xml is not well-formed", r"line \d+, column \d+"),
    ),
}

# They look broken, but hold music all the same.
ODD: dict[str, tuple[str, bytes]] = {
    "half of a character in UTF-8": ("a.abc", WALTZ.encode() + b"% \xed\xa0\x80\n"),
    "half of a character in MusicXML, as bytes": (
        "a.xml",
        XML.encode().replace(b"<work-title>", b"<work-title>\xed\xa0\x80"),
    ),
    "a line of two million characters": (
        "a.xml",
        XML.replace("</part>", "<!--" + "x" * 2_000_000 + " --></part>").encode(),
    ),
}


@pytest.mark.parametrize(("name", "content", "words"), FILES.values(), ids=FILES.keys())
def test_a_bad_file_is_refused_in_one_sentence(
    tmp_path: Path, weights: Path, name: str, content: bytes | str, words: tuple[str, ...]
) -> None:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    model = ("--model", str(weights), "--out", str(tmp_path / "takes"))
    assert_refused(run("fill", str(path), "--measures", "2-3", *model), *words)
    assert not (tmp_path / "takes").exists()


@pytest.mark.parametrize(("name", "content", "words"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_is_refused_at_the_first_look(name: str, content: str, words: tuple[str, ...]) -> None:
    with pytest.raises(FileError) as refusal:
        open_content(content.encode(), name)
    for word in words:
        assert re.search(word, str(refusal.value))


@pytest.mark.parametrize(("name", "content"), ODD.values(), ids=ODD.keys())
def test_an_odd_file_is_opened_and_saved_byte_for_byte(name: str, content: bytes) -> None:
    assert open_content(content, name).to_bytes() == content


def test_a_zip_bomb_is_refused(tmp_path: Path, weights: Path) -> None:
    zip_bomb(tmp_path / "a.mxl")
    ended = run("fill", str(tmp_path / "a.mxl"), "--measures", "2", "--model", str(weights))
    assert_refused(ended, r"a\.mxl unpacks to far more", "export it again")


def test_a_missing_file_is_refused(tmp_path: Path, weights: Path) -> None:
    ended = run("fill", str(tmp_path / "a.abc"), "--measures", "2", "--model", str(weights))
    assert_refused(ended, r"a\.abc cannot be read \(No such file or directory\)", "check that it is there")


def test_measures_outside_the_tune_are_refused(weights: Path) -> None:
    ended = run("fill", str(TUNES / "ode-to-joy.abc"), "--measures", "15-18", "--model", str(weights))
    assert_refused(ended, r"ode-to-joy\.abc", "There is no measure 18", "measures 1 to 16")


@pytest.mark.parametrize("size", [-1, 1000], ids=["a changed byte", "truncated"])
def test_damaged_weights_are_refused(tmp_path: Path, weights: Path, size: int) -> None:
    content = bytearray(weights.read_bytes())
    content[500] ^= 1
    (tmp_path / "hurt.safetensors").write_bytes(content[:size] if size > 0 else content)
    shutil.copy(weights.with_suffix(".json"), tmp_path / "hurt.json")
    ended = run("fill", str(TUNES / "ode-to-joy.abc"), "--measures", "3", "--model", str(tmp_path / "hurt.safetensors"))
    assert_refused(ended, r"hurt\.safetensors", "the file is damaged", "Install the program again")


def test_a_full_disk_is_said_so_and_leaves_no_half_of_a_file(tmp_path: Path, weights: Path) -> None:
    command = ("fill", str(TUNES / "ode-to-joy.abc"), "--measures", "3", "--takes", "1", "--model", str(weights))
    full = "unset COVERAGE_PROCESS_START COVERAGE_PROCESS_CONFIG; ulimit -f 0;"  # coverage would want to write too
    ended = run(*command, "--out", str(tmp_path / "takes"), before=full)
    assert_refused(ended, r"ode-to-joy-take-1\.abc could not be saved", "another folder")
    assert list((tmp_path / "takes").iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_said_so(tmp_path: Path, weights: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    command = ("fill", str(TUNES / "ode-to-joy.abc"), "--measures", "3", "--takes", "1", "--model", str(weights))
    assert_refused(run(*command, "--out", str(folder)), r"ode-to-joy-take-1\.abc could not be saved", "another folder")
    assert_refused(run(*command, "--out", str(folder / "takes")), "cannot be made", "another place")
