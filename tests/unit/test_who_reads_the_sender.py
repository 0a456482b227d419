"""A sender is a fact about origin (R28): the few modules that may read it, and for what."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAY_READ = {
    # the fact itself, and the verdicts
    "bot/core/circles.py": "loads it for authority",
    "bot/core/copy_contents.py": "leaves out of a copy the name and words of whoever sent a misfiled photo (R30)",
    "bot/domain/authority/hearing.py": "judges what concerns somebody's own sending",
    "bot/domain/authority/consenting.py": "whom a request goes to first",
    "bot/domain/image/attesting.py": "a colleague's own photo is theirs to look after",
    "storage/journal/tables/image_tables.py": "the index",
    "storage/journal/list_rows.py": "a question in the order of that index",
    # what concerns their own sending: taking it in, the question about it, the receipt, why it was not kept
    "bot/core/consequences.py": "questions about it, and what became of it",
    "bot/core/effects/capture.py": "the same photo sent twice",
    "bot/core/who_may_hear.py": "who hears of their own sending",
    "bot/core/telling.py": "photos that come together, and the one message back",
    "handlers/photos/answer_question.py": "who is said to have answered",
    "handlers/photos/ask_what_is_missing.py": "the question about it",
    "handlers/photos/message_deleted.py": "whose deletion it can be",
    "handlers/colleagues/ask_own_device.py": "a colleague's own copy (R18)",
    "handlers/photos/match.py": "the question about it",
    "handlers/photos/arriving_together.py": "one crowd for each sender",
    "handlers/photos/which_to_hold.py": "which of their photos words are about",
    "handlers/photos/whose_after_all.py": "only who said whose it is takes it back, by a tap",
    "handlers/photos/written_about.py": "which of their photos words are about",
    "handlers/photos/own_image.py": "a colleague's own photo is none of theirs as a patient (R33)",
    "handlers/photos/edit.py": "whose edit it can be",
    "bot/core/on_duty.py": "duty is not told of what they sent themselves",
    "handlers/photos/hold_photo.py": "whether they hear already that it stays",
    "handlers/colleagues/statements.py": "a colleague's statement about it",
    "bot/core/lists/held_images.py": "what a hold asks of its sender alone, and which colleague filed it",
    # origin, as the record says it
    "bot/core/documents.py": "whose words are theirs, a caption too, and are not kept, or do not go along, without them",
    "bot/core/effects/file_image.py": "origin (R14)",
    "bot/core/after_refiling.py": "the colleague who sent it hears wrong patient (R30)",
    "bot/core/wrong_readers.py": "what they sent themselves, they knew: that is no breach (R25)",
    "bot/core/retention_due.py": "questions about what is destroyed",
    "handlers/colleagues/attest_anew.py": "who attested it before (R30)",
    "handlers/photos/correct.py": "nobody corrects in another's name",
    "handlers/team/reply.py": "whether a tap is needed (R29)",
    "handlers/people/never_theirs.py": "what somebody sent whose code was never theirs is held (R15)",
    "handlers/people/undo_link.py": "which of the photos held again were theirs, and which they let in (R15)",
    "handlers/people/two_people.py": "nobody decides as staff about what they sent as a patient (R33)",
}


def reads_the_sender(path: Path) -> bool:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return any(isinstance(node, ast.Attribute) and node.attr == "sender_id" for node in nodes)


def test_R28_only_these_modules_read_who_sent_it() -> None:
    sources = [path for top in ("bot", "handlers", "storage") for path in (ROOT / top).rglob("*.py")]
    assert {str(path.relative_to(ROOT)) for path in sources if reads_the_sender(path)} == MAY_READ.keys()
