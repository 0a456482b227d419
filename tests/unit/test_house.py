"""The house stands as a newcomer is told: one name for one thing, a map of all its rooms, and one ear."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "handlers", "storage")
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def shared(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    """Return the names that stand at several places, with these places."""
    places = defaultdict(list)
    for name, place in pairs:
        places[name].append(place)
    return {name: found for name, found in places.items() if len(found) > 1}


def test_a_class_name_stands_for_one_thing() -> None:
    named = [
        (node.name, str(path.relative_to(ROOT)))
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]
    assert len(named) > 300
    assert shared(named) == {}


MADE_ALIKE = frozenset({"events", "table", "value"})  # of the two lives that have a room: an image's, and a use's


def test_at_most_eight_modules_share_their_name() -> None:
    """A command is named as the part it runs; beyond these few, whoever opens a file by its name finds one."""
    named = [
        (path.parent.name if path.name == "__init__.py" else path.stem, str(path.relative_to(ROOT)))
        for path in FILES
        if path.name != "__main__.py"
    ]
    assert len(named) > 300
    twins = shared(named)
    assert len(twins.keys() - MADE_ALIKE) <= 8, twins
    assert all(len(twins[name]) == 2 for name in MADE_ALIKE), twins


def test_the_readme_has_one_line_for_each_room() -> None:
    told = (ROOT / "README.md").read_text(encoding="utf-8").partition("## For newcomers to the code")[2]
    lines = re.findall(r"^\| `([\w/]+)/` \| \S", told, re.MULTILINE)
    rooms = {str(path.parent.relative_to(ROOT)) for path in FILES if path.name == "__init__.py"}
    assert sorted(lines) == sorted((rooms - {"bot"}) | {"tests"})


def test_the_administrators_token_is_read_by_the_purger_and_the_homeservers_own_process_alone() -> None:
    """The bot's process imports neither: `app` is what `consentry run` puts together."""
    naming = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "bot").rglob("*.py")
        if re.search(r"purger_token_file|admin_token\(|--token-file", path.read_text())
    }
    running = {"bot/homeserver/__init__.py", "bot/operate/embedded_homeserver.py", "bot/purger/__main__.py"}
    assert naming == {*running, "bot/demo/stage.py"}  # the demo starts all of them
    bot = (ROOT / "bot/operate/app.py").read_text() + (ROOT / "bot/commands/run.py").read_text()
    assert "embedded_homeserver" not in bot and "EmbeddedHomeserver" not in bot


# Whoever reads what people write, outside `bot.heard`: an account or a reference is only put right, wherever one comes in.
READERS = frozenset(
    {
        "almost_chosen",
        "caption_of",
        "chosen_in_words",
        "looks_like_a_code",
        "named_in_words",
        "new_words",
        "own_words",
        "parts_of",
        "quoted_words",
        "read_code",
        "read_purpose",
        "references_in",
        "states_purpose",
        "words_of",
        "words_said",
    }
)
WHERE_WORDS_STAND = frozenset({"body", "filename", "formatted_body", "itemtypes", "m.new_content"})
MAY_READ = {
    "handlers/photos/around.py": "what is open for a patient is looked up there, and then their words are heard, once",
    "handlers/photos/family_of.py": "whom somebody answers for is looked up there, and a reader is given their names",
    "handlers/photos/media_named.py": "it looks for the ids of media, by a pattern",
}


def reads(path: Path) -> set[str]:
    """Return what a file has to do with the text of a message: readers that it imports, patterns, and the words of an event."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.ImportFrom(module=str(module), names=names):
                found |= {
                    name.name
                    for name in names
                    if module.startswith(("bot.heard", "bot.core.dispatch.ear")) or name.name in READERS
                }
            case ast.Import(names=names):
                found |= {name.name for name in names if name.name.startswith("bot.heard") or name.name == "re"}
            case ast.Constant(value=str(value)) if value in WHERE_WORDS_STAND:
                found.add(value)
    return found


def test_handlers_know_no_text() -> None:
    """Whoever does a deed gets it as it was read, so that a page or a console can ask for the same without a word."""
    handlers = sorted((ROOT / "handlers").rglob("*.py"))
    reading = {str(path.relative_to(ROOT)): found for path in handlers if (found := reads(path))}
    assert reading.keys() == MAY_READ.keys(), reading


def test_every_reader_that_they_may_not_import_is_one() -> None:
    defined = {
        node.name
        for room in ("bot/domain", "bot/core/dispatch")
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    }
    assert defined >= READERS
