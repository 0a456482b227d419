"""Whom the words of somebody who answers for several name: a reason that names one of them is not another's (R15)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.identifiers import NO_PATIENT, PatientId
from bot.domain.image import Image
from bot.domain.references import references_in

from .given_names import given_names_in, without_name
from .kin import shows_another, shows_oneself
from .only_whose import name_alone, only_whose
from .patient.written import without_reference
from .plain import plain
from .whose import shows_somebody_else

_CLOSES = frozenset(["thanks", "thx", "cheers", "regards", "from", "love"])  # before the name of who signs
_SPARED = re.compile(
    r"\b(?:except(?:ing)?|excluding|apart from|aside from|other than|besides|(?:all|every\w*|both|rest) but|but not)\b"
    r"([^.,;!?\n]*)",
    re.IGNORECASE,
)
_THIS = re.compile(r"\s*(?:this|that|it)(?: one| photo| picture| pic| image)?\s*$", re.IGNORECASE | re.MULTILINE)
_BESIDE_A_NAME = frozenset({"the", "of", "for", "not", "my", "and", "or", "please"}) | {
    *("one", "ones", "photo", "photos", "picture", "pictures", "pic", "pics"),
}
_AROUND = '.,;:!?()"“”'
_NOT = re.compile(r"\b(?:not|isn['’]?t|wasn['’]?t)\s+(?:of\s+)?(\S+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Whose photos, and which, a wish leaves out: "delete everything except Leo's", "… except IMG-7F3K", "… except this one"."""

    whose: frozenset[PatientId] = frozenset()
    refs: frozenset[str] = frozenset()
    replied_to: bool = False


@dataclass(frozen=True, slots=True)
class Family:
    """All patients whom somebody answers for, with the name of each; `own` is the one they are, where they are one of these."""

    names: Mapping[PatientId, str] = field(default_factory=dict)
    own: PatientId = NO_PATIENT
    answers_for_others: bool = False

    def named_in(self, text: str) -> frozenset[PatientId]:
        """Return which of them the words may name; a given name that several have is any of theirs.

        Who signs names nobody: "rash on her arm, thanks Ann".
        """
        ids, own = tuple(self.names), self.names.get(self.own)
        words = without_signature(text, own) if own else text
        return frozenset(ids[at - 1] for who in given_names_in(words, tuple(self.names.values())) for at in who)

    def left_out_in(self, text: str) -> LeftOut:
        """Return what the words say is not meant: "other than that Leo is fine" leaves nobody out."""
        said = [found[1] for found in _SPARED.finditer(text)]
        spared = "\n".join(each for each in said if self._names_no_more(each) or _THIS.match(each))
        return LeftOut(self.named_in(spared), references_in(spared), bool(_THIS.match(spared)))

    def names_another(self, text: str, patient_id: PatientId) -> bool:
        """Return whether the words are about another of them than this patient: "Leo: cut his knee"."""
        if len(self.names) <= 1:
            return False
        if named := self.named_in(text):
            return patient_id not in named or self._denies(text, patient_id)
        return bool(self.own) and patient_id != self.own and shows_oneself(plain(text))

    def names_nobody_but_others(self, text: str, patient_id: PatientId) -> bool:
        """Return whether the words name some of them, and this patient in no way: not even to deny that it is them."""
        named = self.whom_they_name(text)
        return bool(named) and patient_id not in named

    def whom_they_name(self, text: str) -> frozenset[PatientId]:
        """Return whom the words name, to tell one from the others; nobody of whom there is one alone."""
        return self.named_in(text) if len(self.names) > 1 else frozenset()

    def of_whom_they_name(self, text: str, images: Sequence[Image]) -> list[Image]:
        """Return those of these photos that the words can be about: where they name some of the family, no other's (R15)."""
        named = self.whom_they_name(text)
        return [image for image in images if not named or not image.patient_id or image.patient_id in named]

    def only_whose(self, text: str, *, points: bool = False) -> frozenset[PatientId]:
        """Return whose the words say a photo is, where they say no more, but for which photo: "sorry, that's Leo's".

        `points`: they name or reply to a photo, so that a name alone says whose that is.
        """
        ids, names, said = tuple(self.names), tuple(self.names.values()), without_reference(text)
        found = only_whose(said, names, self.names.get(self.own, "")) or (name_alone(said, names) if points else ())
        return frozenset(ids[at - 1] for at in found)

    def _names_no_more(self, text: str) -> bool:
        """Return whether the words are whose photos, or which, and nothing else: "Leo's photo and IMG-7F3K"."""
        left = [word for word in text.split() if word.casefold().strip(_AROUND) not in _BESIDE_A_NAME]
        return bool(left) and all(references_in(word) or self.named_in(word) for word in left)

    def _denies(self, text: str, patient_id: PatientId) -> bool:
        """Return whether the words say that it is not this patient: "that's not Mia, that's Leo"."""
        denied = [found[1] for found in _NOT.finditer(text)]
        return any(patient_id in self.named_in(name) for name in denied)

    def says_it_shows_another(self, text: str, patient_id: PatientId) -> bool:
        """Return whether the words, as what a photo of this patient (or nobody's yet) is about, say that it shows another."""
        return (
            shows_somebody_else(text)
            or (bool(patient_id) and self.names_another(text, patient_id))
            or shows_another(
                without_name(plain(text), self.names.values()),
                answers_for_others=self.answers_for_others,
                answers_for_self=bool(self.own),
            )
        )


def without_signature(text: str, name: str) -> str:
    """Return the text without the given name that it ends with, where that stands by itself: "…, Ann x"."""
    before, _, last = f" {text.rstrip(' .!x')}".replace("\n", "\n ").rpartition(" ")
    closing = before.split()[-1:] or [""]
    by_itself = before.endswith("\n") or closing[0][-1:] in set(".,;!–—-") or closing[0].casefold() in _CLOSES
    return before if by_itself and given_names_in(last, [name]) else text
