"""Which way an answer leans: to yes, to no, to later, both ways, or no way; and whether it stands on a condition."""

from __future__ import annotations

from enum import StrEnum

from .phrase_lists import any_of, words_of
from .small_talk import COURTESY


class Lean(StrEnum):
    """Where an answer leans; unsure is "maybe", both is a yes and a no."""

    YES = "yes"
    NO = "no"
    LATER = "later"
    BOTH = "both"
    UNSURE = "unsure"
    NEITHER = "neither"


# They are looked for in this order, and what is found is taken out: "no problem" is no "no", "not now" is "later".
_LATER = any_of(
    "not saying no|yes",
    "later|tomorrow|tonight|soon on|$",
    "^ later|tomorrow|tonight|wait|undecided",
    "^ can|could|may i|you|we ... ask|answer|decide|think|tell|let|do ... later|tomorrow|about|next|first",
    "some|another time|day",
    "not now|yet|today|tonight",
    "not right|just|at|sure|ready|decided now|yet|moment|the",
    "not sure|decided|ready yet",
    "havent decided",
    "ask|tell|remind|message|text|call me ... later|tomorrow|again|next|after|tonight|in|when|on",
    "ask me next|again|another",
    "think|thinking|consider|sleep|mull about|on|over|first",
    "think|consider it|that over|through|first|$",
    "let|need|have|want me|to think|consider $",
    "need|want|have|give|like ... time|think|day|days|week|minute|moment|longer|while|consider|decide",
    "let|want|need|have|must|going|gotta|will|ill|id|like|rather|better me|to|ask|talk|speak|check|"
    "discuss|read|run ... ask|talk|speak"
    "|check|discuss|read|by|with|it ... my|his|her|our|mum|dad|husband|wife|first|to|with|it|properly|partner|the",
    "want|need|have|like|going|let to|me ask|talk|speak|check|discuss|read",
    "need|have|want|going|better|must|ill|will to? run|clear|check ... past|by|with",
    "will|ill|well ask|check|discuss|talk|speak|think|decide|see",
    "will|ill|well ... let you know",
    "get|come back to you",
    "will|ill|well ... get|come back",
    "will|ill|well|can|going|gonna ... answer|reply|respond|tell|write|explain|send|do|say|decide|read|look|"
    "describe ... later|tomorrow|when|in|tonight"
    "|after|next|soon|on|once|at|you|$",
    "let you know",
    "in a|an|few|couple min|mins|minute|minutes|sec|second|hour|while|days|bit",
    "havent decided|made|thought|read",
    "cant decide|answer|talk|think|say now|yet|today|right",
    "dont know yet",
    "busy|driving",
    "hold|hang on",
    "^ one|a|1|two|2|few moment|moments|sec|secs|second|seconds|minute|minutes|min|mins",
    "in|at|on a|the? meeting|tram|train|bus|shower|queue|loo",
    "give me ... 5|10|15|20|30|till|until|minute|min|moment|sec|second|day|days|time|week",
    "bear with",
    "at work",
    "tell|write|text|message|let|ring|call you ... later|tomorrow|tonight|soon|in|when|once",
    "manana|spater|plus tard|mas tarde|piu tardi|domani|demain|morgen|depois|amanha",
    "in the air",
    "just|in? a|one|1|2|3|5|10|few|couple sec|secs|second|seconds|min|mins|minute|minutes|moment",
    "after work|dinner|lunch|school|the|my|this|that $",
    "typing|writing it|now|$",
    "once|when|as i|im|am|ive|soon home|back|off|free|finished|get|can|have|at",
    "details|more|description|info ... later|soon|follow|coming|come",
    "back soon|later|in|to",
    "next week|month|time|visit|appointment",
)
_UNSURE = any_of(
    "maybe|perhaps|possibly|unsure|hmm*|hm|mm|umm*|depends",
    "dont know|care",
    "not sure|certain",
    "no idea",
    "half|part|some of me",
)
_POLITE = any_of(
    "nothing against",
    "if thats|that|its|it is? ok|okay|alright|fine|right|possible with|by? you?",
    "if it|that helps|help|is|would|can of? any? help|use|useful? anyone?",
)
# What was answered before, or what the bot asked them to write, is no answer now.
_TOLD = any_of("said|wrote|put|tapped|pressed|answered|typed|write|type|writing yes")
_YES_ALL_THE_SAME = any_of(
    "no|not|zero|nae problem|problems|probs|prob|worries|worry|issue|issues|objection|objections|"
    "drama|dramas|trouble|bother|harm|doubt",
    "not a|an problem|issue|worry|bother|drama",
    "dont|wouldnt|do|doesnt not? mind|object|care|bother me?",
    "why not",
    "dont|cant see|have|think any|a|why|of reason|problem|harm|objection|why|objections ... not|$",
    "cant hurt",
    "absolutely|of|sure|certainly why not",
    "nah yeah|yes",
    "no yeah",
    "never|not better|happier|a problem",
)
_NO = any_of(
    "thanks|thank you? but no thanks|thank you?",
    "yeah|ya nah|no",
    "youre|your|im|ill grand|good|right|fine|alright thanks|thank|$",
    "youre grand",
    "over my dead body",
    "keep ... private|confidential|secret",
    "only|just my|our|dr|the? doctor|dr|gp|lee ... may|can|should|to|see|use|have",
    "no way|chance",
    "no|n|nope|nup|nop|nah|naw|nay|noo|non|nein|nee|nej|niet|nie|nyet|nao|ne|hayir|never|negative|"
    "jamais|nicht|kein*|geen|nunca|ikke|inte|"
    "thumbsdown|neither|none|nae|iie|khong|tidak|nahi",
    "decline|declined|declining|refuse|refused|refusing|disagree|disagreed|denied|deny|object|"
    "opposed|reject|rejected|veto",
    "rather|prefer|like|hope|wish ... not|didnt|dont|wasnt|wouldnt",
    "preferably|certainly|absolutely|definitely|probably|hell|course not|no",
    "dont|cant|wont|wouldnt|shouldnt|didnt|never|not|havent|isnt|longer ... "
    "agree*|consent*|allow*|want|wish|permit|approve|authori*|accept|say|like|give|given|think|"
    "support|feel|do|ok|okay|happy|comfortable"
    "|keen|interested|willing|fine|alright|cool|on|acceptable|yes|it|right|correct|use|show|share",
    "not for|this|that|of|from|with|really|happening|interested|comfortable|happy|ok|okay|keen|"
    "willing|going|me|mine|my|right|correct|him"
    "|her|us|a|the|likely|on|in|going|them|acceptable|appropriate|anymore|allowed|to|at|please|thanks|thank",
    "isnt|wasnt|arent ... me|mine|my|right|correct|him|her|us|our|name|person|child|son|daughter",
    "im|am not agree*?",
    "as if",
    "pas daccord?",
    "not $",
    "dont|wont|cant $",
    "id|i|we dont|wont|cant|didnt please|thanks|thank|sorry|want|$",
    "wrong person|name|date|birthday|dob|birth|number|one|child|surname|day|year|details|kid|patient|"
    "guy|man|woman|lady|and|$",
    "^ wrong|incorrect|false|mistaken",
    "doesnt give|consent|agree*|want|allow|permit|approve",
    "withhold*|withheld",
    "hard|ill|a pass $",
    "between us|ourselves",
    "dont you dare",
    "use|ask|asked|asking|try|find|pick somebody|someone|anybody else",
    "nobody|noone|no one? else|but",
    "only|just my|for? doctor|dr|gp $",
    "they|you|he|she|we|students cant|shouldnt|mustnt have|use|see|show|share|get|do",
    "may|must|can|should|do not|never",
    "count|leave|keep me|us|him|her|mia|it out",
    "ill pass",
    "nobody|noone|no ... wants|needs to? see|look",
    "against it|this|that|the|using|showing|sharing",
    "uncomfortable|unhappy|unwilling",
    "mortified|ashamed|horrified|embarrassed if",
    "^ best|better not",
    "its|thats|probably|be best|better not $",
    "give it|that|this a miss",
    "not|isnt|never good|proper|decent|modest|permitted|done ... ... for|that|if|to|people|men|strangers|others|see|show|look",
    "we|well|ill|i|she|he pass|passing $",
    "sooner ... ... not|didnt|wasnt|isnt|nobody|noone|stay*|kept|between|private",
    "said no",
    "stop|cancel",
    "do not",
)
_NO_AFTER_ALL = any_of(
    "but|though|however my|his|her|our|the? ... ... rather|prefer|sooner not ,|$", "but|though said|says no $"
)
_YES = any_of(
    "yes|yess|yesss|y|ye|yep|yup|yea|yeh|yeah|yah|ya|aye|ja|oui|si|sim|da|hai|haan|han|tak|evet|naam|"
    "ano|jo|sii|thumbsup|affirmative|absolutely"
    "|definitely|certainly|ok|okay|okey|okie|oki|k|kk|okidoki|sure|correct|right|true|agree|agreed|"
    "fine|confirm|confirmed|confirming"
    "|approve|approved|granted|accept|accepted|alright|indeed|righto|rightio|deal|glad|delighted|"
    "honoured|gladly|willing|positive|bien"
    "|claro|vale|bene|gerne|natuerlich|naturlich|volontiers|daccord|obviously",
    "of course",
    "happy to|for|with|if|$",
    "im|id|be|am|very|more|would|we|were happy",
    "with pleasure|love",
    "love to",
    "go ahead|for|on|right",
    "please|pls do $",
    "^ please $",
    "do it|that|so|proceed",
    "carry on",
    "proceed",
    "feel free",
    "i|we consent|do|give|permit|allow|authorise|authorize",
    "i|we am|can $",
    "think|believe|guess|suppose so|it",
    "give|have my|our|permission|consent|full ... consent|permission|blessing|ok",
    "it|that|this|thats|its|he|she is|me ... me|my|him|her|us|right|correct|fine",
    "^ it|that|this|he|she is|me $",
    "thats|its|that|it|this|hes|shes|is me|him|her|us|right|correct|fine|ok|okay|good",
    "all|sounds|too|looks|very good|right|great|true|correct",
    "grand so|$",
    "grand",
    "by all means",
    "can|may use|show|have|share",
    "use it",
    "why|too|quite right",
    "fill your boots",
    "by|with me",
)
_HEDGES = any_of(
    "but|if|only|unless|except|excluding|when|until|till|providing|provided|long|depends|depending|"
    "though|although|however|apart|besides"
    "|without|after|before|once|suppose|guess|maybe|perhaps|possibly|probably|might|think|just|"
    "condition|conditions|hope|instead|rather"
    "|must|bar|minus|hide|blur|cover|crop|anonym*|pixel*|or|mixed|some|part|partly|partially|"
    "first|not|dont|never|nobody"
    "|cant|wont|isnt|arent|doesnt|didnt|shouldnt|limit*|alone|while|assuming|hesitant|reluctant*|"
    "unsure|wait|hang|hold|actually|sorry|mean",
)
_CONDITION = any_of("^ maybe|perhaps|possibly|if|depends|unless|provided|providing", "^ only if|when|with|for")
# With a yes and the number of the request, and nothing else, a message is the yes itself.
_YES_ALONE = words_of(
    """
    yes y yep yup yea yeah yeh ja oui si haan ok okay sure agree agreed agrees consent consents absolutely
    definitely certainly fine thumbsup affirmative confirm confirmed confirming i we do to request number the
    is it its that thats for please thanks thank you doctor dr lee chen osei sir of course and from both us me
    my answer go ahead happy very much hi hello good morning afternoon evening dear team all kind regards
    tell him her them a this am with use share show can may gladly willing willingly happily sounds great
    lovely hereby response yess yesss alright right give approve approved glad delighted cheers mate ta love
    sorted nr ref reference
    """
)
# A yes that says nothing else and can't be anything else: "ok" may say that it was read.
_BARE_YES = words_of("yes yess yesss yep yup yea yeah yeh si oui ja haan")
_BESIDE_IT = words_of("please thanks thank you very much do it sorry doctor dr hi hello ta cheers . ,")
# A no that says nothing else; what is polite may stand beside it.
_NO_ALONE = words_of(
    """
    no n nope nup nop nah naw nay non nein nee nej niet never negative neither thumbsdown way chance not absolutely definitely
    certainly rather id i we said need really god goodness
    """
)
_GLAD_TO_HELP = any_of("happy|glad|delighted|pleased|willing to help")  # a cry for help beside a yes is none


