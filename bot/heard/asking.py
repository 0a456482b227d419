"""Questions to the practice, and what is asked of it: an appointment, a script, a call (R34).

A request to take a photo back is none, however it is put: "can you delete it?" asks for that.
"""

from __future__ import annotations

from .health import about_health
from .phrase_lists import any_of, words_of
from .plain import sentences

# What may stand before a question: "hi doctor, sorry, but can I …"
_LEAD = words_of(
    """
    hi hello hey dear good morning afternoon evening sorry please just um so and but ok okay also thanks thank you
    doctor dr sir madam quick question yes no yeah well or actually excuse me then anyway oh
    """
)
_WHO = (
    "i|you|he|she|it|we|they|this|that|these|those|there|anyone|anybody|someone|somebody|everyone|"
    "any|dr|doctor|doctors|your|all|both"
)
_THING = f"{_WHO}|the|my|his|her|our|one|two|a|an|no"
_OF_OURS = (
    "doctor|dr|nurse|specialist|practice|dermatologist|clinic|results|result|photo|photos|picture|"
    "pictures|message|messages|bot|app"
    "|surgery|surgeon|appointment|reception|receptionist|script|biopsy|registrar|registrars|students"
)
GONE = "deleted|removed|erased|destroyed|withdrawn|binned|wiped|taken|cancelled|discarded"  # as one asks for it
_FORMS = any_of(
    f"can|could|may|shall|should|would|will|might {_THING}",
    "do|did|have|has|havent|hasnt|didnt|dont i|you|he|she|we|they|anyone|anybody|someone|yous|dr|"
    f"doctor|doctors|your the? {_OF_OURS}|*",
    f"has|have|did|was|were|are the|my your? {_OF_OURS}",
    "does|whats|whens|wheres|whos|hows|whys|whose",
    f"is|isnt|am|arent|wasnt {_THING}",
    "can|could|will|would|should nurse|nurses|specialist|people|others|students|receptionist|"
    "reception|someones|patients|gp",
    "do|did this|these|those|it|my|the ... need|look|seem|mean|have|go|count|matter|require|sound",
    "are my|the ... ok|okay|normal|infected|meant|supposed|safe|healing",
    "ok|okay|safe|alright to",
    "has|have this|it|these got|become|gone|turned",
    "are|was|were it|this|that|there|you|they|he|she|we|i|your|dr|any|these|those|all|both",
    "is 1*|2*|3*|4*|5*",
    "what|which ... to use|apply|put|take|do|try",
    "what|wot which|time|is|are|do|does|did|will|can|could|should|happens|if|about|photo|photos|"
    "picture|kind|sort|you|was|were|would|now|else"
    "|next|number|code|request|else|have|has|for|to|doctor|did|day|exactly|$",
    "how am|do|does|did|can|could|long|much|many|often|will|should|soon|is|are|about|come|would|to|safe|secure|on",
    "when will|is|do|does|can|should|are|did|would|could|was|am|$",
    "where is|are|do|does|did|will|can|should|to|was|would|exactly|$",
    "why is|are|do|does|did|would|should|cant|am|was|has|have|me|this|$",
    "who has|is|will|can|else|sees|are|do|did|gets|would|reads|decides|all|sent|looks|was|should|$",
    "which colleague|doctor|photo|one|ones|photos|registrar*|day|cream|number|of|picture|person|hospital|nurse|time|dr|$",
    "which students|trainees",
    f"^ if ... will|would|can|could|do|does|is|am {_THING}",
    f"if i|we|he|she say|said yes|no|ok|later|nothing? ... will|would|can|could|do|does|is|what|how {_THING}|happens",
    "if i|we|he|she say|said|withdraw|delete|refuse|agree|change|dont ... will|would|can|could|do|"
    f"does|is|what|how {_THING}|happens",
    "how|what about",
    "any chance|news|update*|word|results|idea|luck|advice",
    "anyone|anybody there|home|looked|seen|know",
)
_ASKS = any_of(
    "wondering|wonder if|when|whether|how|what|who|why|about",
    "like|want|need to know|ask|hear|understand|speak|talk|see|discuss ... if|when|how|what|who|why|"
    "to|about|from|whether|the|with|$",
    "just|only checking|asking|following|wanted if|whether|up|to|on",
    "checking if|whether|you|that|in|on",
    "let me know if|when|what|how|whether",
    "can|could|would|will|please you? please? tell|advise|explain|confirm|clarify|update|inform|"
    "let me|us|what|how|if|whether|when|why|know",
    "do you know",
    "dont|not know|sure|understand if|whether|what|who|how|when|why i|you|to|they",
    "dont|not|didnt|cant understand|follow|get what|$|the|this|your|why|it",
    "still waiting|havent|hasnt|no",
    "havent|hasnt|not|nobody|noone|no heard|replied|answered|called|responded|contacted|rung|reply|response",
    "nobody|noone|no one? has|have ... replied|answered|called|looked|contacted|seen|rung|heard|told",
    "please|kindly revert|advise|respond|reply|call|ring|phone|explain|help",
    "call|ring|phone me",
    "need|want|like|require|book|make|get|have|request|cancel|reschedule|change|move ... appointment|"
    "appt|script|scripts|prescription|referral"
    "|certificate|cert|callback|refill|repeat|telehealth|booking|dressing|interpreter",
    "appointment|appt|script|prescription|referral|certificate|refill|code please",
    "continue or stop",
    "tell|say|advise|inform|confirm me? if|what|whether|how|when",
    "what|wot|how you|do think|reckon|feel|suggest|recommend|advise",
    "you think|reckon its|this|it|i|is|that",
    "thoughts|opinion|opinions|advice|suggestions $",
    "any thoughts|ideas|opinion|opinions|suggestions|recommendations",
    "you open|closed",
    "should|shall i|we|he|she",
    "do i|we need|have|come|go|put|use|take|call|ring|see|pay|get|wait",
    "can i|we ... now|today|still|with|the|go|come|get|have|use|take|see|send|put|swim|shower|drive|"
    "work|eat|drink|book|wait",
    "is it|this|that ok|okay|normal|safe|bad|serious|infected|possible|dangerous|contagious|broken|too|cancer",
    "until|till|since when",
    "cant|dont see|find ... button|buttons|poll|link",
    "for how long|many",
    "with|at|in|on|by|from|for what|which|whom|who $",
    "^ and? then|after $",
    "^ how|when|where|why|who|what|which $",
    "or should|shall|do|is i|we|it|he|she",
    "^ should|shall|must i|we|he|she",
    "no|nobody one? will|can|would ... recogni*|see|know|identify ... right $",
    "any chance",
    "hear|speak|talk to|from|with dr|doctor|someone|nurse|you|anyone",
    "who|what is|are the|that|this|it $",
    "whether|if i|we|he|she should|can|could|need",
    "anything ... i|we should|can|need|must",
    "need|want to see|speak|talk ... someone|doctor|dr|somebody|anyone",
    "i|we|really|still|urgently|for need|want|waiting ... answer|reply|response",
    "reply|answer|respond asap|urgent*|quickly",
    "quick|my|a|have|one question|questions",
)
_UNASKED = any_of("no|dont|not need|have|want to? ... ring|call|phone|reply|answer|write me|us|back")
_TAGS = any_of("right|correct|yeah|yes|hey|eh|normal|serious|infected|worried|dangerous|contagious|okay|ok|bad|safe ?")
_GUESSES = any_of("think|maybe|perhaps|possibly|probably|or|guess|like")
_POSTPONES = any_of(
    "dont you dare",
    "can|could|may i|you|we ... give|have|wait ... time|till|until|days|day|week|while|minute|moment",
    "talk|speak|ask|check|discuss to|with? my|his|her|our|the husband|wife|mum|dad|father|mother|partner|parents|family",
    "ok|okay|alright|possible if|to i? answer|decide|think|ask|reply ... later|tomorrow|about|first|next",
    "^ can|could|may i|you|we ... ask|answer|decide|think|tell|let|do ... later|tomorrow|about|next|first",
)
_MARKS = frozenset({".", ",", "?"})
_REQUESTS = any_of(
    "deleting|deleted|removing|removed|erasing|erased|taken|withdrawn|cancelled|undone|destroyed ?",
    "would|do you mind|please",
    "be so? kind|good as|enough? to",
    "dare",
    "any|a chance|way",
    "too late|possible|easy to",
    "get|have my|our|the|that photo|photos|picture|pictures|pic|pics|image ... removed|deleted|erased|back|down|off|out",
    "swap that|the|my|it",
    "delete|destroy|erase|remove it|them|that",
    "want|need it|them|that|this gone|deleted|removed|back|out",
    "can|could|would|will you|we|i|they ... pretend|sure|return|hide|block|hold|pull|drop|chuck|make",
    "can|could it|that|this|they ... go $",
    "can|could it|that|this|they|them|mine ... come|go off|down|out altogether|completely|again|for",
    "how do|can|could|would|to i|we|you? ... take|get|pull|undo|unsend|call ... back|off|down|rid",
    f"can|could|please|would ... ... {GONE}",
    "can|could|would|will|may|please|want|pls|cant you|i|we|someone|somebody|u|they|doctor|dr|"
    "please ... delete|remove|erase|withdraw|take|unsend"
    "|undo|cancel|destroy|ignore|discard|get|stop|wipe|not|bin|forget|scrap|retract|trash|lose|ditch|kill|chuck|dump|clear|swap",
)


