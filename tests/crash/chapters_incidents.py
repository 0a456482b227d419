"""Chapters about what nobody wishes for: a photo called back, the law asks for one, somebody leaves."""

from __future__ import annotations

from tests.crash.chapters import FILED, Chapter, V, kim, lee, sam, says
from tests.crash.chapters_uses import BEFORE, TEACH, WITH_DERM, taps

SHARED = (*BEFORE, TEACH, taps(sam, "Yes"))
DEMANDED = '!required-by-law REF basis "subpoena 12" authority "Local Court" recipient "the registrar"'

INCIDENTS = (
    Chapter(
        "called back from the wrong person",
        (says(lee, "!recall REF"), says(kim, '!breach BREACH outcome "no serious harm is likely"')),
        (V,),
        SHARED,
    ),
    Chapter("required by law", (says(kim, DEMANDED),), (V,), FILED),
    Chapter("a colleague leaves", (says(kim, "!leaves @derm:hs.test to @lee:hs.test"),), (V,), (*WITH_DERM, *FILED)),
    Chapter("a patient leaves", (says(kim, "!patient-leaves 10421"), taps(kim, "Leaves")), (V,), SHARED),
)
