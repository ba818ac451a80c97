"""What the project's own pages point at is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
EXPECTATIONS = ROOT / "docs" / "what-users-expect.md"
LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)\s]*)?\)")
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def names_of_tests(path: Path) -> set[str]:
    """The names of the tests of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))
    inside = [link for link in links if not link.startswith(("http://", "https://", "mailto:"))]
    assert [link for link in inside if not (page.parent / link).exists()] == []


def test_every_expectation_names_tests_that_exist() -> None:
    rows = [row for row in EXPECTATIONS.read_text(encoding="utf-8").splitlines() if row.startswith("| ")]
    cited = {row: TEST.findall(row) for row in rows if not row.endswith("held by |")}
    assert len(cited) == 10 + 18 + 15
    assert [row for row, tests in cited.items() if not tests] == []
    named = {name for tests in cited.values() for name in tests}
    assert [name for name in sorted(named) if name[1] not in names_of_tests(ROOT / name[0])] == []
