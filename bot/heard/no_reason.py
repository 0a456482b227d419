"""Words that are never what a photo is about: a refusal, a wish to take it back, a question put in return (R34)."""

from __future__ import annotations

import re

from bot.domain.conversation import yes_or_no

_TAKES_BACK = re.compile(
    r"^(?:no[,.!]?\s+)?(?:please\s+)?(?:stop|withdraw|delete|remove|cancel|undo)\b"
    r"|\b(?:do\s*n[o'’]?t|never)\s+(?:want|use|share|file|keep|save|store|send)\b"
    r"|\b(?:delete|remove|withdraw|cancel|destroy)\s+(?:it|this|that|them|the\s+(?:photo|picture|image)s?)\b"
    r"|\bwrong\s+(?:patient|person|photo|picture|image)\b",
    re.IGNORECASE,
)
_ASKS_BACK = re.compile(
    r"^(?:but\s+)?(?:why\s+(?:do|must|should|would)\s+(?:you|i)"
    r"|what\s+do\s+you\s+(?:need|want)"
    r"|who\s+(?:will|can|gets|sees|else|is\s+going)"
    r"|(?:do|must|should)\s+i\b"
    r"|is\s+(?:this|it)\s+(?:safe|private|secure|confidential))\b.*\?\s*$",
    re.IGNORECASE | re.DOTALL,
)


def takes_back(text: str) -> bool:
    """Whether they clearly wish that a photo is not kept or used, in other words than those that do it."""
    return bool(_TAKES_BACK.search(text.strip()))


def is_no_reason(text: str) -> bool:
    """Whether they are clearly one of these; "is this infected?" says what a photo is about."""
    return yes_or_no(text) is False or takes_back(text) or bool(_ASKS_BACK.match(text.strip()))
