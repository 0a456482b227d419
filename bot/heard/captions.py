"""What a patient's caption does: a refusal, a wish to have the photo back and a question are no reason (R34)."""

from __future__ import annotations

from bot.domain.conversation import Open
from bot.domain.deeds import (
    AskPractice,
    CaptionDeed,
    GiveAnswer,
    HoldPhoto,
    LosePhone,
    PassOn,
    Puzzle,
    SayStop,
    SayWhoseItIsNot,
    StateReason,
)
from bot.domain.purposes import states_purpose

from .kin import has_it_too
from .patient import Written, deed_of
from .plain import plain
from .small_talk import is_courtesy, says_nothing
from .whose import shows_somebody_else


def hear_caption(caption: str, *, answers_for_others: bool, answers_for_self: bool = False) -> CaptionDeed | None:
    """Return what the caption does; None where there is none, or it says nothing: thanks, "photo", "will explain later".

    Anything else that stands under a photo is what the photo is about, as well as they could say it.
    """
    if not caption:
        return None
    said = Written(
        caption,
        frozenset({Open.REASON}),
        answers_for_others=answers_for_others,
        answers_for_self=answers_for_self,
    )
    deed = deed_of(said)
    likely = deed.likely if isinstance(deed, Puzzle) else ()
    if isinstance(deed, HoldPhoto | SayStop) or likely[:1] == ("hold",):
        return HoldPhoto()
    if isinstance(deed, SayWhoseItIsNot):
        return SayWhoseItIsNot(as_shown=shows_somebody_else(caption))
    words = plain(caption)
    if answers_for_others and not answers_for_self and has_it_too(words):
        return SayWhoseItIsNot()
    nothing = isinstance(deed, GiveAnswer) or is_courtesy(words) or says_nothing(words)
    if nothing and not states_purpose(caption):
        return None
    asked = isinstance(deed, AskPractice | LosePhone) and len(caption.split()) > 1  # "after" stands under many a photo
    return PassOn() if asked or {"question", "not me"} & set(likely) else StateReason()