def asks(words: str, *, about: bool = False) -> bool:
    """Return whether plain words ask the practice something; `about`: a mark behind what a photo shows is none."""
    if not ("?" in words or _ASKS.search(words) or _starts(words)):
        return False
    return any(_asks(sentence, about=about) for sentence in sentences(words))


def is_asked(sentence: str) -> bool:
    """Return whether a plain sentence is put as a question, and asks for no removal."""
    return (_starts(sentence) or _marked(sentence)) and not _REQUESTS.search(sentence)


def _asks(sentence: str, *, about: bool) -> bool:
    sentence = _UNASKED.without(sentence)
    if _POSTPONES.search(sentence):
        return False
    if _starts(sentence) or _ASKS.search(sentence):
        return True
    return _marked(sentence) and (
        _TAGS.search(sentence) or not (about and (about_health(sentence) or _GUESSES.search(sentence)))
    )


def _marked(sentence: str) -> bool:
    return sentence.rstrip().endswith("?") and len(sentence.split()) > 2


def _starts(sentence: str) -> bool:
    """Return whether one of its clauses begins as questions do."""
    at, leading, before = 0, False, ""
    for word in sentence.split(" "):
        if leading and _FORMS.begins_at(sentence, at, word):
            return True
        leading = word in _MARKS or (leading and word in _LEAD and (word != "you" or before == "thank"))
        before = word
        at += len(word) + 1
    return False
