"""Questions to the practice: put in return, or about what becomes of a photo (R34).

"Is this infected?" asks what the photo is about, and so it says it: a question about what the photo shows is its reason.
"""

from __future__ import annotations

import re

from .plain import plain

_BEGINS = (
    r"(?:when|whens|what time|who|whos|whom|where|wheres|why|which|how|hows|what|whats|is|are|am|was|were|can|could"
    r"|should|shall|do|does|"
    r"did|has|have|had|will|would|may|might|any (?:news|update|idea|word|chance)|anyone|anybody)"
)
_LEAD = (
    r"^(?:(?:hi|hello|hey|dear \w+|good (?:morning|afternoon|evening)|sorry|please|just|um+|so|and|but|ok|okay"
    r"|also|excuse me|thanks|thank you|just wondering|quick question|question)[\s,.!-]+)*"
)
_ASKS = re.compile(rf"{_LEAD}{_BEGINS}\b")
_WONDERS = re.compile(
    r"\b(?:wondering (?:if|when|whether|how|what|who)|want to know|like to know|can you tell me|could you tell me"
    r"|let me know (?:if|when|what|how)|"
    r"do you know|dont know (?:if|whether|what|who|how|when) (?:i|you|to)|not sure (?:if|whether|how|what|who) (?:i"
    r"|you|to)|"
    r"any (?:news|update)s?\b|still waiting|havent heard|no one has (?:replied|answered|called)"
    r"|nobody has (?:replied|answered|called))"
)
_SHOWN = re.compile(
    rf"{_LEAD}(?:is|are|could|can|does|do|might|what|whats|should i be worried|do you think|you think|has|have"
    rf"|any idea what)\b"
    r"(?:\s+(?:you think|this|that|it|these|those|they|the|my|be|is|are|looks?|i have|i be|be worried|concerned|his"
    r"|her|anything|a|an|"
    r"still|just|really|also|worried about|someone tell me|anyone tell me))*\s+"
    r"(?:infect\w*|cancer\w*|melanoma|normal|shingles|ringworm|eczema|impetigo|healing|healed|serious|contagious"
    r"|broken|fractur\w+|"
    r"worse|swollen|allerg\w+|rash|mole|wart|spot|lump|bite|sting|burn|cellulitis|psoriasis|hives|chicken ?pox"
    r"|measles|scabies|thrush|"
    r"abscess|boil|cyst|bruise|wound|cut|scar|nail|fung\w+|look\w*|bad|ok|okay|worrying|dangerous|ingrown|stitches"
    r"|ulcer|gout|acne|blister\w*)"
)
_PROCESS = re.compile(
    r"\b(?:looked at|seen (?:it|this|my|them|the)|see (?:it|this|my photo|them|the photo)|get (?:it|this|that|them"
    r"|my photo|my photos|the photo)|got (?:it|this|my)|"
    r"received?|arrived?|come through|came through|reply|replied|answer|hear back|result|results|appointment|open"
    r"|opening|hours|cost|"
    r"charge|free|safe|secure|private|privacy|confidential|encrypted|keep (?:it|them|my|the)|kept|stored?|deleted?"
    r"|who (?:will|can|else|sees|is)|"
    r"how long|how do i|how can i|do i (?:need|have)|should i (?:send|take|come|call|go|wait|keep|stop|use|put|see)"
    r"|can i (?:send|come|get|have|see|talk|speak|call|ring|book|take|use|still|shower|swim|go)|"
    r"call me|ring me|prescription|refill|script|when (?:will|is|can|do|does|are)|what happens|what do you (?:need"
    r"|want)|why do you|which doctor|your (?:address|number|phone|fax|email)|"
    r"how many|send (?:another|more|a|you)|another (?:photo|picture|pic)|doctor|dr\b|nurse|anyone|anybody|you there"
    r"|someone)\b"
)


def asks(text: str) -> bool:
    """Return whether these words ask the practice something, and not only what the photo shows."""
    words = plain(text).strip()
    if _WONDERS.search(words):
        return True
    marked = "?" in words
    begins = bool(_ASKS.match(words)) or any(
        _ASKS.match(part.strip()) for part in re.split(r"[.!?\n]\s*", words) if part.strip()
    )
    if not (marked or begins):
        return False
    if _PROCESS.search(words):
        return True
    return bool(marked and not _SHOWN.search(words) and _ASKS.match(words) and len(words.split()) < 6)
