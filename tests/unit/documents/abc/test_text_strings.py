import pytest

from inpaint_desktop.documents.abc.text_strings import plain


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("The Wire Fence", "The Wire Fence"),
        (r"Cl\'ar \"Uber \`a \^o ma\~nana", "Clár Über à ô mañana"),
        (r"Fa\cca\dhe \vz \uo \Ho", "Façaðe ž ŏ ő"),
        (r"Bj\/orn, \aase, gro\ss, \oe \AE", "Bjørn, åse, groß, œ Æ"),
        (r"\u00c5 and \ud800", "Å and \\ud800"),
        ("Caf&eacute; &amp; Tea &#233; A&B", "Café & Tea é A&B"),
        (r"50\% more \& back\\slash", "50% more & back\\slash"),
        ("  spaces  ", "spaces"),
    ],
)
def test_letters_written_in_ascii_are_meant_with_their_accents(written: str, meant: str) -> None:
    assert plain(written) == meant
