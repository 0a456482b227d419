"""Words that say whose a photo is, and nothing else: “that photo is Leo's”, “sorry, I meant Leo”, “wrong one, it's Leo” (R15)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.spelling import folded
from bot.domain.words_said import Numbered

from .given_names import given_names_in, may_be_a_word, whose_given_name
from .whose import chosen

LONGEST = 200  # characters, far more than such words have


def only_whose(text: str, names: Sequence[str], own: str = "") -> frozenset[int]:
    """Return the numbers of those listed whose the words say it is, by a given name; none where they say anything else.

    `own`: the name of whoever wrote them, where they are listed: "this is Ann" says who writes, and "it's Ann's" whose it is.
    """
    line = _one_line(text)
    found = _WHOSE.fullmatch(line) or _NOT_THE_OTHER.fullmatch(line)
    whose = _whose(found, names) if found else frozenset()
    return frozenset(at for at in whose if names[at - 1] != own or _POSSESSIVE.search(line))


def chosen_again(text: str, names: Sequence[str]) -> Numbered | None:
    """Return whom the words choose instead of whoever was chosen before: “sorry, 3”, “Leo”, “I meant 2, cut knee”; or None."""
    line = _one_line(text)
    if not names or _WRONG_ONE.search(line):
        return None
    behind = _TAKEN_BACK.match(line)
    if behind and (said := chosen(line[behind.end() :], names)):
        return said
    numbered, named = _NUMBER.fullmatch(line), _WHOSE.fullmatch(line) or _NAME_ALONE.fullmatch(line)
    who = {int(numbered[1])} if numbered else _whose(named, names) if named else frozenset()
    return Numbered(min(who), "") if len(who) == 1 and 1 <= min(who) <= len(names) else None


def chosen_instead(text: str, names: Sequence[str]) -> Numbered | None:
    """Return whom they choose, where they say plainly that it is in place of whoever was chosen, and no more than that.

    “Sorry, 3” and “no, Leo” do; “3” alone, and “sorry, 2 pm is fine”, do not.
    """
    line = _one_line(text)
    said = chosen_again(line, names) if _INSTEAD.search(line) else None
    fits = said is not None and 1 <= said.number <= len(names) and (said.reason is not None or not said.rest)
    return said if fits else None


def name_alone(text: str, names: Sequence[str]) -> frozenset[int]:
    """Return whose name it is that the words are, and nothing else: “Leo”, “Leo's please”."""
    found = _NAME_ALONE.fullmatch(_one_line(text))
    return _whose(found, names) if found else frozenset()


def says_wrong_child(text: str) -> bool:
    """Return whether they say that a photo is another's than was said, and no more: “sorry, wrong child”."""
    return bool(_WRONG_CHILD.fullmatch(_one_line(text)))


def takes_back_a_choice(text: str) -> bool:
    """Return whether they begin with words that do so, and that are no answer to anything else that is asked."""
    return bool(_SAYS_SO.match(text))


def is_a_number(text: str) -> bool:
    """Return whether it is a number alone, as they answer who say whose the next photo is."""
    return text.strip(" .,()").isdecimal()


def _one_line(text: str) -> str:
    return " ".join(text.split()) if len(text) <= LONGEST else ""


def _whose(found: re.Match[str], names: Sequence[str]) -> frozenset[int]:
    """Return whose name it is that was found: it begins with the given name ("not Mia" does not), and ends with no "knee"."""
    name = next(filter(None, found.groups()), "")
    first, *others = name.split() or [""]
    who = given_names_in(name, names)
    theirs = [_OF_THEIRS.sub("", word) for word in map(folded, others)]
    fits = len(who) == 1 and who[0] <= whose_given_name(first, names) and not may_be_a_word(first, names)
    fits = fits and all(word in folded(names[number - 1]).split() for number in who[0] for word in theirs)
    return who[0] if fits else frozenset()


_INSTEAD = re.compile(
    r"\b(?:sorry|w?h?oops|ops|actually|meant|mistake|bad|wrong|correction|instead|no|not)\b", re.IGNORECASE
)
_SAYS_SO = re.compile(r"\W*(?:sorry|oops|whoops|actually|i meant|my mistake)\b", re.IGNORECASE)
_OF_THEIRS = re.compile(r"['’]s$")
_POSSESSIVE = re.compile(r"['’]s?\W*$")
_TAKES_BACK = (
    r"(?:(?:so\s)?sorry|no|oh|oops|whoops|ah|ops|actually|wait|hang on|correction|my mistake|my bad|hi|hello|"
    r"(?:that['’]?s |that is |that was |it['’]?s )?(?:the )?wrong"
    r"(?: (?:one|child|kid|photo|picture|pic|person|name|number|patient))?)"
)
_TAKEN_BACK = re.compile(
    rf"(?:{_TAKES_BACK}[\s.,:;!–—-]+)*(?:{_TAKES_BACK}[\s.,:;!–—-]+|(?:i |we )?meant )(?:no\. |number |#)?",
    re.IGNORECASE,
)
_BEFORE = rf"(?:{_TAKES_BACK}[\s.,:;!–—-]+)*"
_BEHIND = r"(?:[\s.,:;!–—-]+(?:sorry|please|pls|thanks|thank you|instead|actually|not (?:of |for )?[\w'’-]+))*\W*"
_NAME = r"(?:my (?:son |daughter )?)?([^\W\d_][\w'’-]*(?: [^\W\d_][\w'’-]*)??)(?: one| photo| picture| pic)?"
_IT = r"(?:(?:that|this|the|it)(?: last| first| other| new)?(?: photo| picture| pic| image| one)?)"
_IS = r"(?:['’]?s| is| was| shows| should be| should have been| is meant to be| was meant to be| belongs to| goes to)"
_FOR = r"(?: of| for| meant for| about| under| to)?"
_NOT_BUT = r"(?: not [\w'’-]+(?: \w+)?[\s,;–—-]+(?:but |it['’]?s |that['’]?s |it is |that is )?)?"
_WRONG_ONE = re.compile(r"\bwrong one\W*$", re.IGNORECASE)  # photo or child: it is no number
_WRONG_CHILD = re.compile(
    rf"{_BEFORE}(?:(?:{_IT}{_IS}|(?:i )?(?:chose|picked|put|said|sent)) )?(?:the )?wrong "
    rf"(?:child|kid|person|patient|name|number|son|daughter|boy|girl|baby){_BEHIND}",
    re.IGNORECASE,
)
_WHOSE = re.compile(
    rf"{_BEFORE}(?:"
    rf"(?:{_IT}{_IS}|should be|meant to be){_NOT_BUT}{_FOR} ?{_NAME}"
    rf"|(?:i |we )?(?:meant|mean){_FOR} {_NAME}"
    rf"|(?:(?:can|could) you )?(?:please )?(?:move|put|file|change|switch)(?: {_IT})?(?: to| under| for| with) {_NAME}"
    rf")(?: (?:record|file|name|notes))?{_BEHIND}",
    re.IGNORECASE,
)
_NOT_THE_OTHER = re.compile(rf"{_BEFORE}{_NAME}[\s,;–—-]+not (?:of |for )?[\w'’-]+\W*", re.IGNORECASE)
_NAME_ALONE = re.compile(rf"{_BEFORE}{_NAME}{_BEHIND}", re.IGNORECASE)
_NUMBER = re.compile(
    rf"{_BEFORE}(?:(?:i |we )?meant |it['’]?s |it is )?(?:number |no\. ?|#)?\(?(\d{{1,2}})\)?{_BEHIND}", re.IGNORECASE
)
