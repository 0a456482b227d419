"""What a patient can ask for by name, in their own words: their images, a copy, help, a correction."""

from __future__ import annotations

import re

from bot.domain.deeds import CorrectReason, Deed, GetCopy, SeeHelp, SeeImages
from bot.domain.references import as_reference

from .plain import bare

_PLEASE = (
    r"(?:(?:please|can i|could i|can you|could you|hi|hello|id like to|i want to|i would like to|show me|show"
    r"|see|get|have|send me|send|list|a|all|the|me)\s+)*"
)
_MINE = r"(?:my|of my|me my)\s+"
_THINGS = r"(?:images?|photos?|pictures?|pics?|imgs?)"
_END = r"(?:\s+(?:please|thanks|thank you|list|again))*"
_ASKED: tuple[tuple[re.Pattern[str], Deed], ...] = (
    (
        re.compile(
            rf"^{_PLEASE}{_MINE}{_THINGS}{_END}$|^what (?:do you|photos do you|have you got|pictures do you"
            rf"|images do you) (?:hold|have|keep|got)?"
            rf"(?: (?:about|of|on|from))? ?me?{_END}$|^status{_END}$|^{_PLEASE}list of my {_THINGS}{_END}$"
        ),
        SeeImages(),
    ),
    (
        re.compile(
            rf"^{_PLEASE}(?:my copy|copy of (?:my|the|all my) (?:record|records|file|files|data|{_THINGS}|notes"
            rf"|everything)|copy of everything|"
            rf"my (?:record|records|file|data)|copy){_END}$"
        ),
        GetCopy(),
    ),
    (
        re.compile(
            rf"^{_PLEASE}(?:help|help me|menu|commands|options|info|instructions|what can (?:you|i) do(?: here)?"
            rf"|how does (?:this|it) work|"
            rf"how do i use this|what can i (?:ask|say|write|type)){_END}$"
        ),
        SeeHelp(),
    ),
)
_CORRECT = re.compile(
    r"^[!\s]*(?:please\s+)?(?:correct(?:ion)?|change|fix)[\s:]+(?:the\s+)?(?:reason\s+(?:for"
    r"|of)\s+)?(img[\s–—-]*[0-9a-z]{4,8})[\s:,;–—-]*(?:to|is|should be|:)?\s*(.*)$",
    re.IGNORECASE | re.DOTALL,
)


def wanted(text: str) -> Deed | None:
    """Return what the whole message asks for by name; None where it does not."""
    if found := _CORRECT.match(text.strip()):
        return CorrectReason(as_reference(found[1]), found[2].strip())
    words = bare(text)
    return next((deed for pattern, deed in _ASKED if pattern.match(words)), None)
