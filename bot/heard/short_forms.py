"""English names and what people of that name are called: a closed list, of the commonest (R15).

What is as often a name of its own is left out: who writes of Jack need not mean John.
"""

from __future__ import annotations

import re
from collections import defaultdict

_CALLED = """
alexander: alec xander
alexandra: lexi lexie
andrew: drew
anthony: tony
charles: charlie charley
charlotte: charlie lottie
catherine katherine kathryn: kate katie kathy cathy
christina christine: chrissie tina
daniel: danny
david: davey davy
deborah: deb debbie
edward: eddie ned ted teddy
eleanor: nell nellie
elizabeth: bess beth betsy betty eliza libby lizzie
francis: frank frankie
frances: frankie
frederick: freddie freddy
gerald: gerry
isabel isabella isabelle: bella izzy
jacqueline: jackie
james: jim jimmy
jennifer: jennie jenny
jessica: jessie
john: johnny
jonathan: johnny jonny
joseph: joey
judith: judy
kenneth: ken kenny
laurence lawrence: larry laurie
leonard: len lenny
madeleine madeline: maddie maddy
margaret: maggie margie peggy
matthew: matty
michael: mickey micky mikey
nathan nathaniel: nate
nicholas: nicky
nicole: nicky nikki
pamela: pam
patricia: patty tricia trish
patrick: paddy
rebecca: bec becca becky
richard: richie rick ricky
robert: bob bobby robbie
ronald: ron ronnie
samantha samuel: sammy
stephen steven: steve stevie
susan susanna suzanne: sue susie suzy
terence: terry
theodore: ted teddy theo
thomas: tommy
timothy: timmy
victoria: tori vicki vicky
vincent: vince vinnie
walter: wally
william: bill billy willy
zachary: zack
"""
_ALSO_WORDS = frozenset({"bill", "drew", "frank", "patty", "sue"})  # which also begin a sentence: "Frank blood in it"
_IN_SMALL_LETTERS = _ALSO_WORDS | {
    *(
        "bec",
        "bess",
        "billy",
        "bob",
        "bobby",
        "charley",
        "jimmy",
        "joey",
        "ken",
        "len",
        "mickey",
        "nell",
        "paddy",
        "pam",
    ),
    *("peggy", "ron", "ted", "teddy", "terry", "wally", "willy"),
}
_WHOSE = re.compile(r"['’]s$", re.IGNORECASE)


def called_like(word: str) -> frozenset[str]:
    """Return the names of whoever may be called so, in small letters: of "Bob" Robert and Bobby, of "Robert" Bob.

    Where it is a word too, it counts only as whose something is: "bob's knee", "Frank's rash". A name that is not heard costs one
    question; a word that is taken for a name files words with the wrong child.
    """
    name = _WHOSE.sub("", word)
    words = _IN_SMALL_LETTERS if name[:1].islower() else _ALSO_WORDS
    is_name = name != word or name.casefold() not in words
    return _ALIKE.get(name.casefold(), frozenset()) if is_name else frozenset()


def _alike() -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for line in _CALLED.split("\n"):
        written, _, short = line.partition(":")
        for name in written.split():
            for form in short.split():
                found[name].add(form)
                found[form] |= {name, *short.split()}
    return {name: frozenset(others) for name, others in found.items()}


_ALIKE = _alike()
