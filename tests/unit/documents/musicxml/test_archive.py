import io
import zipfile

import pytest

from inpaint_desktop.documents.musicxml.archive import open_archive
from inpaint_desktop.errors import FileDamagedError, FileTooLargeError, FileUnsupportedError

CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container><rootfiles>
  <rootfile full-path="cover.pdf" media-type="application/pdf"/>
  <rootfile full-path="music/a &amp; b.xml" media-type="application/vnd.recordare.musicxml+xml"/>
</rootfiles></container>"""


def _packed(members: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        for name, content in members.items():
            member = zipfile.ZipInfo(name, (2001, 2, 3, 4, 5, 6))
            member.compress_type = method if name != "mimetype" else zipfile.ZIP_STORED
            packed.writestr(member, content)
    return target.getvalue()


MEMBERS: dict[str, bytes | str] = {
    "mimetype": "application/vnd.recordare.musicxml",
    "META-INF/container.xml": CONTAINER,
    "music/a & b.xml": "<old/>",
    "other.xml": "<other/>",
    "cover.pdf": b"\0\1\2",
}


def test_the_container_says_which_member_is_the_score() -> None:
    assert open_archive(_packed(MEMBERS), "tune.mxl").score == b"<old/>"


def test_the_only_xml_file_is_the_score_of_an_archive_without_a_container() -> None:
    assert open_archive(_packed({"tune.xml": "<tune/>", "x.png": b""}), "tune.mxl").score == b"<tune/>"


def test_an_unchanged_score_gives_the_very_same_bytes() -> None:
    content = _packed(MEMBERS)
    assert open_archive(content, "tune.mxl").with_score(b"<old/>") == content


def test_a_new_score_leaves_the_other_members_as_they_were() -> None:
    archive = open_archive(_packed(MEMBERS), "tune.mxl")
    changed = archive.with_score(b"<new/>")
    with zipfile.ZipFile(io.BytesIO(changed)) as packed:
        assert packed.namelist() == list(MEMBERS)
        assert packed.read("music/a & b.xml") == b"<new/>"
        assert packed.read("cover.pdf") == MEMBERS["cover.pdf"]
        assert packed.getinfo("mimetype").compress_type == zipfile.ZIP_STORED
        assert packed.getinfo("cover.pdf").date_time == (2001, 2, 3, 4, 5, 6)
    assert archive.with_score(b"<new/>") == changed


def test_an_archive_with_two_scores_and_no_container_is_refused() -> None:
    with pytest.raises(FileUnsupportedError, match="without a MusicXML score"):
        open_archive(_packed({"a.xml": "<a/>", "b.xml": "<b/>"}), "tune.mxl")


def test_a_damaged_member_is_reported() -> None:
    content = bytearray(_packed(MEMBERS, zipfile.ZIP_STORED))
    content[content.index(b"<old/>")] ^= 1
    with pytest.raises(FileDamagedError, match=r"tune\.mxl is a damaged zip archive"):
        open_archive(bytes(content), "tune.mxl")


def test_many_small_bombs_are_a_bomb() -> None:
    members: dict[str, bytes | str] = {f"{index}.xml": b" " * 999_999 for index in range(120)}
    with pytest.raises(FileTooLargeError, match="unpacks to far more"):
        open_archive(_packed(members), "tune.mxl")
