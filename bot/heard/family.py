"""Whom the words of somebody who answers for several name: a reason that names one of them is not another's (R15)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .kin import shows_another, shows_oneself
from .plain import plain
from .whose import given_names_in, shows_somebody_else

_NOT = re.compile(r"\b(?:not|isn['’]?t|wasn['’]?t)\s+(?:of\s+)?(\S+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Family:
    """The names of all patients whom somebody answers for; `own` is theirs, where they are one of these."""

    names: tuple[str, ...] = ()
    own: str = ""
    answers_for_others: bool = False

    def named_in(self, text: str) -> frozenset[str]:
        """Return which of them the words may name; a given name that several have is any of theirs."""
        return frozenset(self.names[at - 1] for who in given_names_in(text, self.names) for at in who)

    def names_another(self, text: str, patient: str) -> bool:
        """Return whether the words are about another of them than this patient: "Leo: cut his knee"."""
        named = self.named_in(text)
        if named:
            return patient not in named or self._denies(text, patient)
        return bool(self.own) and len(self.names) > 1 and patient != self.own and shows_oneself(plain(text))

    def _denies(self, text: str, patient: str) -> bool:
        """Return whether the words say that it is not this patient: "that's not Mia, that's Leo"."""
        denied = [found[1] for found in _NOT.finditer(text)]
        return any(patient in self.named_in(name) for name in denied)

    def says_it_shows_another(self, text: str, patient: str) -> bool:
        """Return whether the words, as what a photo of this patient (or nobody's yet) is about, say that it shows another."""
        return (
            shows_somebody_else(text)
            or (bool(patient) and self.names_another(text, patient))
            or shows_another(plain(text), answers_for_others=self.answers_for_others, answers_for_self=bool(self.own))
        )
