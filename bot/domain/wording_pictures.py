"""What the bot says of pictures as files: the terms in a copy that leaves, what a file carried, how a photo could be better.

Part of `wording`, under its version. Never where a picture was taken, nor what it shows.
"""

from __future__ import annotations

from .purposes import Purpose, spoken


def terms_in_copy(practice: str, purpose: Purpose) -> str:
    """Written into the file of a copy that leaves, so that the terms stay with it."""
    what = "care of this patient" if purpose is Purpose.CARE else spoken(purpose)
    return f"{practice}: confidential. For {what} only, as agreed. Do not pass on, publish or store elsewhere."
