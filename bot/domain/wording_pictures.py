"""What the bot says of pictures as files: the terms in a copy that leaves, what a file carried, how a photo could be better.

Part of `wording`, under its version. Never where a picture was taken, nor what it shows.
"""

from __future__ import annotations

from collections.abc import Iterable

from .formats import MediaType
from .purposes import Purpose, spoken
from .screening import Also, Findings, Hint


def terms_in_copy(practice: str, purpose: Purpose) -> str:
    """Written into the file of a copy that leaves, so that the terms stay with it."""
    what = "care of this patient" if purpose is Purpose.CARE else spoken(purpose)
    return f"{practice}: confidential. For {what} only, as agreed. Do not pass on, publish or store elsewhere."


def page_shown(ref: str, number: int, count: int, *, is_last: bool) -> str:
    """With a page of a document that is shown as a picture; `is_last`: no more of them are shown."""
    more = f" All {count} pages are in the file above." if is_last and number < count else ""
    return f"{ref}, page {number} of {count}.{more}"


# A copy shows pages. What else there is to a document is said where it is shown.
NOT_SHOWN = {
    Also.ATTACHMENTS: "Other files are attached to it; they are not shown.",
    Also.MEDIA: "It holds sound, film or a 3D model, which is not shown.",
    Also.HIDDEN: "It has hidden parts, which are not shown.",
}


def not_shown(found: Findings) -> str:
    """What a document has besides its pages, in a sentence each; "" when that is nothing."""
    return " ".join(said for also, said in NOT_SHOWN.items() if also in found.also)


# In this order: a dark photo also measures as blurred, so exposure is mended first.
TIPS = {
    Hint.DARK: "It looks rather dark: if you take another, daylight helps.",
    Hint.BRIGHT: "It looks very bright: if you take another, try it without flash.",
    Hint.BLURRED: "It looks a little blurred: if you take another, hold still and tap the spot on the screen first.",
    Hint.SMALL: "It is quite small: if you can, send the original size.",
}
ITS_PLACE = "Your photo carried its location; copies sent on do not."


def about_the_file(found: Iterable[Findings]) -> str:
    """One line to the sender about what they sent, with a tip at the most; "" when there is nothing to say."""
    found = list(found)
    hints = {hint for one in found for hint in one.hints}
    told = [ITS_PLACE] if any(one.place for one in found) else []
    told += [tip for hint, tip in TIPS.items() if hint in hints][:1]
    return " ".join(told)


def not_viewable(ref: str, media_type: str, found: Findings) -> str:
    """To the practice: the original is safe, and what can be done to see it."""
    what = f"{ref} is filed as it came, but can't be viewed here"
    if media_type == MediaType.DICOM:
        several = f" of {found.frames} pictures" if found.frames > 1 else ""
        return f"{what}: it is a DICOM file{several}. Open the original in the system it belongs to; consentry record export gives it."
    ask = "for a photo of it" if media_type == MediaType.PDF else "for a new photo"
    return (
        f"{what} ({found.why}). If it must be seen, ask {ask} with !reply; consentry record export gives the original."
    )


LOOKS_SECONDARY = "It may be a photo of a film or a screen: if it is, please review the original on its own platform."