def leaning(words: str) -> Lean:
    """Return which way plain words lean."""
    left, later = _LATER.take_out(_POLITE.without(words))
    left, unsure = _UNSURE.take_out(left)
    left, yes = _YES_ALL_THE_SAME.take_out(left)
    left, no = _NO.take_out(left)
    yes += _YES.take_out(_TOLD.without(left))[1]
    if yes and no and _NO_AFTER_ALL.search(words):
        return Lean.NO
    if yes and later and not no and " but " in words:
        return Lean.LATER
    if yes and (no or later):
        return Lean.BOTH
    if later:
        return Lean.LATER
    if no or yes:
        return Lean.BOTH if unsure else Lean.NO if no else Lean.YES
    return Lean.UNSURE if unsure else Lean.NEITHER


def is_hedged(words: str) -> bool:
    """Return whether plain words set a condition, a limit or a doubt."""
    return bool(_HEDGES.search(_YES_ALL_THE_SAME.without(_POLITE.without(words))))


def begins_with_yes(words: str) -> bool:
    """Return whether plain words begin with a yes, or with courtesy and then a yes."""
    at = 0
    for word in words.split(" "):
        if _YES.begins_at(words, at, word):
            return True
        if word not in COURTESY | {"", ".", ","}:
            return False
        at += len(word) + 1
    return False


def sets_a_condition(words: str) -> bool:
    """Return whether plain words begin with a condition: "only if …"."""
    return _CONDITION.search(words)


def is_bare_yes(words: str) -> bool:
    """Return whether plain words are a clear yes, perhaps politely, and nothing else: no name and no number."""
    said = set(words.split())
    return bool(said & _BARE_YES) and said <= _BARE_YES | _BESIDE_IT


def is_no_alone(words: str) -> bool:
    """Return whether plain words say no, perhaps politely, and nothing else."""
    return set(words.split()) <= _NO_ALONE | COURTESY | {".", ","} and leaning(words) is Lean.NO


def is_yes_alone(words: str, number: str) -> bool:
    """Return whether plain words say yes to the request with this number, and nothing else."""
    said = set(_GLAD_TO_HELP.without(words).split()) - {".", ",", "_", number}
    return number in words.split() and said <= _YES_ALONE and leaning(words) is Lean.YES
