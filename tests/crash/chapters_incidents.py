"""Chapters about what nobody wishes for: a photo called back, the law asks for one, somebody leaves."""

from __future__ import annotations

from tests.crash.chapters import FILED, Chapter, V, ada, deletes_last_words, enters_lobby, kim, lee, sam, says
from tests.crash.chapters_uses import BEFORE, TEACH, WITH_DERM, taps

CLOSED = says(kim, '!breach BREACH outcome "no serious harm is likely"')
SHARED = (*BEFORE, TEACH, taps(sam, "Yes"))
DEMANDED = '!required-by-law REF basis "subpoena 12" authority "Local Court" recipient "the registrar"'
# Ada is a patient with an account; Sam's photo turned out to be hers.
ADA_IS_HERE = (
    says(kim, '!enrol patient 20001 "Ada Byron" 1990-12-10'),
    enters_lobby,
    says(ada, "CODE", room="!lobby-ada"),
    says(ada, "BORN", room="!lobby-ada"),
)
TO_ADA = (says(kim, "!refile REF 20001 1990-12-10"), says(kim, "move NUMBER"))
MOVED_TO_ADA = (*ADA_IS_HERE, *FILED, *TO_ADA)

INCIDENTS = (
    Chapter(
        "called back from the wrong person",
        (says(lee, "!recall REF"), CLOSED),
        (V,),
        SHARED,
    ),
    Chapter(
        "a reply called back from the wrong person",
        (says(lee, "!reply REF use the cream"), says(lee, "!recall REF"), CLOSED),
        (V,),
        FILED,
        heard=(("@sam:hs.test", "sent to you by mistake"),),
    ),
    Chapter(
        "of two replies one called back, with a tap",
        (says(kim, "!recall REF"), taps(kim, "By Dr Lee"), CLOSED),
        (V,),
        (*FILED, says(lee, "!reply REF use the cream"), says(lee, "!reply REF twice a day")),
        heard=(("@sam:hs.test", "sent to you by mistake"), ("@lee:hs.test", "has called back your reply")),
    ),
    Chapter(
        "a reply that its author deletes",
        (deletes_last_words(lee),),
        (V,),
        (*FILED, says(lee, "!reply REF use the cream")),
        heard=(("@lee:hs.test", "only; the record keeps it"),),
    ),
    Chapter(
        "a reply to whom the photo belongs to now, with a tap",
        (says(lee, "!reply REF use the cream"), taps(lee, "Ada Byron")),
        (V,),
        MOVED_TO_ADA,
        heard=(("@ada:hs.test", "use the cream"),),
        unheard=(("@sam:hs.test", "use the cream"),),
    ),
    Chapter(
        "a reply nobody is chosen for",
        (says(lee, "!reply REF use the cream"),),
        (V,),
        MOVED_TO_ADA,
        unheard=(("@ada:hs.test", "use the cream"), ("@sam:hs.test", "use the cream")),
    ),
    Chapter(
        "moved after the wrong patient was replied to",
        (*TO_ADA, CLOSED),
        (V,),
        (*ADA_IS_HERE, *FILED, says(lee, "!reply REF use the cream"), says(sam, "my images")),
        heard=(("@sam:hs.test", "not about you"),),
        unheard=(("@ada:hs.test", "use the cream"),),
    ),
    Chapter("required by law", (says(kim, DEMANDED),), (V,), FILED),
    Chapter("a colleague leaves", (says(kim, "!leaves @derm:hs.test to @lee:hs.test"),), (V,), (*WITH_DERM, *FILED)),
    Chapter("a patient leaves", (says(kim, "!patient-leaves 10421"), taps(kim, "Leaves")), (V,), SHARED),
)
