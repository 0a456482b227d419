"""What a patient's caption does: a refusal, a wish to have the photo back and a question are no reason (R34)."""

from __future__ import annotations

from bot.domain.conversation import Open
from bot.domain.deeds import (
    AskPractice,
    CaptionDeed,
    HoldPhoto,
    LosePhone,
    PassOn,
    Puzzle,
    SayStop,
    SayWhoseItIsNot,
    StateReason,
)

from .patient import Written, deed_of
from .whose import shows_somebody_else


def hear_caption(caption: str, *, answers_for_others: bool) -> CaptionDeed | None:
    """Return what the caption does; None where there is none.

    Anything else that stands under a photo is what the photo is about, as well as they could say it.
    """
    if not caption:
        return None
    deed = deed_of(Written(caption, frozenset({Open.REASON}), answers_for_others=answers_for_others))
    likely = deed.likely if isinstance(deed, Puzzle) else ()
    if isinstance(deed, HoldPhoto | SayStop) or likely[:1] == ("hold",):
        return HoldPhoto()
    if isinstance(deed, SayWhoseItIsNot):
        return SayWhoseItIsNot(as_shown=shows_somebody_else(caption))
    asked = isinstance(deed, AskPractice | LosePhone) and len(caption.split()) > 1  # "after" stands under many a photo
    return PassOn() if asked or {"question", "not me"} & set(likely) else StateReason()
