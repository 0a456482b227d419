"""What has a table or named transitions in `bot/domain` changes by them alone: nothing else writes its state, or its row."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
STATES = {"state", "stage", "standing", "progress", "used_at", "closed_at"}
WITH_A_LAW = {
    "images",
    "documents",
    "questions",
    "invitations",
    "choices",
    "bursts",
    "breaches",
    "uses",
    "verifications",
    "deliveries",
    "people",
}


def test_no_state_is_written_outside_the_domain() -> None:
    assert [
        f"{path}:{call.lineno}" for path, call in _calls("replace") if STATES & {one.arg for one in call.keywords}
    ] == []


def test_no_row_is_saved_that_was_changed_on_the_spot() -> None:
    saved = [(path, call) for path, call in _calls("save") if _table(call) in WITH_A_LAW]
    assert len(saved) > 20, "the calls are found"
    assert [f"{path}:{call.lineno}" for path, call in saved if _is_replace(call.args[0])] == []


def _calls(name: str) -> Iterator[tuple[Path, ast.Call]]:
    for top in ("bot", "handlers", "storage"):
        for file in (ROOT / top).rglob("*.py"):
            path = file.relative_to(ROOT)
            if path.parts[:2] == ("bot", "domain"):
                continue
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and name == _name(node.func):
                    yield path, node


def _name(called: ast.expr) -> str:
    return called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""


def _table(save: ast.Call) -> str:
    """`images` of `tx.rows.images.save(…)`."""
    return _name(save.func.value) if isinstance(save.func, ast.Attribute) else ""


def _is_replace(saved: ast.expr) -> bool:
    return isinstance(saved, ast.Call) and _name(saved.func) == "replace"
