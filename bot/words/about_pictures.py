"""What the bot says of pictures as files: the terms in a copy that leaves, what a file carried, how a photo could be better.

Never says where a picture was taken, or what it shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.domain.formats import MediaType
from bot.domain.purposes import Purpose, spoken
from bot.domain.screening import Also, Findings, Hint, NotShown


def terms_in_copy(practice: str, purpose: Purpose) -> str:
    """Return the terms that are written into the file of a copy that leaves, so that they stay with it."""
    what = "care of this patient" if purpose is Purpose.CARE else spoken(purpose)
    return f"{practice}: confidential. For {what} only, as agreed. Do not pass on, publish or store elsewhere."


def page_shown(ref: str, number: int, count: int, *, is_last: bool) -> str:
    """Caption a page of a document that is shown as a picture; after the one that `is_last`, no more of them are shown."""
    more = f" All {count} pages are in the file above." if is_last and number < count else ""
    return f"{ref}, page {number} of {count}.{more}"


# A copy shows pages. What else a document holds is said where it is shown.
NOT_SHOWN = {
    Also.ATTACHMENTS: "Other files are attached to it; they are not shown.",
    Also.MEDIA: "It holds sound, film or a 3D model, which is not shown.",
    Also.HIDDEN: "It has hidden parts, which are not shown.",
}


def not_shown(found: Findings) -> str:
    """Say what a document has besides its pages, in a sentence each; "" when that is nothing."""
    return " ".join(said for also, said in NOT_SHOWN.items() if also in found.also)


# In this order: a dark photo also measures as blurred, so exposure comes first.
TIPS = {
    Hint.DARK: "It looks rather dark: if you take another, daylight helps.",
    Hint.BRIGHT: "It looks very bright: if you take another, try it without flash.",
    Hint.BLURRED: "It looks a little blurred: if you take another, hold still and tap the spot on the screen first.",
    Hint.SMALL: "It is quite small: if you can, send the original size.",
}
ITS_PLACE = "Your photo carried its location; copies sent on do not."


def about_the_file(found: Iterable[Findings]) -> str:
    """Return one line to the sender about what they sent, with one tip at most; "" when there is nothing to say."""
    found = list(found)
    hints = {hint for findings in found for hint in findings.hints}
    told = [ITS_PLACE] if any(findings.place for findings in found) else []
    told += [tip for hint, tip in TIPS.items() if hint in hints][:1]
    return " ".join(told)


NEW_PHOTO = "If it must be seen, ask with !reply for another photo of it"
EXPORT = "consentry record export gives the original"
WHY_NOT: Mapping[str, str] = {
    NotShown.DAMAGED: f"it is damaged, and part of it is missing or wrong. {NEW_PHOTO}; {EXPORT}.",
    NotShown.TOO_MANY_PIXELS: f"it is larger than can be opened here. {NEW_PHOTO}, of a smaller size; {EXPORT}.",
    NotShown.MOVING: f"it is a moving picture, and one still of it would not show it all. {NEW_PHOTO}; {EXPORT}.",
    NotShown.SEVERAL: "it holds several pictures, and the first would not show them all. If they must be seen, ask with "
    f"!reply for a photo of each; {EXPORT}.",
    NotShown.RAW: f"it is a camera's raw photo, or what can be read of it is a preview. {NEW_PHOTO}, as JPEG; {EXPORT}.",
    NotShown.CODED: f"it is stored in a rare way that can't be read here. {NEW_PHOTO}, as JPEG; {EXPORT}.",
    NotShown.NOT_SHOWN_HERE: f"it is a kind of file that is kept, but not shown. {EXPORT.capitalize()}.",
    NotShown.PROTECTED: f"it is protected by a password. Ask with !reply for one without; {EXPORT}.",
    NotShown.TOO_MANY_PAGES: f"it has more pages than are shown here. Ask with !reply for the pages that matter; {EXPORT}.",
    NotShown.LETTERS: "some of its letters would be missing, because their font is not in the file. Ask with !reply for a photo "
    f"of it; {EXPORT}.",
    NotShown.NOTES_WITHOUT_LOOKS: "it has drawings on its pages that only some programs show. Ask with !reply for a photo of it; "
    f"{EXPORT}.",
    NotShown.FOR_ONE_PROGRAM: f"it is a form that only Adobe Reader shows. Ask with !reply for a photo of it; {EXPORT}.",
    NotShown.COLLECTION: f"it is a collection of files, not pages. Ask with !reply for each file by itself; {EXPORT}.",
    NotShown.TOO_LARGE: f"all its pages together are too large for one file. Ask with !reply for the pages that matter; {EXPORT}.",
    NotShown.REFUSED: f"it takes more memory than is allowed here. It may be a good picture: {EXPORT}.",
    NotShown.CRASHED: f"the program that reads it gave up. It may be a good picture: {EXPORT}.",
    NotShown.TOO_LONG: f"opening it takes too long here. It may be a good picture: {EXPORT}.",
}


def why_not(why: str) -> str:
    """Say why a file is not shown, and what can be done.

    A reason that was never given a sentence gets one that is true of all.
    """
    return WHY_NOT.get(why, f"something went wrong when it was opened. {NEW_PHOTO}; {EXPORT}.")


def not_viewable(ref: str, media_type: str, found: Findings) -> str:
    """Tell the practice, or a colleague who asked to see it, that the original is safe, and what can be done to see it."""
    what = f"{ref} is filed as it came, but can't be viewed here"
    if media_type == MediaType.DICOM:
        several = f" of {found.frames} pictures" if found.frames > 1 else ""
        return f"{what}: it is a DICOM file{several}. Open the original in the system it belongs to; consentry record export gives it."
    return f"{what}: {why_not(found.why)}"


def only_the_first(ref: str, found: Findings) -> str:
    """Tell the practice that what they are shown is not all that was sent."""
    return (
        f"{ref} is a file of {found.frames} photos. The main one is shown here and sent on; {EXPORT}, with all of them."
    )


LOOKS_SECONDARY = "It may be a photo of a film or a screen: if it is, please review the original on its own platform."
