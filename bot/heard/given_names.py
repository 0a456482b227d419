"""Given names of those whom somebody answers for, as they stand in words (R15)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from bot.domain.spelling import folded

from .phrase_lists import words_of
from .short_forms import called_like


def given_names_in(text: str, names: Sequence[str]) -> list[frozenset[int]]:
    """Return for each given name that stands in the words whose it may be, by the numbers of those listed.

    What stands right behind one may tell two of the same name apart: "Leo Brown".
    """
    found: list[frozenset[int]] = []
    before, ended = frozenset[int](), -1
    for word in _WORDS.finditer(text) if names else ():
        is_a_word = _is_a_word(word, text)
        behind = not is_a_word and text[ended : word.start()] == " "
        told_apart = frozenset(at for at in before if behind and _letters(word[0]) in _letters(names[at - 1]).split())
        who = frozenset[int]() if is_a_word or told_apart else whose_given_name(word[0], names)
        if told_apart:
            found[-1] = told_apart
        elif who:
            found.append(who)
        before = told_apart or who
        ended = word.end()
    return found


def whose_given_name(word: str, names: Sequence[str]) -> frozenset[int]:
    """Return the numbers of those whose given name a word is, also as "Mia's", as a part of it ("Luc"), or in short.

    "Ben" is Benjamin by how it begins, "Bob" is Robert by a list. One who is written out comes before another who is called so.
    """
    said, whole = _letters(word), _written_out(word, names)
    if whole:
        return whole
    begins = (said,) if said in _SHORT_FORMS else ()
    alike = called_like(word.strip(_MARKS))
    return frozenset(
        at
        for at, parts in enumerate(_given(names), 1)
        if any(part in alike or part.startswith(begins) for part in parts)
    )


def may_be_a_word(word: str, names: Sequence[str]) -> bool:
    """Return whether a name may be another word, or short for another name: it chooses nobody in a sentence."""
    return _letters(word) in _ALSO_WORDS or not _written_out(word, names)


def _written_out(word: str, names: Sequence[str]) -> frozenset[int]:
    said = _letters(word)
    forms = {*said.split(), said.removesuffix("s")}
    return frozenset(at for at, parts in enumerate(_given(names), 1) if forms & set(parts))


def names_any(text: str, names: Sequence[str]) -> bool:
    """Return whether a given name of one of those listed stands in the words."""
    return bool(given_names_in(text, names))


def without_name(words: str, names: Iterable[str]) -> str:
    """Return plain words with "them" in place of the one patient whom they name; as they are where they name several or none."""
    listed = tuple(names)
    named = {word: who for word in words.split() if (who := whose_given_name(word, listed))}
    if len(frozenset().union(*named.values())) != 1:
        return words
    return " ".join("them" if word in named else word for word in words.split())


def _given(names: Sequence[str]) -> list[list[str]]:
    """Return the given names of each; where all share the first, what tells them apart too: it may be the family's."""
    parts = [_letters(name).split() for name in names]
    common = len(parts) > 1 and len({tuple(each[:1]) for each in parts}) == 1
    return [each if common else each[:-1] or each for each in parts]


def _letters(word: str) -> str:
    """Return the letters of a name as they are compared: without accents, and each part by itself."""
    plain = unicodedata.normalize("NFD", folded(_POSSESSIVE.sub("", word.strip(_MARKS))))
    return re.sub(r"[-‐‑–]", " ", "".join(sign for sign in plain if unicodedata.category(sign) != "Mn"))


def _is_a_word(found: re.Match[str], text: str) -> bool:
    """Return whether it is more likely another word than a name: "red marks", "Will it heal?", "since May", "Dr Lee"."""
    word = found[0].casefold()
    if _TITLE.search(text, 0, found.start()):
        return True
    if word in _MONTHS and (_BEFORE_A_MONTH.search(text, 0, found.start()) or _BEHIND_A_MONTH.match(text, found.end())):
        return True
    if not {word, word.removesuffix("s")} & _ALSO_WORDS:
        return False
    begins = found[0][:1].isupper() and _BEGINS.search(text, 0, found.start())
    return found[0][:1].islower() or bool(begins and not _AS_A_NAME.match(text, found.end()))


_ALSO_WORDS = words_of(
    """
    april art august bill bob brown chase clay dawn drew grant gray green grey heath hope iris jack joy june lane long mark max
    may miles nick pat pierce ray rich rob sandy short skip sky star stone sue summer violet wade white will wood young
    """
)
_SHORT_FORMS = words_of(
    """
    abi alex andy ant ben cass chris cory dan dave edd fran fred gabe greg izz jen jess jo joe john jon josh kat kim leo les liz
    lou matt max meg mel mick mike nat nick nik oli pat pete phil rob sam seb soph steph stu tess tim tom vic viv will zac zach
    """
)
_MONTHS = words_of("april august june may")
_BEFORE_A_MONTH = re.compile(
    r"(?:\b(?:in|since|last|until|till|early|mid|late|next|during|every)|\d(?:st|nd|rd|th)?)\s+$", re.IGNORECASE
)
_BEHIND_A_MONTH = re.compile(r"\s+\d")
_TITLE = re.compile(r"\b(?:dr|doctor|mr|mrs|ms|miss|prof|professor|nurse|sister)\.? $", re.IGNORECASE)
_BEGINS = re.compile(r"(?:^|[.!?\n:])\s*(?:[0-9]{1,2}\s*)?$")
_AS_A_NAME = re.compile(
    r"\s*(?:[,:;–—-]|$)|\s+(?:and|has|had|is|was|got|gets|cut|fell|hurt|hurts|burnt|broke|scratched|can['’]?t|cannot|needs|feels)\b",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W\d_][\w'’-]*")
_MARKS = '.,;:!?()"“”-–—'
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
