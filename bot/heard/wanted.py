"""What a patient can ask for by name, in their own words: their images, a copy, help, a correction."""

from __future__ import annotations

import re

from bot.domain.deeds import Deed, GetCopy, SeeHelp, SeeImages
from bot.domain.references import as_reference

from .health import about_health
from .phrase_lists import Phrases, any_of, words_of
from .plain import sentences
from .small_talk import COURTESY

_LEAD = (
    "please can|could|may i|you can|could you hi hello id i like|want|need|wish to show|see|get|have|"
    "send|list|give|request|view me all a|the"
)
_THINGS = "images|photos|pictures|pics|imgs|photo|image|picture|pic|uploads"
_MAY_LEAD = " ".join(f"{word}?" for word in f"{_LEAD} of".split())
_END = "please? thanks|thank|again|list|now? you? $"
_HELD = "information|info|data|record|records|file|files|notes|everything|history|chart|details|stuff"
_ASKED: tuple[tuple[Phrases, Deed], ...] = (
    (
        any_of(
            f"^ {_MAY_LEAD} list|copies|overview? of? my|mine|our|mia|mias|his|her {_THINGS} {_END}",
            "^ list $",
            "^ myimages|myphotos|mypictures|mypics $",
            f"^ status|images {_END}",
            f"^ show|list|see|view me? all? my? the? {_THINGS} {_END}",
            f"^ what|which {_THINGS} do|have you have|hold|keep|got|stored? of|about|from|on? me|us|mine|my|him|her? $",
            f"^ what|which {_THINGS} of|from ... do|have you have|hold|keep|got|stored? {_END}",
            "^ what do you have|hold|keep|got|know on|about|of|from me $",
            f"^ my {_THINGS} list|status? $",
            f"what|which ... {_THINGS} ... have|hold|sent|got|keep|kept|stored|filed|there",
            "what have|did|had i|we sent|send|uploaded|shared|filed",
            f"^ {_MAY_LEAD} show|see|list|view ... {_THINGS} {_END}",
            f"how many {_THINGS} have|has|did|do|are i|we|you|there sent|send|uploaded|have|got|hold|keep|in|on|$",
            f"how many {_THINGS} in|on|$",
            "show|see|list|view me? what i|we have? sent|uploaded",
            "what have you got|stored|kept of|from|about|on me|mine",
            "^ mis fotos|imagenes $",
            "^ mes photos|images $",
            "^ meine bilder|fotos|photos $",
            "^ le? mie foto|immagini $",
        ),
        SeeImages(),
    ),
    (
        any_of(
            f"^ {_MAY_LEAD} my|mine copy|copies {_END}",
            "^ mycopy|copy please? $",
            f"^ {_MAY_LEAD} copy|copies|export of ... {_HELD}|{_THINGS}",
            f"like|want|need|request|get|have|send ... a|the|me|full copy|copies|export of ... {_HELD}|{_THINGS}",
            f"^ {_MAY_LEAD} my {_HELD} {_END}",
            f"send|give|want|need|request|have|get me? all? my? full|medical|whole|entire|patient|own {_HELD}",
            f"send|give|want|need|request me? all? my {_HELD}",
            "everything ... you have|hold|know|keep|got",
            "subject? access request",
            "send|email|give me|us back the|my|that|his|her|a ... one|copy|photo|picture|pic",
            f"printout|print of? my? {_HELD}",
            f"download|export my ... {_HELD}|{_THINGS}",
        ),
        GetCopy(),
    ),
    (
        any_of(
            f"^ {_MAY_LEAD} help me? please? {_END}",
            "help me? use|using this|it|the? app|bot|chat? $",
            "help me? with the|this app|bot|chat $",
            "^ menu|commands|options|info|instructions|hilfe|ayuda|aide|aiuto|ajuda|pomoc|hulp|yardim $",
            "^ what can|do you|i ask|say|write|type|do here? $",
            "^ how does|do|to this|it|i|you|the work|use|app|bot|chat this|it|work? $",
            "^ i? need help please|now|$",
            "instructions please",
            "how to use|work this|it|the? app|bot|chat|thing? $",
            "^ im lost|confused|stuck $",
            "^ someone|anyone|can help me? please|$",
            "dont|not know|sure|understand how to use|work this|it|the? app|bot|chat|thing? $",
            "^ need help please|using? this|it|app|the? bot|app|chat? $",
            "^ need help with this|the app|bot|chat $",
            "^ can|could you help me? please? $",
        ),
        SeeHelp(),
    ),
)
_REF = r"(?:img[\s–—-]*[0-9a-z]{4,8}|(?=[a-z]{0,3}\d)[0-9a-z]{4})"
_CORRECT = re.compile(
    r"[!\s]*(?:please\s+|pls\s+)?(?:correct(?:ion|ing)?|corect(?:ion)?|corrct|change|fix|edit|amend|update)[\s:]+"
    rf"(?:the\s+)?(?:reason\s+)?(?:for\s+|of\s+|on\s+)?({_REF})\b(.*)$",
    re.IGNORECASE | re.DOTALL,
)
_SHOULD_SAY = re.compile(
    rf"\W{{0,20}}(?:(?:please|pls)\s{{1,20}}|sorry\W{{1,20}})?(?:(?:for|on|in|with)\s{{1,20}})?({_REF})\W{{1,20}}"
    r"(?:(?:it|that)\s{1,20})?(?:should|shld|shud)\s{1,20}(?:say|be|read)\b(.*)$",
    re.IGNORECASE | re.DOTALL,
)
_BEFORE_WORDS = re.compile(
    r"[\s:,;–—-]{0,20}(?:(?:to|is(?!\s+(?:it|this|that|there)\b)|should be)\b)?[\s:]{0,20}", re.IGNORECASE
)
_DAY_OR_SIDE = "monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|tues|wed|thurs|fri|sat|sun|left|right"
_PUT_RIGHT = any_of(
    "^ please? correct|correction $",
    "^ please? please? correct|correction|amend|edit|fix ... it|that|should|was|is|the|my|reason",
    "^ sorry? typo|spelling|misspelt|autocorrect",
    "^ i? meant to? say|write|left|right|my|the",
    "meant left|right $",
    "^ oops|sorry|actually? i? meant|mean ... not|the|left|right|my",
    "actually its|it|i|the|that|was",
    "should have|ve|be|read|say said|written|read|left|right|been",
    "i wrote|said|put ... wrong|mistake|not|meant|should",
    "^ its|it|was|that ... ... not monday|tuesday|wednesday|thursday|friday|saturday|sunday|left|right",
    f"{_DAY_OR_SIDE} not|isnt {_DAY_OR_SIDE}",
    "^ its|it|that|was my|the left|right one|side|arm|leg|hand|foot|knee|eye|ear|$",
    "^ not left|right|the|my left|right|$",
    "^ should be|read|say|have",
    "^ please? change the? reason|words|description|caption",
)
# Beside what is asked for: told or asked of the practice, or of somebody else's papers.
_TELLS = any_of(
    "^ did|do|does|has|had|is|are|was|were you|they|he|she|we|the|it|dr|doctor|anyone|someone",
    "^ you can|could|may|will|should see|have|get|look",
    "from|at|to the|my|a|another|that|dr|st|our|his|her? ... hospital|clinic|gp|surgery|specialist|dentist|doctor|ward|insurer|"
    "insurance|lawyer|solicitor|work|school|employer|boss|physio|pharmacy|chemist",
    "from|to dr|doctor|st",
)
_ASKS_POLITELY = any_of("do you mind")
_BESIDE_HELP = COURTESY | words_of(
    "_ . , ? can could you i just need want to how do does dont not know sure understand with this and so um help"
)
_MOST_SENTENCES = 3
LONGEST = 4_000


