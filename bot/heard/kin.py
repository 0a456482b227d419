"""Words by which a sender says whose body a photo shows: somebody else's, as "its my mums leg" or "on behalf of my friend"."""

from __future__ import annotations

import re

from .health import AILMENTS, BODY
from .phrase_lists import Phrases, any_of, either

_CHILDREN = "son sons daughter daughters kid kids child childs childrens baby babys babies bub toddler boy girl"
_KIN = (
    "mum mom mam mummy mother mums moms mothers dad dads father fathers wife wifes husband husbands hubby "
    "partner partners brother brothers sister sisters nan nans nana gran grandma grandmother grandfather "
    "grandpa pop aunt aunty auntie uncle cousin cousins nephew niece grandson granddaughter grandchild "
    "boyfriend girlfriend boyfriends girlfriends fiance friend friends mate mates neighbour neighbours "
    "neighbor neighbors flatmate flatmates housemate roommate colleague colleagues coworker boss tenant "
    "carer client employee lady man guy woman resident bro sis dude bff student workmate buddy spouse "
    "stepmum stepdad fella missus bloke parents inlaw stepson stepdaughter twin ex"
)
_BEASTS = "dog dogs cat cats puppy kitten horse rabbit pet chook budgie guinea hamster parrot"
_RELATED = sorted({f"{word}{end}" for word in f"{_KIN} {_CHILDREN} {_BEASTS}".split() for end in ("", "s")})
_OTHERS = either(_RELATED)
_RELATIVES = frozenset(f"{_KIN} {_CHILDREN}".split())
_PEOPLE = either(f"{_KIN} {_CHILDREN}".split())
_HOW = "left|right|lower|upper|big|little|swollen|infected|old|new|red|sore|itchy|bad|inner|outer|poor|top|bottom|whole"
_OUR = "my|our|me|his|her|their|a|the"
_PARTS = either(sorted(BODY | (AILMENTS - {"bit", "hot", "red"})))
_SHOWN = "photo|photos|pic|picture|pictures|image|images|one|ones|that|this|it|its|thats|these|those|here"
_OF = "of|is|are|was|shows|show|its|thats|from|heres|these|belongs"
_NOT_ME = "me|mine|myself|my|us|mes"


def _shows(close: str) -> Phrases:
    """Return what says that a photo shows one of these."""
    related = sorted({f"{word}{end}" for word in f"{close} {_BEASTS}".split() for end in ("", "s")})
    others, people = either(related), either(close.split())
    whose = either(word for word in related if word.endswith("s"))
    return any_of(
        f"{_SHOWN} {_OF} {_OF}? {_OUR}? old|older|younger|little|best|late|elderly|eldest|youngest|other? {others} $",
        f"{_SHOWN} {_OF}? {_OF}? {_OUR}? {others} {others}? {_HOW}? {_HOW}? {_PARTS}",
        f"^ {_OUR}? {whose} {_HOW}? {_HOW}? {_PARTS}",
        f"my|our {others} has|got|have got? this|a|these|some|an|it",
        (
            f"its|thats|of|heres|shows {_OUR} old|older|younger|little|best|late|elderly|eldest|youngest|"
            f"other? {others} ... {_PARTS}|not|$"
        ),
        f"its|thats|of|heres|shows {_OUR} {others}",
        f"^ {_OUR} {others} {_PARTS}",
        f"^ my|our {others} $",
        f"^ {people} {_PARTS}",
        f"{whose} photo|photos|pic|pics|picture|pictures|image",
        "next doors",
        "next door $",
        "do it|this|that|these|things|everything ... for her|him|them",
        f"from|my next door ... {_PARTS}|$",
        "i|we care|look|caring for|after",
        "not mine|me|my ... his|hers|her|theirs",
        f"his|her {_PARTS} not mine|me|my",
        f"sending|asking|writing|this|its|thats for a|my|our|the {others}",
        f"sending|asking|writing|this for {_OUR} {others}",
        "behalf of",
        f"for my|our {others} $",
        f"its|thats|this for my|our {others}",
    )


