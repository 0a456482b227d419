"""Words that are polite, or chat, or say nothing: a person reads them, and nothing is filed with them."""

from __future__ import annotations

import re

from .phrase_lists import any_of, words_of

COURTESY = words_of(
    """
    thanks thank you ty ta cheers thankyou thankyu tq tks hi hello hey hiya hullo yo howdy gday good morning
    afternoon evening night mornin bye goodbye great perfect lovely awesome brilliant fine ok okay cool nice
    day have a much so very many appreciated appreciate it that doctor doc dr will do noted understood got no
    worries problem all done for your help again team everyone love kind regards best wishes god bless merci
    gracias danke obrigado grazie bonjour hola ciao namaste salam aloha please welcome youre sorry the being
    late bother trouble delay there mate i am im here test testing see soon weekend too same to and sir madam
    maam bonsoir righto dokey wonderful amazing legend star dear heaps million guys thumbsup hallo tack dank takk lol haha
    hahaha ha xx xo xoxo x merry christmas happy new year easter diwali eid birthday staff lee chen osei kim
    from sam
    """
)
_NOTHING = words_of(
    """
    photo photos pic picture pictures image images foto this that it here other same above as see attached
    attachment the a an my one two three file screenshot something stuff thing things idk na nil none nothing
    various misc general question yes no yeah nope maybe ok okay k y n look test testing check hmm hm um uh er
    what ditto blank unknown random please
    """
)
_CHAT = any_of(
    "sending|taking|uploading|doing|posting ... now|another|more|again|next|soon|few|second|one|it|them",
    "will|ill|going|gonna|let ... send|take|upload|explain|talk|tell|show|bring|chat|discuss|see|"
    "be ... another|more|thursday|monday|tuesday"
    "|wednesday|friday|saturday|sunday|tomorrow|later|when|in|you|pic|photo|one|there",
    "another|more|next|one|two|photos|pics coming|follow",
    "more|another ... coming|to",
    "sorry about|bout|for ... photo|pic|picture|quality|light|lighting|blur*|mess",
    "waiting room",
    "on my way",
    "well|ill|will|were|im ... there at|by|on|soon|then|$",
    "my email|address|number",
    "see you ... thursday|monday|tuesday|wednesday|friday|saturday|sunday|tomorrow|soon|then|later|there|next|at|$",
    "hope you|your|all|everyone|youre|to|that",
    "merry|happy christmas|xmas|new|diwali|easter|eid|birthday|holidays|holiday|ramadan|chanukah|"
    "hanukkah|monday|friday",
    "found|got ... phone",
    "phone|battery ... died|dying|flat|charging|dead|slow|charge",
    "sorry for|about the? slow|late|delay|spam|mess|confusion|bother*|trouble",
    "running late",
    "tell ... said|says|i hi|hello|thanks|thank",
    "say|said hi|hello|thanks|sorry",
    "apologi*",
    "receptionist|reception|waiting room|parking ... was|is|were",
    "rude|lovely|kind|helpful|wonderful|amazing ... to|me|today|she|he|you|$",
    "lost the|my|that|your|a ... paper|letter|card|form|script|glasses|keys|password|code",
    "hi|hello its|this|im|it ... sam|kim|me|here|$",
    "appreciate|grateful",
    "no|not rush|hurry",
    "have a good|nice|great|lovely",
    "happy|glad|sad|sorry to see|hear",
    "^ my? internet|wifi|signal|reception",
    "driving with",
    "auto* reply|response",
)
_KIND = words_of(
    "thanks thank thankyou ta cheers merci gracias danke grazie obrigado appreciate hello hi hope enjoy worries rush wishes"
)
_SHOWN = words_of("photo photos pic pics picture pictures image images it that this them those")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NO_WORD = re.compile(r"[bcdfghjklmnpqrstvwxz]{5,}|([a-z])\1+")


def is_courtesy(words: str) -> bool:
    """Return whether plain words are polite and say nothing else, or are no words at all: "thanks so much!", 🙏."""
    return set(words.split()) <= COURTESY | {".", ",", "?"}


def is_kind(words: str) -> bool:
    """Return whether plain words thank, greet or wish well, and speak of no photo."""
    said = set(words.split())
    return bool(said & _KIND) and not said & _SHOWN


def is_chat(words: str) -> bool:
    """Return whether plain words are chat: about the chat itself, a visit, the people, a feast."""
    return _CHAT.search(words)


def says_nothing(words: str) -> bool:
    """Return whether plain words don't say what a photo is about: "photo", ".", "as above", "asdfgh", "1"."""
    said = [word for word in words.split() if word not in {".", ",", "?"}]
    return all(word in _NOTHING or word.isdigit() or len(word) == 1 or _is_typed_at_random(word) for word in said)


def has_no_words(words: str) -> bool:
    """Return whether plain words are marks alone, as where somebody sends a picture."""
    return not words.strip(" .,?")


def _is_typed_at_random(word: str) -> bool:
    along = any(word in row or word[:4] in row for row in _ROWS) and len(word) >= 4
    return along or bool(_NO_WORD.fullmatch(word))
