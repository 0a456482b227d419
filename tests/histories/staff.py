"""Say who works here at a moment, and whose yes is a second person's (R28, R28a, R33)."""

from .history import History, derived
from .observed import (
    Account,
    Asked,
    Attested,
    Commanded,
    Delivered,
    Hired,
    IdentityChanged,
    Kept,
    Person,
    PhoneLost,
    Placed,
    Readmitted,
    Recalled,
    Redeemed,
    Role,
    Said,
    StaffLeft,
    Step,
    Tapped,
)
from .texts import mentions


@derived
def roles(history: History, account: Account, moment: int) -> frozenset[Role]:
    """Return what somebody is to the practice; nothing after they left, or when the account is another person's."""
    found: set[Role] = set()
    for index, hired in history.of(Hired, moment):
        gone = history.last(StaffLeft, moment, account=account)
        if (
            hired.account == account
            and (gone is None or gone[0] < index)
            and history.holder(account, index) == history.holder(account, moment)
        ):
            found.add(hired.role)
    return frozenset(found)


@derived
def works_here(history: History, account: Account, moment: int) -> bool:
    """Say whether somebody is of the staff; an outside clinician is not."""
    return bool(roles(history, account, moment) - {Role.OUTSIDE})


@derived
def was_somebody(history: History, account: Account, moment: int) -> bool:
    """Say whether this account has ever been of the practice, or an outside clinician's."""
    return any(hired.account == account for _, hired in history.of(Hired, moment))


@derived
def paused(history: History, account: Account, moment: int) -> bool:
    """Say whether an account may do and get nothing: its phone is lost, or its identity is not the pinned one (R28a)."""
    state = False
    for event in history.events[:moment]:
        if isinstance(event, PhoneLost | IdentityChanged) and event.account == account:
            state = True
        if isinstance(event, Readmitted | Redeemed | Hired) and event.account == account:
            state = False
    return state


def seconds(
    history: History, about: frozenset[str], since: int, until: int, neither: frozenset[Person]
) -> list[tuple[int, Account]]:
    """Return who of the staff, being none of these persons, said yes to an event that names whom it is about (R33)."""
    found = []
    for index, tapped in history.of(Tapped, until, since):
        seen = _event(history, tapped, index)
        if (
            seen is not None
            and tapped.yes is not False
            and works_here(history, tapped.account, index)
            and not paused(history, tapped.account, index)
            and history.holder(tapped.account, index) not in neither
            and mentions(f"{seen.body} {tapped.label}", about)
            and not _asked_by_themselves(history, tapped, index)
        ):
            found.append((index, tapped.account))
    return found


def _event(history: History, tapped: Tapped, moment: int) -> Delivered | None:
    found = history.delivery(tapped.event_id, moment)
    return found[1] if found and tapped.account in found[1].readers else None


def _asked_by_themselves(history: History, tapped: Tapped, moment: int) -> bool:
    """Say whether the event answers what whoever tapped had just written: naming whom it is about confirms nobody."""
    delivered = history.delivery(tapped.event_id, moment)
    for event in reversed(history.events[: delivered[0]] if delivered else []):
        if isinstance(event, Said | Recalled | Asked | Placed | Attested | Kept | Commanded):
            return (event.account if isinstance(event, Said | Commanded) else event.by) == tapped.account
        if isinstance(event, Step):
            return False
    return False
