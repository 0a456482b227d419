"""Small doubts and signs that a question which is open gives its meaning to."""

from __future__ import annotations

from .health import AILMENTS
from .phrase_lists import any_of, either
from .plain import plain

_UNKNOWN = any_of(
    "no|not|dont idea|sure|know|certain|clue",
    "no|not|dont need|rush|hurry|worries|worry|urgent|mind",
    "sorry to bother",
)
_DENIES = any_of(
    "dont|not|never|shouldnt|wasnt|isnt|didnt|no|nothing|neither|none",
    (
        "sorry|mistake|error|accident|wrong|private|regret|embarrass*|ignore|delete|deleted|remove|"
        "withdraw|cancel|undo|forget|stop|wait|back"
    ),
)
_IN_CONFIDENCE = any_of(
    "dont|not|never|without tell|telling|inform|informing|let|letting|say|saying ... "
    "mum|mums|mom|mam|mother|dad|dads|father|parents|parent|family|husband|wife|partner|brother|sister|gran|nan|anyone|anybody",
)
_PICTURED = any_of(
    "delete|withdraw|unsend|erase|cancel|revoke|undo|retract",
    "dont|not|never|without ... send|sending|sent|use|share|sharing|show|keep|file|photo|photos|picture|pic|pics",
    "dont|not want ... you|anyone|it|this|that",
    "of|its|thats|is|was|has|see|shows|sent|with my|our|the|kids "
    "dinner|lunch|breakfast|meal|homework|bank|receipt|shopping|holiday|car|garden|screenshot",
    "pretend|slipped|never sent",
    "wrong|mistake|accident ... photo|photos|pic|picture|pics|image|one|sent|send",
)
_CONSENT = any_of(
    "use|used|using|show|shown|showing|share|shared|sharing|teach|teaching|students|registrars|"
    "registrar|agree|agreed|consent|website"
    "|publish|publication|journal|study|research|training|permission|request|decision|answer|allow|"
    "4*|face|recogni*|instagram|facebook"
    "|science|conference|lecture|slides|trainees|colleagues|doctors|learn|photo|photos|picture|"
    "pictures|pic|pics|image|images|private|anyone|anybody|people|public"
)
_PICKS = any_of(
    "all|both|each|every of? them|these|those|photos|pictures|pics|$",
    "number|no|nr|photo|picture|option 1|2|3|4|5|one|two|three|four $",
    "^ 1|2|3|4|5 $",
    "^ one|two|three|four $",
    (
        "1st|2nd|3rd|first|second|third|last|latest|newest|oldest|middle|top|bottom|previous|earlier|other|"
        "recent one|photo|picture|pic|$"
    ),
    "one|photo|picture|pic|that ... sent|took|taken|from|with|of|on|after|before",
    (
        "sent|took|taken|from ... monday|tuesday|wednesday|thursday|friday|saturday|sunday|yesterday|"
        "today|morning|night|week"
    ),
    "todays|yesterdays|mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays",
)
_PICKS_ONE = any_of(
    "1st|2nd|3rd|first|second|third|fourth|last|latest|newest|oldest|middle|previous|earlier|other "
    "one|ones|photo|photos|picture|pictures|pic|pics|image|is|was|isnt|wasnt|shows",
    "photo|picture|pic|image number|no|nr? 1|2|3|4|5|one|two|three|four",
    "one|two|some of them|these|those|the",
)
_NO_AILMENT = any_of(
    f"no|not|isnt|without|never any|more|new|much|longer|real? {either(sorted(AILMENTS))}",
    "no|not|isnt ... better|worse|bigger|change|improvement|working",
)
_ASKING = frozenset(
    ["what", "whats", "who", "whos", "why", "how", "hows", "when", "whens", "where", "wheres", "which", "wot", "any"]
)
_ONESELF = ("i am ", "im ", "it is ", "its ", "this is ", "my name is ", "that is ", "thats ", "name is ")


def may_take_back(words: str, *, healthy: bool) -> bool:
    """Return whether plain words may want a photo back, or are too unclear to be its reason.

    That somebody is not to be told is neither.
    """
    return _PICTURED.search(words) or (
        not healthy and bool(_DENIES.search(_IN_CONFIDENCE.without(_UNKNOWN.without(words))))
    )


def may_ask(words: str) -> bool:
    """Return whether plain words are few and begin as a question might."""
    said = words.strip(" .,").split()
    return len(said) <= 5 and said[:1] != [] and said[0] in _ASKING


def is_about_consent(words: str) -> bool:
    """Return whether plain words speak of what a request for consent asks."""
    return _CONSENT.search(words)


def picks_a_photo(words: str) -> bool:
    """Return whether plain words point at one of several photos, or at all."""
    return _PICKS.search(words)


def picks_one(words: str) -> bool:
    """Return whether plain words point at one of several photos by its place among them: "the first one is my wife's"."""
    return _PICKS_ONE.search(words)


def names_oneself(words: str, name: str) -> bool:
    """Return whether plain words say "I am …" with the name that was asked about, and nothing else."""
    asked = set(plain(name).split()) - {"."}
    said = words.strip(" .,")
    after = next((said.removeprefix(lead) for lead in _ONESELF if said.startswith(lead)), said)
    return bool(asked) and bool(after) and set(after.split()) - {"."} <= asked


def denies_an_ailment(words: str) -> bool:
    """Return whether plain words say that something is not there: "no pain", "no fever"."""
    return _NO_AILMENT.search(words)


def wants_it_back(words: str) -> bool:
    """Return whether plain words may want a photo back, by what they say of photos."""
    return _PICTURED.search(words)
