"""Words that say a phone is lost or stolen."""

from __future__ import annotations

import re

from .plain import plain

_DEVICE = r"(?:phone|mobile|iphone|android|handset|cell(?:phone)?|ipad|tablet|device|samsung|galaxy)"
_LOSES = re.compile(
    rf"\b(?:lost|lose|losing|misplaced|mislaid|nicked|stole|stolen|pinched|robbed|snatched|swiped|took"
    rf"|missing)\b[^.!?\n]{{0,25}}\b{_DEVICE}\b"
    rf"|\b{_DEVICE}\b[^.!?\n]{{0,30}}\b(?:lost|stolen|nicked|pinched|missing|gone missing|been taken|was taken"
    rf"|got taken|snatched|swiped|disappeared|is gone|robbed)\b"
    rf"|\b(?:left|forgot|dropped)\b[^.!?\n]{{0,20}}\b{_DEVICE}\b[^.!?\n]{{0,20}}\b(?:on|in|at|into) (?:the |a "
    rf"|my )?(?:bus|train|tram|taxi|cab|uber|ferry|plane|cafe|pub|shop|toilet|sea|river|beach|park|gym|cinema"
    rf"|street)\b"
    rf"|\b(?:cant|couldnt|cannot) find (?:my |the |his |her )?(?:\w+ )?{_DEVICE}\b"
    rf"|\bsome(?:one|body) (?:else )?(?:has|took|stole|got|grabbed) my (?:\w+ )?{_DEVICE}\b"
)
_NOT = re.compile(
    rf"\b(?:found|got back|havent lost|didnt lose|not lost|nearly lost|almost lost)\b[^.!?\n]{{0,25}}\b{_DEVICE}\b"
    rf"|\blost (?:\w+ )?(?:signal|reception|charge|battery|power)\b"
)


def loses_a_phone(text: str) -> bool:
    """Return whether these words say that a phone is lost, of themselves or somebody else."""
    words = plain(text)
    return bool(_LOSES.search(words)) and not _NOT.search(words)