_SOMEBODY_ELSE = _shows(f"{_KIN} {_CHILDREN}")
_SOMEBODY_GROWN = _shows(_KIN)  # for whoever answers for a child
_OF_KIN = any_of(f"^ my|our {_OTHERS}")
_THEIRS = any_of(f"his|her|their {_HOW}? {_PARTS}", "is|shes|hes 1*|2*|3*|4*|5*|6*|7*|8*|9*|years")
_CLOSE = any_of(f"my|our {_OTHERS}", f"^ {_PEOPLE}")
_FIRST_PERSON = frozenset(["i", "im", "ive", "id", "me", "my", "mine", "myself"])
_NOT_MINE = any_of(
    "not|isnt ... person|one|guy|girl|man|woman ... photo|picture|pic|image",
    "not in|on that|this|the photo|picture|pic|image",
    "of|is|its|thats|was someone|somebody|person|people at|from|in|who|i",
    f"not|isnt|wasnt|arent|never of|my? {_NOT_ME} $",
    "not|isnt|wasnt|arent of? me|myself|mine in|on|its|it|thats|but|though|at|its",
    f"not|isnt|wasnt my own? {_PARTS}",
    (
        "of|is|its|thats|shows|show|belongs|was to? someone|somebody|another|different|other else|person|"
        "patient|patients|child|kid|elses"
    ),
    f"other|another|different person|patient in|on ... {_SHOWN}",
    "^ someone|somebody elses?|else|elses",
    f"not me|mine ... {_OTHERS}",
)
_NOT_OURS = any_of(
    "not|isnt|wasnt my|our|the|her|his kid|child|son|daughter|baby|kids|children|boy|girl",
    "of|is|its|thats|shows|belongs someone|somebody|another|different else|elses|person|child|kid",
    "^ someone|somebody else|elses",
    "behalf of my|our|a neighbour*|neighbor*|friend*|colleague*",
    "our|my|the other son|sons|daughter|daughters|kid|kids|child|childs|boy|boys|girl|girls|baby|babys",
    f"{_OF} {_OUR} friend|friends|neighbour|neighbours|neighbor|neighbors|colleague|flatmate|dog|dogs|cat|cats",
    (
        f"{_OF} her|his|their|my friend|friends|classmate|teacher|cousin|teammate|brother|sister|mate|"
        "nephew|niece|stepbrother|stepsister"
    ),
    "not her|him|them|mine|ours its|it|thats|but|this|$",
)

_OWN = any_of(
    f"its|thats|is|was my own? {_PARTS} not",
    f"my own {_PARTS}",
    "photo|pic|picture|image|selfie of me|myself",
    "^ of me|myself",
    "its|thats me|myself this? time? not|$",
    "this|one is me|myself this? time? not|$",
    "is me , not",
)
_HAVE_IT_TOO = any_of(f"i|ive have|got got? it|the|this|a? same? {_PARTS}? {_PARTS}? too|also|myself|as")
_POINTS = any_of(
    f"photo|picture|pic|image|that|this|it is|shows|of {_OUR} old|older|younger|little|best|other? {_OTHERS}",
    f"its|thats {_OUR} old|older|younger|little|best|other? {_OTHERS}",
    f"^ of {_OUR} {_OTHERS}",
    "photo|picture|pic|image|one|that|this|it isnt|not of? me|mine|myself|us ,|$|its|thats|it|that|but",
    "photo|picture|pic|image|one|that|this|it is not of? me|mine|myself|us ,|$|its|thats|it|that|but",
    "its|thats not of? me|mine|myself|us ,|$|its|thats|it|that|but",
)
_FILLERS = re.compile(r"(?<= )(?:actually|really|just|only|even|sorry|honestly|probably|mate|btw) ")


def says_plainly_it_shows_another(words: str) -> bool:
    """Return whether plain words say so of a photo, and not only that somebody close has something too."""
    return _POINTS.search(_FILLERS.sub("", words))


def names_kin(words: str) -> bool:
    """Return whether plain words name a relative, a friend or whoever else is close."""
    return bool(set(words.split()) & _RELATIVES)


def may_show_another(words: str) -> bool:
    """Return whether plain words speak of somebody close, and not of the sender."""
    others = _CLOSE.without(words)
    return others != words and not set(others.split()) & _FIRST_PERSON


def shows_oneself(words: str) -> bool:
    """Return whether plain words say that the photo shows whoever wrote them."""
    return _OWN.search(_FILLERS.sub("", words))


def has_it_too(words: str) -> bool:
    """Return whether whoever wrote plain words has what somebody else has: under a photo they say whom it shows."""
    return _HAVE_IT_TOO.search(_FILLERS.sub("", words))


def shows_another(words: str, *, answers_for_others: bool, answers_for_self: bool = False) -> bool:
    """Return whether plain words say that the photo shows somebody the sender is not known to answer for."""
    if answers_for_others and not answers_for_self and shows_oneself(words):
        return True
    words = _FILLERS.sub("", words)
    if answers_for_others:
        return _NOT_OURS.search(words) or _SOMEBODY_GROWN.search(words)
    return bool(
        _NOT_MINE.search(words) or _SOMEBODY_ELSE.search(words) or (_OF_KIN.search(words) and _THEIRS.search(words))
    )
