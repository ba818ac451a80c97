"""Titles of tunes, as they are compared."""

import re


def title_key(title: str) -> str:
    """A title as it is compared: its words without signs and articles."""
    words = re.findall(r"[^\W_]+", title.casefold())
    return " ".join(word for word in words if word not in {"the", "a", "an"})
