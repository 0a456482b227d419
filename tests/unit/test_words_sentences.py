"""Every message that is named anywhere can be written in words."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from inspect import signature
from pathlib import Path

import pytest

from bot.domain.message import Message, message, together
from bot.words.phrases import as_configured
from bot.words.sentence import Sentence, in_words, sentence

ROOT = Path(__file__).parents[2]


def named_by_id() -> Iterator[tuple[str, str, set[str]]]:
    """Yield where a message is named by its id, the id, and the names of its arguments."""
    for path in (*ROOT.glob("bot/**/*.py"), *ROOT.glob("handlers/**/*.py"), *ROOT.glob("storage/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "message":
                (first,) = node.args
                assert isinstance(first, ast.Constant), f"{path}: an id is written out, so that this test can find it"
                yield str(path.relative_to(ROOT)), str(first.value), {one.arg or "**" for one in node.keywords}


@pytest.mark.parametrize(("where", "id", "args"), list(named_by_id()))
def test_a_message_named_by_its_id_is_a_sentence_and_has_all_its_arguments(where: str, id: str, args: set[str]) -> None:
    module, name = id.split(".")
    found = getattr(import_module(f"bot.words.{module}"), name, None)
    assert isinstance(found, Sentence), where
    assert args == set(signature(found.english).parameters), where


def test_no_two_sentences_are_written_alike() -> None:
    written: dict[str, set[str]] = {}
    for path in (ROOT / "bot/words").glob("*.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef):
                body = [part for part in node.body if part.lineno > node.lineno and not _is_a_docstring(part)]
                written.setdefault("\n".join(map(ast.unparse, body)), set()).add(f"{path.stem}.{node.name}")
    assert len(written) > 300
    assert [names for names in written.values() if len(names) > 1] == []


def _is_a_docstring(part: ast.stmt) -> bool:
    return isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)


def test_a_sentence_names_itself_and_what_stands_in_it() -> None:
    assert as_configured("Call 000.") == Message("phrases.as_configured", {"words": "Call 000."})
    assert in_words(as_configured("Call 000.")) == "Call 000."


def test_several_messages_are_said_once_each_and_in_order() -> None:
    first, second = message("phrases.as_configured", words="One."), message("phrases.as_configured", words="Two.")
    assert together([None, None]) is None
    assert together([first, None, first]) == first
    both = together([first, second, first])
    assert both is not None
    assert in_words(both) == "One. Two."


def test_each_argument_of_a_sentence_has_a_name() -> None:
    def nameless(*refs: str) -> str:
        return ", ".join(refs)

    with pytest.raises(TypeError, match="has a name"):
        sentence(nameless)
