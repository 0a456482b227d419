"""`!leaves @account [to @other]`: somebody who works here leaves (manager only).

Who is named by anything but a whole account may be somebody else, and it can't be undone: it takes a tap that names both (R15).

Photos they had taken, their open cases and duty pass to another clinician. They are put out of every room of the practice,
what was shown in their own chat is taken back, what was on its way there is not delivered, and no device of theirs gets
anything more. What they asked patients for and is not shared yet ends, because the patient was told who asks. So does what
would be shared with them, and every invitation for them or by them. What patients agreed to before stands (R28a, R33).
Somebody who is a patient here too, or answers for one, stays that: what they were asked as one stays in their chat, and is
theirs to answer.
"""

from __future__ import annotations

from collections.abc import Set
from datetime import timedelta

from bot.core.circles import is_linked
from bot.core.consequences import note_fact
from bot.core.dispatch import Request
from bot.core.memberships import let_into, not_into
from bot.core.polls import ask, close_polls
from bot.core.transaction import Transaction
from bot.core.uses.end import end_at_once
from bot.core.uses.not_shown import tell_not_shown
from bot.core.who_is_meant import Line, a_professional, whom
from bot.domain import rooms
from bot.domain.authority import may_act_for_the_practice, may_look_after
from bot.domain.choices import Choice, TapAbout, spent
from bot.domain.errors import Refused
from bot.domain.identifiers import NO_PERSON, Actor, Address, CopyId, PersonId
from bot.domain.image import HandedOver, Image, State
from bot.domain.intents import RemoveMember, Say
from bot.domain.leaving import ASKED_OF_PATIENTS, decide_leaving
from bot.domain.message import Message
from bot.domain.people import Person, Role, Standing, as_account
from bot.domain.rooms import RoomKind
from bot.domain.staff_deeds import EndWork
from bot.domain.taking_part import WorksHereNoMore, person_after
from bot.domain.use import LIVE, SHOWN, CaseHandedOver, Use, UseState, Withdrawn, decide
from bot.words import about_people
from bot.words.about_commands import example, line

from .end_invitations import Why, close_invitations
from .pause import take_back_what_was_said

NOBODY = "nobody"  # takes over


async def leaves(deed: EndWork, request: Request, tx: Transaction) -> Message | None:
    behind = ("to", deed.successor) if deed.successor is not None else ()
    leaver = await _enrolled(deed.who, request, tx, lambda account: line(EndWork, account, *behind))
    successor = None
    if deed.successor is not None:
        successor = await _enrolled(
            deed.successor, request, tx, lambda account: line(EndWork, leaver.account, "to", account)
        )
    if as_account(deed.who) and (deed.successor is None or as_account(deed.successor)):
        await _end_work(leaver, successor, request, tx)
        return None
    await _decide(leaver, successor, tx)
    await ask(
        tx,
        request.person,
        about_people.does_colleague_leave(leaver, successor),
        [(successor.id if successor else NOBODY, "Leaves"), ("", "No, nothing changes")],
        about="leaves",
        subject=leaver.id,
        lasts=timedelta(hours=1),
        needs_number=True,
    )
    return None if request.room.kind is RoomKind.OWN else about_people.asked_in_your_own_chat()


