"""What the bot says of a photo of which it is doubted whom it shows, or whose sender does not decide for whom it shows (R15, R30)."""

from __future__ import annotations

from collections.abc import Sequence

from .phrases import is_are, many
from .sentence import sentence


@sentence
def held_for_somebody_else(refs: Sequence[str], practice: str) -> str:
    it, whose = ("it", "whose photo it is") if len(refs) == 1 else ("them", "whose photos they are")
    return (
        f"Thank you for saying so. {many(refs)} {is_are(refs)} on hold: nobody is shown {it}. {practice} will ask you {whose}, and "
        f"will ask that person before anything is used. If you would rather take {it} back, write “withdraw {refs[0]}”."
    )


@sentence
def which_is_not_theirs(refs: Sequence[str]) -> str:
    return f"Which photo shows somebody else? Please write its reference, like “{refs[-1]} of somebody else”; “my images” shows them."


@sentence
def held_until_they_agree(refs: Sequence[str], practice: str) -> str:
    return (
        f"Thank you. {many(refs)} {is_are(refs)} on hold: you don't make decisions for that person, so sending it agrees to nothing. They or {practice} "
        f"decide whether it is kept. If you would rather take it back, write “withdraw {refs[0]}”."
    )


@sentence
def goes_into_the_record(ref: str) -> str:
    return f"Thank you. {ref} goes into the record, for care and for nothing else."


@sentence
def is_destroyed(ref: str) -> str:
    return f"Thank you. {ref} is destroyed."


@sentence
def another_decides_too(ref: str) -> str:
    return f"Thank you. {ref} stays on hold until whoever decides for you agrees too."


@sentence
def whose_first(ref: str, verb: str) -> str:
    return (
        f"It is doubted whom {ref} shows, so it is filed under no name before it is known whose it is: "
        f"{verb} {ref} MRN YYYY-MM-DD. If it shows the patient it stands under after all: !keep {ref} MRN YYYY-MM-DD"
    )


@sentence
def another_patient(ref: str, verb: str) -> str:
    return f"{ref} does not stand under that patient. Whose it is, you say first: {verb} {ref} MRN YYYY-MM-DD"


@sentence
def still_asked_back(ref: str) -> str:
    return f"{ref} stays on hold: whoever may answer for the patient may want it back, and was asked. To file it all the same: !keep {ref}"


CONFIRMED_THEIRS = (
    "It was doubted whom this photo shows. The practice has confirmed by two identifiers that it shows this patient."
)


CONFIRMED_WHOSE = "This photo shows somebody whom its sender does not decide for. The practice has confirmed whose it is, and that they agree."


MAY_IT_BE_KEPT = (
    "A photo was sent to {practice}, {ref}, that is said to show {name}. It is on hold, and nobody is shown it. May it go into the "
    "health record, for care and for nothing else? If not, it is destroyed."
)


THEY_AGREED = "Yes: it may be filed, for care and for nothing else."
