"""What the bot says to patients, and to those who answer for them, when their words may take something back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from bot.domain.purposes import Purpose, spoken

from .phrases import many, quoted
from .sentence import sentence

YES, NO = "Yes, withdraw it", "No, keep it"
ALL, NONE = "All of them", "None of them: keep them"


def shall_it_be_withdrawn(refs: Sequence[str], *, filed: Collection[str]) -> str:
    """Return the whole question: what is on hold, and what a yes does; `filed` are those that the record has."""
    new, kept = [ref for ref in refs if ref not in filed], [ref for ref in refs if ref in filed]
    mixed = bool(new and kept)
    waits = [f"nothing of {many(new) if mixed else _it(new)} is filed or shared"] if new else []
    waits += [f"nobody new is shown {many(kept) if mixed else _it(kept)}"] if kept else []
    held = f"I have put {many(list(refs))} on hold: {' and '.join(waits)} before you answer."
    if len(refs) == 1:
        return f"{held} Should it be withdrawn? {_STAYS if kept else _IS_DESTROYED}"
    ends = [_if_you_withdraw(new if mixed else [], "it is destroyed, and not filed.")] if new else []
    ends += [_if_you_withdraw(kept if mixed else [], _STAYS)] if kept else []
    return f"{held} Which of these photos should be withdrawn? {' '.join(ends)}"


_IS_DESTROYED = "It is then destroyed, and not filed."
_STAYS = "It stays in the record, as the law requires, but every other use of it ends."


def _if_you_withdraw(refs: Sequence[str], end: str) -> str:
    """Say what becomes of one that is withdrawn, of these or of all."""
    return f"If you withdraw {' or '.join(refs) or 'one'}, {end[0].lower()}{end[1:]}"


def in_words(refs: Sequence[str]) -> str:
    if len(refs) > 1:
        return f"Please tap an answer below, or write “yes {many(list(refs))}”, with those to withdraw, or “no” to keep them all."
    return f"Please tap an answer below, or write “yes {refs[0]}” to withdraw it, or “no” to keep it."


def _it(refs: Sequence[str]) -> str:
    return "it" if len(refs) == 1 else "them"


@sentence
def is_taken_back(ref: str) -> str:
    """Answer somebody who did not send it: the end of it is told to its sender."""
    return f"I am withdrawing {ref}. It is destroyed here and not filed. If it has just reached the record, it stays there."


@sentence
def stays(refs: Sequence[str]) -> str:
    return f"All right, {many(list(refs))} stays." if len(refs) == 1 else f"All right, {many(list(refs))} stay."


@sentence
def stays_on_hold(ref: str, practice: str) -> str:
    """Answer a no while somebody else's words about the same photo are not answered; nothing is said of whose."""
    return f"Thank you. {ref} stays on hold until {practice} has looked at it."


def two_answers(ref: str) -> str:
    return (
        f"{ref} needs a person: of two people who answer for the patient one wants it kept, and the other was asked whether to "
        f"withdraw it. Please speak with them, then: !keep {ref} or !discard {ref}; if it is in the record: !go-on {ref}."
    )


@sentence
def until_you_answer(refs: Sequence[str]) -> str:
    stay = "stays" if len(refs) == 1 else "stay"
    return f"Take your time: {many(list(refs))} {stay} on hold until you answer."


@sentence
def nothing_to_take_back(practice: str) -> str:
    return f"I have no photo of yours to take back. For anything else, please call {practice}."


@sentence
def nothing_to_stop(practice: str) -> str:
    return f"There is nothing to stop: I have no photo of yours, and am asking you nothing. For anything else, please call {practice}."


STOP_WHAT = "What should I stop?"
GO_ON = "Nothing, go on"


@sentence
def going_on() -> str:
    return "All right, nothing changes."


def stop_in_words(called: Mapping[str, str], asked: Sequence[tuple[str, str]]) -> str:
    """Say the same for apps that show no polls; `called`: what each photo is called, by its reference; `asked`: the number of each
    request, and what it is about.
    """
    whose = "your photo" if len(called) == 1 else "a photo"
    each = [f"“withdraw {ref}”{name.removeprefix(ref)}" for ref, name in called.items()]
    ways = [f"to take {whose} back, {' or '.join(each)}"] if each else []
    alone = len(asked) == 1
    ways += [f"to say no to {'what you were asked' if alone else about}, “no {number}”" for number, about in asked]
    return f"{STOP_WHAT} Please tap an answer below, or write: {'; '.join(ways)}."


def take_back(ref: str) -> str:
    return f"Take back {ref}"


def say_no_to(request: str) -> str:
    return f"Say no to {request}"


def request_about(refs: Sequence[str], purpose: Purpose) -> str:
    return f"the request about {many(list(refs))}, for {spoken(purpose)}"


def may_want_it_back(who: str, refs: Sequence[str], text: str) -> str:
    """Tell those who have it: the words, and that nothing goes on."""
    return (
        f"{who} may want {many(list(refs))} back, and has been asked. Until they answer, nothing more of {_it(refs)} is filed "
        f"or shared. They wrote:\n{quoted(text, 500)}"
    )


def unanswered_in_the_record(ref: str) -> str:
    return (
        f"{ref} needs a person: the patient was asked whether to withdraw it, and has not answered. It is in the record; nothing of it "
        f"is shared. Please speak with them. If it may go on: !go-on {ref}. If not, there is nothing to do."
    )