async def tapped(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    if not choice.value:
        return about_people.nothing_changes()
    if Role.MANAGER not in request.person.roles:
        raise Refused(about_people.not_a_manager_any_more())
    await close_polls(tx, choice.subject)
    successor = None if choice.value == NOBODY else await tx.person(PersonId(choice.value))
    await _end_work(await tx.person(PersonId(choice.subject)), successor, request, tx)
    return None


async def _decide(leaver: Person, successor: Person | None, tx: Transaction) -> tuple[list[Use], list[Use]]:
    """Return what they asked for and is not over, and which of it are open cases; raise `Refused` where they may not leave so."""
    asked = await tx.rows.uses.asked_by(leaver.id, LIVE)
    cases = [use for use in asked if use.state is UseState.RELEASED]
    active = await tx.rows.people.standing(Standing.ACTIVE)
    others = [person for person in active if Role.MANAGER in person.roles and person.id != leaver.id]
    decide_leaving(leaver, successor, open_cases=len(cases), other_managers=len(others))
    if successor is not None:
        await _may_take_over(successor, cases, tx)
    return asked, cases


async def _end_work(leaver: Person, successor: Person | None, request: Request, tx: Transaction) -> None:
    asked, cases = await _decide(leaver, successor, tx)
    out_of = await _rooms_of(leaver, tx)
    for use in asked:
        if use not in cases:
            await end_at_once(use, Withdrawn(), request.person.id, tx)
    await _end_what_names(leaver, request.person.id, tx)
    images, nobodys = await _hand_over_images(leaver, successor, tx)
    if successor is not None:
        await _hand_over_cases(cases, successor, request.person.id, tx)
        await tx.say(rooms.own(successor.id), about_people.taken_over(leaver.name, images, len(cases)), private=True)
    await _leave(leaver, successor, out_of, request.person.id, tx)
    configured = leaver.account in tx.policy.managers or leaver.account == tx.policy.duty
    text = about_people.has_left(leaver, len(images), nobodys, len(cases), configured)
    await tx.say(request.room.address, text, private=True)


async def _enrolled(written: str, request: Request, tx: Transaction, instead: Line) -> Person:
    person = (await whom(written, request.content, tx, instead, a_professional)).person
    if person is None:
        raise Refused(about_people.nobody_called(written, example(EndWork)))
    return person


async def _may_take_over(successor: Person, cases: list[Use], tx: Transaction) -> None:
    """Raise `Refused` when they are, or speak for, the patient of one of these cases (R33)."""
    for use in cases:
        (image, *_) = await tx.rows.images.among(use.image_ids)
        if not may_act_for_the_practice(await tx.circle(image.patient_id), successor, tx.today):
            raise Refused(about_people.not_to_them(successor.name), "R33", image.id)


async def _end_what_names(leaver: Person, by: Actor, tx: Transaction) -> None:
    """End what is not shared with them yet; the requester hears why. What they have had goes on as it was."""
    for use in await tx.rows.uses.in_states(LIVE - SHOWN):
        if leaver.id in use.recipient_ids:
            await end_at_once(use, Withdrawn(), by, tx)
            images = await tx.rows.images.among(use.image_ids)
            text = about_people.recipient_left(leaver.name, [image.ref for image in images])
            await tx.say(rooms.own(use.asked_by), text, image_id=images[0].id)


async def _end_invitations(leaver: Person, tx: Transaction) -> None:
    made = await tx.rows.invitations.made_by(leaver.id)
    await close_invitations(tx, await tx.rows.invitations.for_account(leaver.account), Why.HOLDER_LEFT)
    await close_invitations(
        tx, [invitation for invitation in made if invitation.account != leaver.account], Why.MAKER_LEFT
    )


async def _hand_over_images(leaver: Person, successor: Person | None, tx: Transaction) -> tuple[list[str], list[str]]:
    """Hand over their images; return the references of those that are kept, and of those that are nobody's again.

    That is all of them without a successor, and what the successor may not look after (R33a). The practice's room hears of what
    their patients write.
    """
    handed: list[str] = []
    nobodys: list[str] = []
    for image in await tx.rows.images.taken_by(leaver.id):
        to = successor.id if successor is not None and await _may_have(successor, image, tx) else NO_PERSON
        await note_fact(tx, image, HandedOver(to))
        await tx.audit("bot", "image.handed-over", image.id, to=to)
        if image.state is not State.DISCARDED:
            (handed if to else nobodys).append(image.ref)
    return handed, nobodys


async def _may_have(successor: Person, image: Image, tx: Transaction) -> bool:
    if not image.patient_id:
        return True
    circle = await tx.circle(image.patient_id)
    return bool(may_look_after(circle, await tx.matter(image, circle), successor, tx.today))


async def _hand_over_cases(cases: list[Use], successor: Person, by: Actor, tx: Transaction) -> None:
    for use in cases:
        await tx.rows.uses.save(decide(use, CaseHandedOver(successor.id)))
        await tx.audit(by, "use.handed-over", use.id, to=successor.id)
        if use.is_advice:
            await let_into(rooms.case(use.id), successor, tx)


async def _leave(leaver: Person, successor: Person | None, out_of: list[Address], by: Actor, tx: Transaction) -> None:
    stays, to = await is_linked(tx.rows, leaver.id, tx.today), successor.id if successor else NO_PERSON
    await tx.rows.people.save(person_after(leaver, WorksHereNoMore(stays, to)))
    await tx.audit(by, "person.left", leaver.id, to=to)
    await _end_invitations(leaver, tx)
    kept = await _close_choices(leaver, tx, but=ASKED_OF_PATIENTS if stays else frozenset())
    await tell_not_shown(await tx.cancel(rooms.own(leaver.id), but=kept), tx)
    await take_back_what_was_said(leaver, tx, but=kept)
    # In a lane of its own, where nothing that waits for a reader in one of these rooms holds it up.
    lane = f"leaving:{leaver.id}"
    told = about_people.YOU_STAY_A_PATIENT if stays else about_people.YOU_LEFT
    await tx.plan(Say(rooms.own(leaver.id), told.format(practice=tx.policy.practice), open=True), lane)
    for address in out_of:
        await tx.plan(RemoveMember(address, leaver.account), lane)
    if not stays:
        await tx.plan(RemoveMember(rooms.own(leaver.id), leaver.account), lane)


async def _close_choices(leaver: Person, tx: Transaction, *, but: Set[TapAbout]) -> set[CopyId]:
    """Close what they were asked, except about `but`: return the posts that ask it, which stay where they are."""
    kept = set()
    for choice in await tx.rows.choices.open_of_person(leaver.id):
        if choice.about in but:
            kept.add(choice.copy_id)
        else:
            await tx.rows.choices.save(spent(choice, tx.now))
    return kept


async def _rooms_of(leaver: Person, tx: Transaction) -> list[Address]:
    """Return the practice's room and their case rooms, as far as they exist. People who asked their advice are told."""
    found = [rooms.PRACTICE] if leaver.is_staff else []
    for use in await tx.rows.uses_with(leaver.id):
        if not use.is_advice:
            continue
        await not_into(rooms.case(use.id), leaver, tx)
        if await tx.rows.rooms.at(rooms.case(use.id)) is not None:
            found.append(rooms.case(use.id))
        if use.state is UseState.RELEASED and leaver.id in use.recipient_ids:
            text = about_people.ADVISER_LEFT.format(name=leaver.name)
            await tx.say(rooms.own(use.asked_by), text, image_id=use.image_ids[0])
    return found
