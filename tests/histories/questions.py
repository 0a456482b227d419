"""Judge that questions can be told apart, and that guesses are answered alike (R15, R32)."""

from datetime import timedelta

from .history import History
from .observed import Account, Delivered, Guessed, Step, Tapped, Violation
from .staff import paused, roles
from .texts import numbers_of_four, without_numbers

ALIKE_FOR = timedelta(days=1)


def judge_numbers(history: History, seen: Delivered, moment: int) -> list[Violation]:
    """See that no open question of a person has a number of four digits that another open question of theirs has."""
    if not seen.taps:
        return []
    found = []
    for account in sorted(seen.readers):
        mine = numbers_of_four(seen.body)
        for _, other in history.of(Delivered, moment - 1):
            if not other.taps or account not in other.readers or other.event_id == seen.event_id:
                continue
            shared = mine & numbers_of_four(other.body)
            if shared and not _settled(history, other, account, moment) and other.relates_to != seen.event_id:
                why = "another open question of theirs has the same number"
                found.append(Violation("R32", why, str(account), f"the number {min(shared)}", moment - 1))
    return found


def _settled(history: History, question: Delivered, account: Account, moment: int) -> bool:
    """Say whether a question was answered, or something later closed it."""
    answered = any(
        tapped.event_id == question.event_id and tapped.account == account for _, tapped in history.of(Tapped, moment)
    )
    closed = any(later.relates_to == question.event_id for _, later in history.of(Delivered, moment))
    return answered or closed


def judge_guess(history: History, moment: int) -> list[Violation]:
    """See that a right guess of number and birthday is answered with what a wrong one is answered with.

    Like is compared with like: what one person was answered within a day. Whoever has the account next is another, and later
    their check of the device may be overdue, right or wrong (R21). Who is paused, or has left, is not answered as themselves
    (R28a).
    """
    answered: list[tuple[int, Guessed, str]] = []
    for index, guess in history.of(Guessed, moment):
        said = _answer(history, index, guess.account, moment)
        if said is None or paused(history, guess.account, index) or not roles(history, guess.account, index):
            continue
        for before, earlier, other in answered:
            if earlier.right != guess.right and other != said and _is_alike(history, (before, earlier), (index, guess)):
                why = "a right guess is answered differently from a wrong one"
                return [Violation("R15", why, str(guess.account), "the answer to a guess", index)]
        answered.append((index, guess, said))
    return []


def _is_alike(history: History, one: tuple[int, Guessed], other: tuple[int, Guessed]) -> bool:
    (first, earlier), (then, guess) = one, other
    same = earlier.account == guess.account
    same = same and history.holder(earlier.account, first) == history.holder(guess.account, then)
    return same and guess.at - earlier.at <= ALIKE_FOR


def _answer(history: History, index: int, account: Account, moment: int) -> str | None:
    """Return what came to whoever guessed before anybody did something else; None while there may be more."""
    said: list[str] = []
    for event in history.events[index + 1 : moment]:
        if isinstance(event, Step):
            return " ".join(said)
        if isinstance(event, Delivered) and account in event.readers:
            said.append(without_numbers(event.body) + "|" + " ".join(without_numbers(tap.label) for tap in event.taps))
    return None
