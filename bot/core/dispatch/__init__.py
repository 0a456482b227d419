"""Take one arrival to the one handler that decides it (`dispatcher`). `house` says in which form handlers are listed; the list
itself is `handlers.HOUSE`.
"""

from .answers import make_choice, no_named, refuse_unsigned, subject_replied_to
from .dispatcher import CONFLICT_TRIES, Dispatch
from .ear import photos_replied_to
from .gallery_parts import parts_of
from .house import Answer, ChatRequest, Deadline, Do, Handle, House, Meet, Request, Tap
from .reading import (
    GALLERIES,
    VERIFICATION,
    WhoseTapped,
    caption_of,
    chosen_before,
    event_replied_to,
    is_edit,
    is_picture,
    own_words,
    quoted_words,
    tapped_answer,
    whose_tapped,
    words_said,
)
from .unclear import hint

__all__ = [
    "CONFLICT_TRIES",
    "GALLERIES",
    "VERIFICATION",
    "Answer",
    "ChatRequest",
    "Deadline",
    "Dispatch",
    "Do",
    "Handle",
    "House",
    "Meet",
    "Request",
    "Tap",
    "WhoseTapped",
    "caption_of",
    "chosen_before",
    "event_replied_to",
    "hint",
    "is_edit",
    "is_picture",
    "make_choice",
    "no_named",
    "own_words",
    "parts_of",
    "photos_replied_to",
    "quoted_words",
    "refuse_unsigned",
    "subject_replied_to",
    "tapped_answer",
    "whose_tapped",
    "words_said",
]