def correction_in(text: str) -> tuple[str, str] | None:
    """Return the photo whose recorded words the whole message puts right, and the right words; None where it does not."""
    said = text[:LONGEST].strip()
    found = _CORRECT.match(said) or _SHOULD_SAY.match(said)
    ref = as_reference(found[1]) if found is not None else ""
    if found is None or not ref:
        return None
    return ref, without_lead(found[2])


def without_lead(words: str) -> str:
    """Return the right words without what leads to them: "to: …", "should be …"."""
    said = words.strip()
    found = _BEFORE_WORDS.match(said)
    return said[found.end() if found else 0 :].strip()


def wanted(words: str) -> Deed | None:
    """Return what the message, made plain, asks for by name; None where it does not, or tells something in the same breath."""
    if words.count(" . ") > _MOST_SENTENCES:
        return None
    return next((deed for pattern, deed in _ASKED if pattern.search(words) and _is_asked(pattern, deed, words)), None)


def _is_asked(pattern: Phrases, deed: Deed, words: str) -> bool:
    """Return whether help is all that is asked for; or else a sentence asks for this, and for no photo beside what ails them."""
    if isinstance(deed, SeeHelp):
        return set(pattern.without(words).split()) <= _BESIDE_HELP
    asking = [sentence for sentence in sentences(words) if pattern.search(sentence)]
    asking = [sentence for sentence in asking if not _TELLS.search(_ASKS_POLITELY.without(sentence))]
    return any(isinstance(deed, GetCopy) or not about_health(pattern.without(sentence)) for sentence in asking)


def puts_right(words: str) -> bool:
    """Return whether plain words put right what was said of a photo, without naming the photo."""
    return _PUT_RIGHT.search(words)
