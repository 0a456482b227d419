"""What somebody wrote themselves, and what was read in it: once, as it arrived (`bot.heard.by_itself`).

`words` are data from then on: filed, passed on, said again as they stand, and never read a second time.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .deeds import Missaid, RedeemCode
from .identifiers import Account
from .purposes import NO_REASON, Purpose, ReasonGiven
from .staff_deeds import UseWanted
from .statement import StatementLine


@dataclass(frozen=True, slots=True)
class Numbered:
    """One of those who were listed, and what is said beside that; `reason` where it says what the photo is about."""

    number: int
    rest: str
    reason: ReasonGiven | None = None


@dataclass(frozen=True, slots=True)
class SaidOfPhoto:
    """What a colleague's words say of a photo they sent."""

    line: StatementLine = field(default_factory=StatementLine)
    answers: bool = False  # they say something of it, or why it was taken; thanks and a tap said in words do not
    form_of: frozenset[str] | None = None  # the photos named beside "signed form"; None where other words stand there


@dataclass(frozen=True, slots=True)
class WordsSaid:
    """What the words say by themselves, whatever is open. What they mean where something is open is a deed (`deeds`)."""

    words: str = ""
    refs: frozenset[str] = frozenset()  # of photos, each as IMG-7F3K
    reason: ReasonGiven = NO_REASON  # were they what a photo is about
    purposes: frozenset[Purpose] = frozenset()  # that they name, beside care
    of_all: bool = False  # that is asked: "neither", "no to both"
    of_what_goes_on: bool = False  # "stop", "any more"
    of_a_yes: bool = False  # "my consent", "my yes"
    not_me: bool = False  # they say nothing but that
    code: RedeemCode | None = None  # wherever in them it stands
    is_a_code: bool = False  # they are nothing but one, as it is shown
    of_photo: SaidOfPhoto = field(default_factory=SaidOfPhoto)  # if a colleague wrote them
    details: UseWanted | Missaid | None = None  # of a use, if they are all lines such as "how: registrar teaching"

    def naming(self, account: Account, name: str) -> str:
        """Return the words with an account in place of a name, the last that stands there; "" where none does."""
        before, found, after = self.words.strip().rpartition(name)
        return f"{before}{account}{after}" if found else ""
