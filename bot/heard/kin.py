"""Words by which a sender says whose body a photo shows: somebody else's, as "its my mums leg" or "on behalf of my friend"."""

from __future__ import annotations

from .health import AILMENTS, BODY
from .phrases import any_of, either

_KIN = (
    "mum mom mam mummy mother mums moms mothers dad dads father fathers wife wifes husband husbands hubby partner partners"
    " brother brothers sister sisters son sons daughter daughters kid kids child childs childrens baby babys babies bub toddler"
    " nan nans nana gran grandma grandmother grandfather grandpa pop aunt aunty auntie uncle cousin cousins nephew niece grandson"
    " granddaughter grandchild boyfriend girlfriend boyfriends girlfriends fiance friend friends mate mates neighbour neighbours"
    " neighbor neighbors flatmate flatmates housemate roommate colleague colleagues coworker boss tenant carer client employee"
    " lady man guy woman girl boy resident bro sis dude bff student fella missus bloke parents inlaw stepson stepdaughter twin ex"
)
_BEASTS = "dog dogs cat cats puppy kitten horse rabbit pet chook budgie guinea hamster parrot"
_RELATED = sorted({f"{word}{end}" for word in f"{_KIN} {_BEASTS}".split() for end in ("", "s")})
_OTHERS = either(_RELATED)
_PEOPLE = either(_KIN.split())
_WHOSE = either(word for word in _RELATED if word.endswith("s"))
_HOW = "left|right|lower|upper|big|little|swollen|infected|old|new|red|sore|itchy|bad|inner|outer|poor|top|bottom|whole"
_OUR = "my|our|me|his|her|their|a|the"
_PARTS = either(sorted(BODY | (AILMENTS - {"bit", "hot", "red"})))
_SHOWN = "photo|photos|pic|picture|pictures|image|images|one|ones|that|this|it|its|thats|these|those|here"
_OF = "of|is|are|was|shows|show|its|thats|from|heres|these|belongs"
_NOT_ME = "me|mine|myself|my|us|mes"

_SOMEBODY_ELSE = any_of(
    f"{_SHOWN} {_OF} {_OF}? {_OUR}? old|older|younger|little|best|late|elderly|eldest|youngest|other? {_OTHERS} $",
    f"{_SHOWN} {_OF}? {_OF}? {_OUR}? {_OTHERS} {_OTHERS}? {_HOW}? {_HOW}? {_PARTS}",
    f"^ {_OUR}? {_WHOSE} {_HOW}? {_HOW}? {_PARTS}",
    f"my|our {_OTHERS} has|got|have got? this|a|these|some|an|it",
    f"its|thats|of|heres|shows {_OUR} old|older|younger|little|best|late|elderly|eldest|youngest|other? {_OTHERS} ... {_PARTS}|not|$",
    f"its|thats|of|heres|shows {_OUR} {_OTHERS}",
    f"^ {_OUR} {_OTHERS} {_PARTS}",
    f"^ my|our {_OTHERS} $",
    f"^ {_PEOPLE} {_PARTS}",
    f"{_WHOSE} photo|photos|pic|pics|picture|pictures|image",
    "next doors",
    f"from|my next door ... {_PARTS}|$",
    "i|we care|look|caring for|after",
    "not mine|me|my ... his|hers|her|theirs",
    f"his|her {_PARTS} not mine|me|my",
    f"sending|asking|writing|this|its|thats for a|my|our|the {_OTHERS}",
    f"sending|asking|writing|this for {_OUR} {_OTHERS}",
    "behalf of",
    f"for my|our {_OTHERS} $",
    f"its|thats|this for my|our {_OTHERS}",
)
_OF_KIN = any_of(f"^ my|our {_OTHERS}")
_THEIRS = any_of(f"his|her|their {_HOW}? {_PARTS}", "is|shes|hes 1*|2*|3*|4*|5*|6*|7*|8*|9*|years")
_NOT_MINE = any_of(
    f"not|isnt|wasnt|arent|never of|my|really|actually? {_NOT_ME} $",
    "not|isnt|wasnt|arent of? me|myself|mine in|on|its|it|thats|but|though|at|its",
    f"not|isnt|wasnt my own? {_PARTS}",
    "of|is|its|thats|shows|show|belongs|was to? someone|somebody|another|different|other else|person|patient|patients|child|kid|elses",
    "^ someone|somebody elses?|else|elses",
    f"not me|mine ... {_OTHERS}",
)
_NOT_OURS = any_of(
    "not|isnt|wasnt my|our|the|her|his kid|child|son|daughter|baby|kids|children|boy|girl",
    "of|is|its|thats|shows|belongs someone|somebody|another|different else|elses|person|child|kid",
    "^ someone|somebody else|elses",
    "behalf of my|our|a neighbour*|neighbor*|friend*|colleague*",
    f"{_OF} {_OUR} friend|friends|neighbour|neighbours|neighbor|neighbors|colleague|flatmate|dog|dogs|cat|cats",
    f"{_OF} her|his|their|my friend|friends|classmate|teacher|cousin|teammate",
)


def shows_another(words: str, *, answers_for_others: bool) -> bool:
    """Return whether plain words say that the photo shows somebody the sender is not known to answer for."""
    if answers_for_others:
        return _NOT_OURS.search(words)
    return bool(
        _NOT_MINE.search(words) or _SOMEBODY_ELSE.search(words) or (_OF_KIN.search(words) and _THEIRS.search(words))
    )
