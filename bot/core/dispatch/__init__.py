"""Take one arrival to the one handler that decides it (`dispatcher`). `house` says in which form handlers are listed; the list
itself is `handlers.HOUSE`.
"""

from .answers import make_choice
from .dispatcher import CONFLICT_TRIES, Dispatch
from .house import ANY_ROOM, OWN_ROOM, Command, Deadline, Handle, House, Meet, Request, Takes, Tap
from .reading import VERIFICATION, is_edit, is_picture, tapped_answer, words_said

__all__ = [
    "ANY_ROOM",
    "CONFLICT_TRIES",
    "OWN_ROOM",
    "VERIFICATION",
    "Command",
    "Deadline",
    "Dispatch",
    "Handle",
    "House",
    "Meet",
    "Request",
    "Takes",
    "Tap",
    "is_edit",
    "is_picture",
    "make_choice",
    "tapped_answer",
    "words_said",
]
