"""Whether a line says of a consent that it is refused, doubtful or still to come: then nothing in it counts as given (R34).

A denial binds to the words behind it, across words that add nothing ("has not yet really been given"), and to a consent before
it ("consent: none"). What is denied of something else ("not healing", "no fever") denies no consent. In doubt it is withheld: to
be asked once more costs a line, and a consent that nobody gave costs somebody their say.
"""

from __future__ import annotations

from difflib import get_close_matches

from .phrase_lists import any_of, words_of
from .plain import clauses, plain

_CONSENT = (
    "consent|consents|consented|consenting|consentment|consensual|permission|permissions|verbal|verbally|oral|orally|written|"
    "signed|sign|signature|form|forms|agreed|agrees|agree|agreement|authorised|authorized|authorisation|approval|approved"
)
_NOT = (
    "no|not|non|nope|never|none|nil|zero|nor|neither|without|sans|minus|lack|lacks|lacking|lacked|missing|absent|nae|unable|"
    "failed|forgot|forgotten|skipped|didnt|dident|didint|didnot|dont|doesnt|doesn|hasnt|hasent|hasn|havent|havnt|haven|hadnt|"
    "wasnt|wasn|werent|isnt|isn|arent|cant|wont|wouldnt|wouldn|shouldnt|mustnt|nt|nto|notyet|wihout|withot|wihtout|withought"
)
_LIGHT = (
    "a|an|the|any|of|to|for|in|on|about|as|be|been|being|is|was|were|are|has|have|had|do|did|yet|still|ever|even|really|"
    "actually|fully|"
    "properly|exactly|quite|formally|explicitly|actual|real|proper|valid|clear|explicit|specific|formal|full|prior|informed|"
    "patient|patients|pt|pts|her|his|their|its|your|my|our|he|she|they|i|we|you|it|that|this|mother|mothers|mum|mums|father|"
    "fathers|dad|dads|parent|parents|parental|guardian|guardians|give|gave|given|giving|get|got|getting|obtain|obtained|"
    "obtaining|take|taken|taking|receive|received|seek|sought|ask|asked|want|wants|wanted|wish|wishes|wishing|willing|happy|"
    "able|like|say|said|agree|agreed|sure|certain|record|recorded|document|documented|discuss|discussed"
)
_ONE_BY_ONE = " ".join([f"{_LIGHT}?"] * 5)
_DONE = (
    "given|gave|give|obtained|obtain|taken|signed|sought|got|gotten|received|available|there|present|here|done|complete|"
    "completed|valid|possible|yet|recorded|documented|confirmed|discussed|asked|granted|provided|forthcoming|mine|body|today|"
    "yesterday|from|by|mrn|0*|1*|2*|3*|4*|5*|6*|7*|8*|9*|$"
)
_NONE = f"{_NOT}|n|na|neg|negative|x|thumbsdown|invalid|expired|lapsed|incomplete|impossible|unavailable|unobtainable|waived"
_REFUSED = (
    "refuse|refused|refuses|refusing|refusal|decline|declined|declines|declining|declination|withheld|withholds|withholding|"
    "zilch|nada|reject|rejects|rejected|rejecting|nonconsent*|unconsent*|dissent*|unsigned|unwritten|objects|objected|"
    "objecting|vetoed|disagrees|disagreed"
)
_DOUBTED = (
    "withdrew|withdrawn|withdraws|withdrawing|withdrawal|revoked|revokes|rescinded|retracted|cancelled|"
    "opposed|opposes|reluctant|unwilling|unhappy|pending|await|awaits|awaiting|awaited|waiting|outstanding|overdue|tbc|tba|"
    "tbd|attempt|attempted|tried|partial|partially|incapable|unconscious|sedated|"
    "unsure|uncertain|unclear|unconfirmed|unverified|unknown|doubtful|dubious|questionable|maybe|perhaps|possibly|probably|"
    "presumably|presumed|assumed|assuming|implied|apparently|allegedly|reportedly|supposedly|hopefully|later|tomorrow|soon|"
    "thumbsdown"
)
_TO_COME = (
    "need|needs|needed|needing|require|requires|required|must|should|shall|will|ill|would|might|could|going|plan|planning|trying|"
    "try|hoping|hope|seek|seeking|requesting|request|requested|chase|chasing|get|getting|obtain|obtaining|await|awaiting"
)
_I_THINK = "think|believe|guess|suppose|assume|presume|reckon|hope|imagine|suspect"
_SAID_AS_GIVEN = any_of(
    "no|not|nil|zero|without|never any|an|a? hesitation|objection|objections|problem|problems|issue|issues|concern|concerns|"
    "worries|doubt|reservation|reservations|pressure|hesitating|question|questions",
    "mrn|ur|urn|record|number|reference no|nil",
    "form|forms to? follow|follows|following|next|coming|comes|come|attached|enclosed|below|above|separately|here",
    "form|forms will|to follow|come|be? sent|attached",
    "form|forms is|are coming|attached|next|enclosed|below",
    "await|awaiting|awaits|pending|outstanding|waiting|unclear|uncertain|unknown|unsure|probably|possibly|maybe|perhaps|presumed|"
    "later for|of|the|a|if|whether? biopsy|result|results|surgery|review|referral|ct|mri|xray|scan|ultrasound|histology|"
    "pathology|"
    "bloods|swab|appointment|theatre|diagnosis|opinion|cause|origin|aetiology|margin|margins",
    "not only|just",
    "refuse|refuses|refused|refusing to walk|eat|drink|move|weight|bear|stand|sleep|feed|bath|open|talk|speak|go|play|use|put",
    "refuse|refuses|refused|refusing|decline|declines|declined|declining all|any|oral|the? antibiotics|analgesia|painkillers|"
    "pain|"
    "dressing|dressings|surgery|admission|transfer|food|fluids|treatment|vaccination|vaccine|steroids|medication|cream|biopsy|"
    "swab|"
    "bloods|ambulance",
    "no|any|without|some sign|signs|form|forms of",
    "non verbal child|patient|pt|adult|boy|girl|autistic|autism|son|daughter|man|woman|resident|and",
    "no|not|without|non for|about|to|any|the? advice|sharing",
    "dont|doesnt|didnt|wont|not for|want|include|discuss|discussed|cover|about|agree|to|any|her|the? for|about|to|any|the? "
    "advice",
)
_WITHHELD = any_of(
    f"{_NOT} {_ONE_BY_ONE} {_CONSENT}",
    f"w o|out {_ONE_BY_ONE} {_CONSENT}",
    f"{_CONSENT} .|,? {_ONE_BY_ONE} {_NONE} {_ONE_BY_ONE} {_DONE}",
    f"{_CONSENT} .|,? n a",
    f"{_CONSENT} {_ONE_BY_ONE} denied|denies|denying",
    f"denied|denies|denying {_ONE_BY_ONE} {_CONSENT}",
    f"{_CONSENT} w o|out",
    _REFUSED,
    f"{_CONSENT} {_ONE_BY_ONE} {_DOUBTED}",
    f"{_CONSENT} {_ONE_BY_ONE} today|yesterday|on|from {_ONE_BY_ONE} {_DOUBTED} $",
    f"{_DOUBTED} {_ONE_BY_ONE} {_CONSENT}",
    "consent|consents|consented|permission not|never|isnt|wasnt|didnt|hasnt|havent|cant|wont|less",
    "against it|this|that|being|photos|consent",
    "change|changed|changes her|his|their|my|of|the? mind|minds|heart",
    f"no one|body {_ONE_BY_ONE} {_CONSENT}",
    f"no|nope|nah , {_ONE_BY_ONE} {_CONSENT}",
    f"{_CONSENT} enough|ok|okay|fine|sufficient|needed|valid|allowed ?",
    f"{_CONSENT} {_ONE_BY_ONE} with|i? some? doubt|doubts",
    f"doubt|doubts {_ONE_BY_ONE} {_CONSENT}",
    f"{_CONSENT} ve",
    f"{_CONSENT} to be|get|come|obtain|confirm|discuss|seek|sign|ask|follow",
    f"{_TO_COME} {_ONE_BY_ONE} {_CONSENT}",
    f"ask|asking|asked {_LIGHT}? for {_ONE_BY_ONE} {_CONSENT}",
    f"{_CONSENT} {_ONE_BY_ONE} will|needs|needed|required|requested|if|unless|until|once|when|subject|depending|asap|due|planned|"
    "promised|missing|absent|lacking|conditional|sought",
    f"{_I_THINK} {_ONE_BY_ONE} {_CONSENT}",
    f"{_CONSENT} {_ONE_BY_ONE} today|yesterday? ,? i|we? {_I_THINK} so|$",
    f"{_CONSENT} {_ONE_BY_ONE} today|yesterday|advice? ?",
    f"by|in|of|the? absence|lack {_ONE_BY_ONE} {_CONSENT}",
    "said|says|say|saying|answered|replied no",
    f"yet|still to {_ONE_BY_ONE} {_CONSENT}",
    f"{_CONSENT} in progress",
    f"{_CONSENT} under review|discussion|consideration",
    f"{_CONSENT} ,? but|he|she|they|patient|pt? he|she|they? wont|wouldnt|didnt|doesnt|cant|hasnt|hadnt $",
    f"{_CONSENT} from {_LIGHT}? nobody|noone|no",
    "dont|didnt|doesnt|wont|wouldnt|not|never let",
    f"nobody|noone|neither {_ONE_BY_ONE} {_CONSENT}",
    f"{_NOT} {_ONE_BY_ONE} want|like|allow|permit|let|agree|happy ... photo|photos|picture|pictures|image|images|used|shared|"
    "filed|taken",
)
_ADVICE = any_of(
    f"{_NOT} {_ONE_BY_ONE} advice",
    f"w o|out {_ONE_BY_ONE} advice",
    f"advice .|,? {_ONE_BY_ONE} {_NONE} {_ONE_BY_ONE} {_DONE}",
    f"{_REFUSED} ... advice",
    f"advice ... {_REFUSED}",
    f"advice ... {_DOUBTED}",
    f"{_DOUBTED} ... advice",
    f"{_TO_COME} {_ONE_BY_ONE} advice",
    "advice ?",
    # A limit that is not kept here: it is not agreed to. "Advice only" is agreed to, and nothing else is.
    "advice .|,? but|not|except|unless|excluding|excepting|just|within|inside|provided|providing|apart|bar|without|though",
    "advice .|,? only inside|within|in|to|from|for|by|at|if|when|with|the|our|this|dr|here|us|internal*",
    "advice .|,? if it|they|he|she|we|you|i|the|inside|within|only|no|not",
    "advice ... inside|within|internal* ... only",
    f"{_NOT} {_ONE_BY_ONE} outside|external|further|other advice",
    "internal|inhouse|limited|restricted advice",
)
_TERMS = words_of(_CONSENT.replace("|", " "))
_STRONG = sorted(
    words_of(f"{_REFUSED}|without|pending|awaiting|unsigned|withdrawn|never|unsure".replace("|", " ").replace("*", ""))
)
_SAID_TO_BE_DONE = frozenset({"given", "obtained", "taken", "signed", "received"})
_JOINED = str.maketrans(":=(", "   ")  # "verbal: no" is said in one breath
_BESIDE = 2  # words on either side of a consent, among which a slip of the pen is looked for
_SHORTEST = 5  # letters of a word in which one is


def consent_withheld(text: str) -> bool:
    """Return whether the text says of a consent that it is not, or not surely, given."""
    words = _SAID_AS_GIVEN.without(plain(text.translate(_JOINED)))
    return _WITHHELD.search(words) or any(_misspelt(clause.split()) for clause in clauses(words))


def advice_withheld(text: str) -> bool:
    """Return whether the text says of sharing for advice that it is not, or not surely, agreed to."""
    return _ADVICE.search(plain(text))


def _misspelt(words: list[str]) -> bool:
    """Return whether a word beside a consent is a slip for one that withholds it."""
    terms = [at for at, word in enumerate(words) if word in _TERMS]
    beside = {near for at in terms for near in range(max(at - _BESIDE, 0), min(at + _BESIDE + 1, len(words)))}
    unknown = {words[at] for at in beside if len(words[at]) >= _SHORTEST and words[at] not in _TERMS}
    nots = {words[at + 1] for at in terms if words[at + 2 : at + 3] and words[at + 2] in _SAID_TO_BE_DONE}
    return any(get_close_matches(word, _STRONG, 1, 0.8) for word in unknown) or any(
        get_close_matches(word, ["not", "never"], 1, 0.65) for word in nots - {"now", "note", "noted"}
    )
