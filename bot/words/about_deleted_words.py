"""What somebody hears who deletes words of their own in their app: one sentence, with what stays and what to write."""

from __future__ import annotations

from .typed import typed


def yours_stays(ref: str) -> str:
    how = typed(f" with “withdraw {ref}”")
    return (
        f"You deleted your message from the chat; the record keeps what it says with {ref}, and you can write what is right, which is "
        f"kept too, or stop every further use of {ref}{how}."
    )


def note_stays(ref: str) -> str:
    return f"You deleted your note from the chat; the record keeps it with {ref}, and you can put it right with: !note {ref} the right words"


def reply_stays(ref: str) -> str:
    return (
        f"You deleted your reply from your own chat only; the record keeps it with {ref}, and to take it back from whoever it was "
        f"sent to, please write: !recall {ref}"
    )


def reply_called_back(ref: str) -> str:
    return f"You deleted your reply from the chat; it was called back already, and the record keeps it with {ref}."
