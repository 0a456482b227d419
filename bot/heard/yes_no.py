"""A yes, a no, a "later", said plainly: and nothing that merely begins with one ("yes but", "no change since Monday")."""

from __future__ import annotations

import re

from bot.domain.deeds import Answered, GiveAnswer
from bot.domain.references import as_reference

from .plain import bare, plain

_POLITE = (
    r"(?:\s+(?:please|thanks|thank you|ty|ta|cheers|mate|doctor|dr|dear|love|sure|sir|madam|from me|for me"
    r"|of course|definitely|absolutely|indeed|ok|okay|fine|go ahead|it is|thats fine|thats ok|thats okay|thats me"
    r"|that is me|it me|its me|this is me|i am|i do|i did|i agree|i consent|do it|do that|you can|you may|all good"
    r"|no problem|with pleasure|withdraw it|delete it|keep it|leave it|dont|i dont|not now|never|at all|way|i wont"
    r"|im not|thats not me|not me|i didnt|it isnt|it wasnt|yes|no|later))*"
)
_YES = (
    r"(?:yes+|y|yep|yup|yea|yeah+|yess+|ye|aye|ja|oui|si|sí|da|hai|haan|ok|okay|okey|okie|k|kk|sure|correct|right"
    r"|true|affirmative|absolutely|definitely|certainly|"
    r"of course|go ahead|please do|thats me|that is me|its me|it is me|this is me|thats right|that is right"
    r"|thats correct|that is correct|i agree|i consent|agreed|agree|fine|"
    r"thats fine|all good|sounds good|no worries|happy to|im happy|yes i am|yes i do|do it|go for it|it is|i am"
    r"|i do|confirm|confirmed)"
)
_NO = (
    r"(?:no+|n|nope|nah+|naw|non|nein|nay|nyet|no way|never|not really|negative|wrong|not me|thats not me"
    r"|that isnt me|it isnt me|im not|i am not|i dont|i do not|i didnt|"
    r"rather not|id rather not|i would rather not|i dont agree|i dont consent|i refuse|i decline|disagree|dont"
    r"|certainly not|definitely not|absolutely not|of course not|"
    r"no dont|no i dont|no i do not|it isnt|it wasnt)"
)
_LATER = (
    r"(?:later|not now|not yet|ask me later|maybe later|ask again later|ask later|tomorrow|let me think"
    r"|ill think about it|i will think about it|need to think|i need to think(?: about it)?|"
    r"need time|i need time|i need more time|think about it|not sure yet|not sure|dont know yet|i dont know yet"
    r"|ill decide later|ill let you know|i will let you know|"
    r"can i decide later|can i think about it|can you ask me later|can you ask me tomorrow|not today|next week"
    r"|maybe|remind me later|im busy|busy now|let me ask \w+(?: \w+)? first|"
    r"i want to ask \w+(?: \w+)? first|i have to ask \w+(?: \w+)? first)"
)
_ALL = tuple(
    (answer, re.compile(rf"^(?:oh |um |hi |hello |hey |sorry |well |ah |er |erm )*{words}{_POLITE}$"))
    for answer, words in ((Answered.LATER, _LATER), (Answered.NO, _NO), (Answered.YES, _YES))
)
_THUMBS = {"👍": Answered.YES, "👌": Answered.YES, "✅": Answered.YES, "👎": Answered.NO, "❌": Answered.NO}
_FIRST_NO = re.compile(r"\b(?:no|not|never|dont|nope|nah)\b")


def plain_answer(text: str) -> GiveAnswer | None:
    """Return the answer that the whole message gives; None where it is more than one, or says anything else."""
    words = plain(text)
    ref = next(
        (found for word in re.findall(r"\bimg[\s–—-]*[0-9a-z]{4,8}\b", words) if (found := as_reference(word))), ""
    )
    words = re.sub(r"\bimg[\s–—-]*[0-9a-z]{4,8}\b", " ", words)
    numbers = re.findall(r"(?<!\d)\d{4}(?!\d)", words)
    number = numbers[0] if len(numbers) == 1 else ""
    spoken = bare(words.replace(number, " ") if number else words)
    if not spoken:
        shown = {answer for sign, answer in _THUMBS.items() if sign in text}
        return GiveAnswer(shown.pop(), number, ref) if len(shown) == 1 else None
    for answer, pattern in _ALL:
        if pattern.match(spoken):
            if (
                answer is Answered.YES
                and _FIRST_NO.search(spoken)
                and "no problem" not in spoken
                and "no worries" not in spoken
            ):
                return None
            return GiveAnswer(answer, number, ref)
    return None
