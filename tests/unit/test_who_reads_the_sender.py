"""A sender is a fact about origin (R28): the few modules that may read it, and for what."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAY_READ = {
    # the fact itself, and the verdicts
    "bot/circles.py": "loads it for authority",
    "bot/copied.py": "leaves out of a copy the words and name of who sent a misfiled photo (R30)",
    "bot/domain/authority.py": "judges what concerns somebody's own sending",
    "bot/domain/image/colleagues.py": "a colleague's own photo is theirs to look after",
    "storage/tables.py": "the index",
    # what concerns their own sending: taking it in, the question about it, the receipt, why it was not kept
    "bot/consequences.py": "questions about it, and what became of it",
    "bot/effects/capture.py": "the same photo sent twice",
    "bot/hearing.py": "who hears of their own sending",
    "bot/telling.py": "photos that come together, and the one message back",
    "handlers/answer_question.py": "who is said to have answered",
    "handlers/ask_what_is_missing.py": "the question about it",
    "handlers/colleague_image.py": "the question about it",
    "handlers/delete_message.py": "whose deletion it can be",
    "handlers/delete_own.py": "a colleague's own copy (R18)",
    "handlers/match.py": "the question about it",
    "handlers/send_image.py": "one crowd for each sender",
    "handlers/somebody_else.py": "which of their photos words are about",
    "handlers/speak.py": "which of their photos words are about",
    "handlers/statements.py": "a colleague's statement about it",
    # origin, as the record says it
    "bot/documents.py": "whose words are theirs, and are not kept, or do not go along, without them",
    "bot/effects/file_image.py": "origin (R14)",
    "bot/refiled.py": "the colleague who sent it hears wrong patient (R30)",
    "bot/retention.py": "questions about what is destroyed",
    "handlers/attest_anew.py": "who attested it before (R30)",
    "handlers/correct.py": "nobody corrects in another's name",
    "handlers/long_words.py": "whose words a caption is",
    "handlers/reply.py": "whether a tap is needed (R29)",
    "handlers/two_people.py": "nobody decides as staff about what they sent as a patient (R33)",
}


def reads_the_sender(path: Path) -> bool:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return any(isinstance(node, ast.Attribute) and node.attr == "sender_id" for node in nodes)


def test_R28_only_these_modules_read_who_sent_it() -> None:
    sources = [path for top in ("bot", "handlers", "storage") for path in (ROOT / top).rglob("*.py")]
    assert {str(path.relative_to(ROOT)) for path in sources if reads_the_sender(path)} == MAY_READ.keys()
