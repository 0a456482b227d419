"""What is looked at again after a time: the name of each reminder, by what it is about.

`handlers.HOUSE` says what is done when one is due. The names here stand in databases too: once given, a name stays.
"""

from __future__ import annotations

from typing import Literal

Reminder = Literal[
    # about an image
    "ask-deleted",
    "held-as-body",
    "note-overdue",
    "note-wanted",
    "unread-duty",
    "unread-first",
    # about a question
    "ask-deleted-again",
    "attest-deadline",
    "attest-reminder",
    "question",
    # about a use
    "case-open",
    "case-overdue",
    "consent-expiry",
    "consent-reminder",
    "copy-unanswered",
    "use-ends",
    "use-unfinished",
    # about a check by emoji
    "emoji-ended",
    "emoji-overdue",
    "emoji-past",
    "emoji-shown",
    "emoji-verified",
    # about an authority, a breach, a burst, a choice, a person, a draft
    "authority-ends",
    "breach-clock",
    "burst",
    "consent-unsent",
    "device-check",
    "reply-unsent",
    # about words: a reply, or what a patient wrote
    "unopened",
]

# A day that was agreed, or a birthday: it comes when its date says, also where the clock was set meanwhile.
DATED: frozenset[Reminder] = frozenset({"authority-ends", "use-ends"})
