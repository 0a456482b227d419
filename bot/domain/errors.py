"""The two roots of error. What a `Refused` says is shown to the person who asked; texts of `OutsideFailure` never are."""

from __future__ import annotations

from .message import Message


class Refused(Exception):
    """Refused by a rule. `said` is one clear sentence for the person who asked; `rule` names the rule that decided
    (docs/rules.md). As text, the exception is the id of its sentence: it names nobody, wherever it is logged.

    `about` names what it concerns for the audit log: nothing else of the refused decision is kept. `first` is a fixed sentence
    that is said all the same, before the other.
    """

    def __init__(self, said: Message, rule: str = "", about: str = "", first: Message | None = None) -> None:
        super().__init__(said.id)
        self.said = said
        self.rule = rule
        self.about = about
        self.first = first


class OutsideFailure(Exception):
    """The outside world failed (network, homeserver, disk). It can be tried again. The text holds ids, states and codes only."""

    def __init__(self, what: str, retry_after: float | None = None, tries: int | None = None) -> None:
        super().__init__(what)
        self.retry_after = retry_after  # seconds, when the other side said so
        self.tries = tries  # how many before it is given up, where somebody waits to hear of it


class Permanent(OutsideFailure):
    """Trying again cannot help: the thing is gone, malformed, forbidden or too large. `code` is a short stable word."""

    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(f"{code}: {what}" if what else code)
        self.code = code


class SignedOut(Permanent):
    """The homeserver no longer knows the bot's session: the bot stops, and a person signs it in again."""

    def __init__(self) -> None:
        super().__init__(
            "signed-out", "the homeserver ended the bot's session; run `consentry sign-in`, then start again"
        )
