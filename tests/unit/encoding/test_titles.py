"""Titles as they are compared."""

import pytest

from inpaint_desktop.encoding.titles import title_key


@pytest.mark.parametrize(("title", "key"), [("The Maid's Reel", "maid s reel"), ("Reel, The", "reel"), ("!", "")])
def test_titles_are_compared_by_their_words(title: str, key: str) -> None:
    assert title_key(title) == key
