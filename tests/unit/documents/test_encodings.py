import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop.documents.encodings import Codec, decode, decode_xml

TEXT = "X:1\r\nT:Ceol Rinc\u00e9\nK:D\rDEF|\r\n"
XML = '<?xml version="1.0" encoding="{}"?>\r\n<work-title>\u00c9amonn</work-title>\n'


@pytest.mark.parametrize(
    ("content", "codec"),
    [
        (TEXT.encode(), Codec("utf-8")),
        (b"\xef\xbb\xbf" + TEXT.encode(), Codec("utf-8", b"\xef\xbb\xbf")),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), Codec("utf-16-le", b"\xff\xfe")),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), Codec("utf-16-be", b"\xfe\xff")),
        (TEXT.encode("latin-1"), Codec("latin-1")),
    ],
)
def test_text_comes_back_without_its_mark_and_encodes_to_the_same_bytes(content: bytes, codec: Codec) -> None:
    text, found = decode(content)
    assert (text, found) == (TEXT, codec)
    assert found.encode(text) == content


@pytest.mark.parametrize("declared", ["UTF-8", "ISO-8859-1", "windows-1252", "utf8", "Shift_JISX0213"])
def test_the_declared_encoding_of_xml_is_believed(declared: str) -> None:
    text = XML.format(declared)
    assert decode_xml(text.encode(declared))[0] == text


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_seen_in_xml(name: str) -> None:
    content = XML.format("UTF-16").encode(name)
    text, codec = decode_xml(content)
    assert text.startswith("<?xml")
    assert codec.encode(text) == content


def test_a_wrong_declaration_loses_nothing() -> None:
    content = XML.format("us-ascii").encode("cp1252") + b"\x93\x94"
    text, codec = decode_xml(content)
    assert "\u00c9amonn" in text
    assert codec.encode(text) == content


@pytest.mark.parametrize("declared", ["punycode", "zip", "unicode_escape", "idna", "no-such-codec"])
def test_codecs_that_are_not_character_sets_are_not_used(declared: str) -> None:
    assert decode_xml(XML.format(declared).encode())[1] == Codec("utf-8")


@given(
    st.binary(max_size=60), st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"<?xml encoding='big5'"])
)
def test_any_bytes_come_back(rest: bytes, start: bytes) -> None:
    content = start + rest
    for read in (decode, decode_xml):
        text, codec = read(content)
        assert codec.encode(text) == content
