"""Alarm words: what may be an emergency, in a patient's words (R34). They bring the emergency sentence at once and change nothing
else: nothing is triaged, reordered or delayed by them.

One sentence too many does no harm, one too few may. So a word counts unless it is plainly denied, or plainly long past.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from .plain import clauses, plain

_BODY = r"(?:lips?|tongue|throat|face|mouth|airways?)"
_ALARMS = re.compile(
    r"\b(?:"
    r"(?:cant|couldnt|cnt|hardly|barely|unable to|struggl\w+ to|trouble|difficult\w*|problems?|hard to|hard time)\s+"
    r"(?:\w+\s+){0,2}breath\w*"
    r"|short(?:ness)? of breath|breathless|out of breath|gasping|breathing (?:is )?(?:difficult|hard|bad|worse|fast"
    r"|funny)"
    r"|(?:not|isnt|stopped) breathing|wheez\w+ (?:badly|a lot)|chok(?:ing|ed)"
    r"|chest\s+(?:\w+\s+){0,2}(?:pains?|hurts?|tight\w*|pressure|aches?|crushing)"
    r"|(?:pains?|tight\w*|pressure|crushing)\s+(?:\w+\s+){0,2}(?:in|across|on)\s+(?:\w+\s+)?chest"
    rf"|{_BODY}\s+(?:\w+\s+){{0,3}}(?:swell\w*|swollen|closing|puff\w* up|blue)"
    rf"|(?:swell\w*|swollen)\s+(?:\w+\s+){{0,3}}{_BODY}"
    r"|cant swallow|cant speak|cant talk"
    r"|unconscious|unresponsive|(?:not|isnt|stopped) respond\w*|(?:wont|cant|doesnt|not) wak(?:e|ing)\b"
    r"|collaps\w+|passed out|pass(?:ing)? out|faint(?:ed|ing)|black(?:ed|ing) out|going to faint"
    r"|seizures?|fitting|having a fit|convuls\w+"
    r"|(?:wont|doesnt|cant|isnt|not|never) stop(?:ping)?\s+(?:the\s+)?bleed\w*"
    r"|bleed\w*\s+(?:\w+\s+){0,3}(?:wont stop|doesnt stop|isnt stopping|not stopping|heavily|badly|a lot|everywhere"
    r"|non ?stop)"
    r"|blood (?:is )?(?:everywhere|pouring|spurting|gushing|pumping)|(?:pouring|gushing|spurting"
    r"|losing) (?:\w+ ){0,3}blood"
    r"|(?:cough\w*|vomit\w*|throw\w* up|spit\w*) (?:up )?(?:\w+ )?blood"
    r"|suicid\w*|kill (?:my|him|her|them)self|end (?:it all|my life)|want to die|wanna die|dont want to live"
    r"|better off dead"
    r"|(?:hurt|harm|cut)(?:ing)? myself|self ?harm\w*"
    r"|overdos\w+|took too many|taken too many|swallowed (?:\w+ ){0,3}(?:bleach|batter\w+|pills|tablets|poison)"
    r"|poison(?:ed|ing)"
    r"|heart attack|(?:having|had|is it|maybe|possible|a) stroke|face (?:is |has )?droop\w*|droop\w* face|slurr\w+"
    r"|cant (?:move|feel) (?:my|his|her|one|the) (?:\w+ ){0,2}(?:arms?|legs?|side|face|hand)"
    r"|gone numb (?:on )?one side|one side (?:\w+ ){0,3}numb|suddenly cant see|cant see (?:anything|out of)"
    r"|lost (?:my )?(?:vision|sight)"
    r"|anaphyla\w+|severe allergic|bad allergic|allergic reaction"
    r"|turn(?:ing|ed)? blue|gone blue|blue lips|lips (?:are |went )?blue"
    r"|(?:call(?:ed|ing)?|need(?:s)?|send|get) (?:\w+ ){0,2}(?:ambulance|000|999|911|112|paramedics?)|emergency|dying"
    r"|sepsis|septic|meningitis"
    r")\b"
)
_DENIED = re.compile(
    r"\b(?:no|not|never|without|denies|nor|dont have|doesnt have|didnt have|havent had|havent got|hasnt had|isnt|"
    r"arent|wasnt|free of|rather than|nothing like|zero)\s+(?:\w+\s+){0,4}$"
)
_PAST = re.compile(
    r"\b(?:in|since|back in) (?:19|20)\d\d\b|\b(?:years?|decades?|months) ago\b|\blast (?:year|summer|winter|spring"
    r"|autumn)\b"
    r"|\bhistory of\b|\bused to\b|\bas a (?:child|kid|baby|teenager)\b|\bwhen i was\b|\bfamily history\b"
    r"|\bchildhood\b"
)
_NO_EMERGENCY = re.compile(
    r"\b(?:not|isnt|no|non|wasnt|never)\s*-?\s*(?:really )?(?:an? )?emergency\b|\bemergency (?:contact|room last"
    r"|dept last)\b"
)


def alarm_words(text: str, more: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the alarm words that stand in the text, in their order; `more` are phrases that the practice added."""
    found: list[str] = []
    added = [plain(phrase).strip() for phrase in more if phrase.strip()]
    for clause in clauses(text):
        if _PAST.search(clause) or _NO_EMERGENCY.search(clause):
            continue
        found += [one[0] for one in _ALARMS.finditer(clause) if not _DENIED.search(clause[: one.start()])]
        found += [phrase for phrase in added if re.search(rf"\b{re.escape(phrase)}\b", clause)]
    return tuple(dict.fromkeys(found))
