"""What the bot says where words name another child than the one they are said about, and nothing is filed before it is clear (R15)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.people import Patient

from .phrases import many, quoted
from .sentence import sentence
from .to_patients import who_is_meant


@sentence
def words_name_another(refs: Sequence[str], chosen: Patient) -> str:
    """Say why it is asked again whose a photo is, and how to say that it was right."""
    them, they_are = ("it", "it is") if len(refs) == 1 else ("them", "they are")
    return (
        f"Your words about {many(refs)} name somebody else than {chosen.name}, so I have filed {them} for nobody yet. I keep your "
        f"words. If {they_are} {chosen.name}'s all the same, please answer so once more."
    )


@sentence
def one_by_one(refs: Sequence[str]) -> str:
    """Say why one answer is not taken for several photos."""
    return (
        f"Your words with {many(list(refs))} name more than one person, so I ask about each photo by itself and have filed none yet. "
        "You can also reply to a photo with the number."
    )


@sentence
def no_photo_of_whom_they_name(practice: str) -> str:
    """Answer words that name a child of whom there is no photo: they are filed under no other."""
    return (
        "I haven't passed that on: your words name somebody of whom I have no photo from you, and I file nothing under another name. "
        "Please send the photo first, or reply to the photo you mean, or begin with its reference; “my images” lists them. For "
        f"anything else, call {practice}."
    )


@sentence
def names_somebody_else(ref: str, patient: Patient, practice: str) -> str:
    """Answer words about a photo that name another child than it is said to show: they are filed under neither."""
    return (
        f"I haven't passed that on: {ref} is in {patient.name}'s name, and your words name somebody else. If they are about "
        f"{patient.name}, please write so with the name; if the photo shows somebody else, write “{ref} of somebody else”; or reply to "
        f"the photo you mean. For anything else, call {practice}."
    )


def asked_beside(ref: str, text: str) -> str:
    """Tell those who read it of a question that came with a photo and names somebody else than the photo is said to show."""
    return (
        f"Whoever answers for the patient of {ref} asks this beside it. It names somebody else, so it is filed with no photo. To "
        f"answer: !reply {ref}\n{quoted(text, 2000)}"
    )


@sentence
def question_passed_on(ref: str, patient: Patient, taker: str) -> str:
    """Say that a question was passed on, and that it is filed nowhere because it names somebody else."""
    return (
        f"Thank you. I have passed your question on to {taker or 'the team'}. It names somebody other than {patient.name}, whose photo "
        f"{ref} is, so it is not filed in any record."
    )


def called(ref: str, patient: Patient | None) -> str:
    """Return what a photo is called; to somebody who answers for several with the name of whose it is."""
    return f"{ref} ({patient.name})" if patient else ref


WHICH_PHOTO = (
    "You have not said yet whose several photos are, and your answer may be for any of them. Which one is it for?"
)
NONE_OF_THEM = "None of these"


def photo_of(refs: Sequence[str], patient: Patient) -> str:
    """Return what is tapped: these photos, and whose they would be."""
    return f"{many(list(refs))}, of {who_is_meant(patient)}"


@sentence
def none_of_them() -> str:
    return "I have filed nothing. Please begin with the reference of the photo, or reply to the photo, and say whose it is."


@sentence
def theirs_already(refs: Sequence[str], patient: Patient) -> str:
    """Answer words that only say whose a photo is, where it is in that name."""
    is_, it = ("is", "it") if len(refs) == 1 else ("are", "them")
    return f"{many(list(refs))} {is_} in {patient.name}'s name already, so I have changed nothing about {it}."


def shown_after_all(refs: Sequence[str], filed_for: Patient, said: Patient | None, practice: str) -> str:
    """Say what happens now that somebody says another child is shown, and ask for one tap: they may mean a photo to come."""
    hold, it = (
        ("is on hold: nobody is shown it", "It") if len(refs) == 1 else ("are on hold: nobody is shown them", "They")
    )
    verb, whose = ("shows", "is it") if len(refs) == 1 else ("show", "are they")
    told = (
        f"You say that {many(list(refs))}, in {filed_for.name}'s name, {verb} {said.name if said else 'somebody else'}."
    )
    return f"{told} {it} {hold}. I have told {practice}, which checks before anything is moved. Whose {whose}?"


def as_filed(patient: Patient) -> str:
    return f"{who_is_meant(patient)}, as it was; I meant another photo"


NOBODY_LISTED = "Somebody else"
NOBODY_THEY_ANSWER_FOR = "nobody they answer for"


def said_to_show(refs: Sequence[str], said: str, text: str) -> str:
    """Tell the team whose a photo is said to be: they check, and move it."""
    shows = "it shows" if len(refs) == 1 else "they show"
    return f"Whoever sent {many(list(refs))} says that {shows} {said}. They wrote: {quoted(text, 200)}"


@sentence
def moved_after_checking(refs: Sequence[str], practice: str) -> str:
    it = "It stays" if len(refs) == 1 else "They stay"
    return f"Thank you. I have told {practice}. {it} on hold until {practice} has checked."


MISTAKEN = "This photo shows {name}, as was said first. That it shows somebody else was said by mistake."
