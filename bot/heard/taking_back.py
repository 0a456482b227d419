"""Words that ask to hold or take back a photo: stop, delete, the wrong one, do not use it (R34).

Nothing is destroyed for them: the photo is held and one tap is asked for. So a wish too many costs a tap, and a wish overheard
files what its sender wanted back.
"""

from __future__ import annotations

import re

from .plain import bare, plain

_PICTURE = (
    r"(?:photos?|pics?|pictures?|images?|imgs?|img-?\w*|ones?|messages?|msgs?|uploads?|files?|shots?|snaps?"
    r"|attachments?|selfies?|scans?)"
)
_WHICH = r"(?:it|this|that|them|these|those|everything|all|both|what i (?:just )?sent)"
_OBJECT = (
    rf"(?:(?:the|that|this|those|these|my|last|first|second|both|all|any|of|his|her|previous|other|old"
    rf"|new)\s+){{0,4}}(?:{_PICTURE}|{_WHICH})"
)
_AWAY = (
    r"(?:delete|remove|erase|bin|trash|scrap|discard|destroy|withdraw|unsend|undo|cancel|retract|recall|wipe"
    r"|ignore|disregard|drop|pull|get rid of)"
)
_USE = (
    r"(?:use|keep|file|share|show|send|save|store|post|print|publish|upload|forward|pass|look at|open|process"
    r"|record|add|include|put)"
)

_TAKES_BACK = re.compile(
    rf"\b{_AWAY}\s+(?:please\s+)?{_OBJECT}\b"
    rf"|\b(?:{_OBJECT})\s+(?:\w+\s+){{0,4}}(?:deleted?|removed?|erased?|destroyed?|withdrawn|taken (?:down|off|back"
    rf"|out)|gone|binned)\b"
    rf"|\btake\s+{_OBJECT}\s+(?:down|back|off|out|away)\b|\btake (?:back|down|off)\s+{_OBJECT}\b"
    rf"|\bput {_OBJECT} (?:in the bin|away)\b|\bforget (?:about )?{_OBJECT}\b"
    rf"|(?<!\bi )\b(?:dont|never|mustnt|shouldnt|not to|no need to"
    rf"|please not)\s+(?:\w+\s+){{0,2}}?{_USE}\b(?:\s+{_OBJECT}\b|\s*(?:$|[.,!;?\n]|please|anymore|any more|yet"
    rf"|anywhere|for|to|with|until))"
    rf"|\bi\s+(?:really\s+)?(?:dont|do not|didnt|no longer|never)\s+(?:actually\s+)?(?:want|wanted|wish|like)\s+"
    rf"(?:{_OBJECT}|you|anyone|anybody|any|my|him|her|them|the|other people|people|to (?:send|share|go ahead"
    rf"|do this|continue|carry on|proceed|be))\b"
    rf"(?!\s+to (?:get|spread|scar|grow|hurt|become|turn|leave a|go septic|worsen))"
    r"|\bstop\s+(?:using|sharing|showing|sending|filing|keeping|it|this|that|everything|all)\b|\bplease stop\b"
    rf"|\bwrong\s+(?:{_PICTURE}|patient|person|number|chat|child|kid|thing|way|folder|account)\b"
    r"|\b(?:not|wasnt|isnt) (?:the (?:right|correct) |meant (?:for|to)|for you|supposed to)"
    r"|\b(?:didnt|never) mean(?:t)? (?:to|for)|\bshouldnt have (?:sent|shared|uploaded)"
    r"|\bsent (?:\w+ ){0,3}(?:in error|too (?:early|soon))"
    r"|\b(?:sent|send|uploaded|attached|posted|shared|pressed|photo|pic|picture|image)\b[^.!?\n]{0,40}\b(?:by"
    r"|in) (?:mistake|accident|error)\b"
    r"|\b(?:by|in) (?:mistake|accident|error)\b[^.!?\n]{0,30}\b(?:sent|send|uploaded|attached|posted|shared|photo"
    r"|pic|picture|image)\b"
    r"|\baccidentally (?:sent|uploaded|attached|posted|shared|hit|pressed|added)"
    r"|\bchanged? my mind\b|\b(?:withdraw|revoke|retract|take back|cancel|remove|pull)\w*\s+(?:my |the "
    r"|all )?(?:consent|permission|agreement|ok|yes)\b"
    r"|\bi\s+(?:\w+\s+)?(?:dont|no longer|never|cant|wont|refuse to|do no) (?:agree|agreed|consent|consented"
    r"|give permission|allow|authori[sz]e)"
    r"|\bi (?:refuse|object|decline|withdraw)\b|\bagainst my (?:will|wish\w*)|\bwithout (?:my|her|his"
    r"|their) (?:consent|permission|ok)\b"
    r"|\bnot (?:ok|okay|happy|comfortable|alright|fine|cool) (?:with|about|for|to|that|having)\b|\bno consent\b"
    r"|\bno permission\b"
    r"|\b(?:id|i would|would|we would|wed) (?:much |really )?(?:rather|prefer) (?:you |it |that |if |they )*(?:not"
    r"|didnt|dont|wasnt|isnt)\b"
    r"|\b(?:rather|prefer) (?:you |it |they )?(?:didnt|dont|not)\b"
    r"|\bkeep (?:it|this|that|them) (?:private|off|out)|\bwithdraw\b|\bunsend\b|\bundo\b"
)
_STOP = re.compile(r"^(?:please |oh |no |wait |hang on |ok )*stop(?: please| now| thanks| it| that| this)*$")


def takes_back(text: str) -> bool:
    """Return whether these words ask that a photo is not kept or not used."""
    return bool(_TAKES_BACK.search(plain(text))) or says_stop(text)


def says_stop(text: str) -> bool:
    """Return whether the whole message is "stop": it does not say of what."""
    return bool(_STOP.match(bare(text)))
