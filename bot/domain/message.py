"""What the bot answers before it is put into words: which sentence, and what stands in it. Pure.

Whoever decides names a sentence; `bot.words` writes it. So a page, a console or another language needs no other handler.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

TOGETHER: Final = "together"


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to say. `id` names the module and the function of `bot.words` that write it, as in "to_the_team.taken"; `args`
    are what that function is given: values of the domain, and what somebody wrote themselves.
    """

    id: str
    args: Mapping[str, object] = field(default_factory=dict)

    def __format__(self, how: str) -> str:
        raise TypeError(f"{self.id} is put into words by bot.words alone")


def message(id: str, /, **args: object) -> Message:
    """Name a sentence from where `bot.words` can't be imported. Elsewhere call the sentence itself, whose arguments are typed."""
    return Message(id, args)


def together(messages: Iterable[Message | None], between: str = " ") -> Message | None:
    """Return several messages as one, each said once; None where there is nothing to say."""
    parts: list[Message] = []
    for said in messages:
        if said is not None and said not in parts:
            parts.append(said)
    if len(parts) < 2:
        return parts[0] if parts else None
    return Message(TOGETHER, {"parts": tuple(parts), "between": between})
