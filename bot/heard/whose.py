"""Words by which a sender says that a photo does not show them, nor anybody they answer for."""

from __future__ import annotations

import re

_PERSON = r"(?:somebody|someone|some one|another person|a different person|another patient)(?:\s+else)?"
_NOT_ME = r"not\s+(?:of\s+)?(?:me|myself|my\s+(?:own\s+)?body|mine)"
_SUBJECT = r"(?:(?:this|that|it|the photo|the picture|this photo|this picture)(?:\s*(?:is|was|'s|’s|shows))?\s+)?"
_SAID = re.compile(
    rf"^\s*(?:(?:IMG[\s–—-]?[0-9A-Z]{{4,8}})\s*[:,]?\s*)?{_SUBJECT}(?:(?:of|shows)\s+{_PERSON}|{_PERSON}|{_NOT_ME})"
    r"(?=\s*$|\s*[.,:;!–—-])(?!\s*[’'])",
    re.IGNORECASE,
)


LONGEST = 200  # characters, far more than such words have


def shows_somebody_else(text: str) -> bool:
    """Return whether these words say so: they begin with it, but for a reference."""
    return bool(_SAID.match(" ".join(text.split())[:LONGEST]))
