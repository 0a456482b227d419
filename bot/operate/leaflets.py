"""What `consentry leaflet` reads and writes, with the bot running or stopped: an invitation for a patient, made at the computer.

Nobody knows who sits there. So what takes two people is refused, and nobody who works here can come in by it (R33). It has the
proof that any invitation has: its making, trying and use stand in the log; its code is kept nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.config import Config
from bot.config.policy_of import policy_of
from bot.core.transaction import Transaction
from bot.domain.answering import authority_since, authority_until
from bot.domain.authority import might_be_told, needs_second
from bot.domain.errors import Permanent, Refused
from bot.domain.identifiers import NO_PERSON, SETUP, PersonId
from bot.domain.invitation_events import TellingAsked, TellingChosen, invitation_after
from bot.domain.invitations import Tell
from bot.domain.invitee import Invitee
from bot.domain.people import Patient, Relation, Role
from bot.domain.policy import Policy
from bot.domain.staff_deeds import Answering
from bot.ids import RandomIds, SystemClock
from bot.matrix.cross_signing import Seeds
from bot.ports import Commit
from bot.words import about_admission, at_the_computer, on_a_leaflet, phrases
from handlers.people.enrol import invite_anew

from .kept import Kept, opened
from .sealed_files import SEEDS, read_sealed


@dataclass(frozen=True, slots=True)
class Printable:
    """The words of a leaflet, and the link that its picture holds."""

    words: on_a_leaflet.Leaflet
    link: str
    selector: str
    ended_another: bool


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a record number means, and who answers for them already and might be told."""

    patient: Patient
    others: Mapping[PersonId, str]


async def meant(config: Config, mrn: str, answering: Answering) -> Addressee:
    """Return whom it would be for; `Refused` where it can't be made."""
    async with opened(config, read_only=True) as kept, kept.journal.reading() as rows:
        return await _meant(_transaction(rows, policy_of(config)), mrn, answering)


@dataclass(frozen=True, slots=True)
class Telling:
    """What was said to be told, and of whom whoever said it had read."""

    of: tuple[PersonId, ...]
    chosen: TellingChosen


async def invite(config: Config, mrn: str, answering: Answering, telling: Telling | None) -> Printable:
    """Commit an invitation; an earlier one for the same person ends. `telling` is needed where others answer already (R33a)."""
    async with opened(config) as kept:
        policy = _policy(config, kept)
        async with kept.journal.transaction() as rows:
            tx = _transaction(rows, policy)
            whose = await _meant(tx, mrn, answering)
            if whose.others and telling is None:
                raise Refused(at_the_computer.say_whether_told(), "R33a")
            return await _made(tx, whose.patient, answering, telling if whose.others else None, config)


async def _made(
    tx: Transaction, patient: Patient, answering: Answering, telling: Telling | None, config: Config
) -> Printable:
    relation, who = answering.relation, answering.name or patient.name
    until, since = authority_until(patient, relation, tx.today), authority_since(patient, relation, tx.today)
    made = await invite_anew(Invitee(Role.PATIENT, who, patient.id, relation, until, since), SETUP, tx)
    if made.link is None:
        raise Permanent(
            "no-token", "no account is free for a new patient: start the bot once, which makes some, and try again"
        )
    invitation = made.invitation
    if telling is not None:
        asked = invitation_after(invitation, TellingAsked(telling.of))
        invitation = await tx.rows.invitations.save(invitation_after(asked, telling.chosen))
        because = telling.chosen.not_now_because or Tell.TELL.value
        await tx.audit(SETUP, "access.tell", invitation.id, tell=invitation.tell.value, because=because)
    expires = phrases.moment(invitation.expires_at, tx.policy.timezone)
    words = on_a_leaflet.leaflet(
        tx.policy.practice,
        answering.relation,
        expires,
        tx.policy.emergency_text,
        config.practice.phone,
        invitation.selector,
    )
    return Printable(words, made.link, invitation.selector, made.ended_another)


async def _meant(tx: Transaction, mrn: str, answering: Answering) -> Addressee:
    patient = await tx.rows.patients.with_mrn(mrn)
    if patient is None:
        raise Refused(about_admission.not_enrolled_yet(mrn))
    if patient.died_on is not None or patient.left_on is not None:
        raise Refused(at_the_computer.no_patient_any_more(patient), "R28a")
    authority_until(patient, answering.relation, tx.today)
    if needs_second(patient, answering.relation, None, tx.today) or answering.relation is Relation.DECISION_MAKER:
        raise Refused(at_the_computer.takes_two_people(), "R33")
    circle = await tx.circle(patient.id)
    others = might_be_told(circle, answering.relation, NO_PERSON, tx.today)
    return Addressee(patient, {id: f"{circle.people[id].name} ({relation.value})" for id, relation in others.items()})


def _policy(config: Config, kept: Kept) -> Policy:
    if config.page.url is None:
        raise Permanent(
            "no-page", "this practice has no page: name its address as `url` in [page], and run `consentry page`"
        )
    seeds = read_sealed(kept.keys, config.data.directory, SEEDS)
    if seeds is None:
        raise Permanent(
            "never-started", "the bot has no identity yet that a link could name: start it once, `consentry run`"
        )
    return replace(policy_of(config), fingerprint=Seeds.from_bytes(seeds).identity)


def _transaction(rows: Commit, policy: Policy) -> Transaction:
    return Transaction(rows, SystemClock().now(), RandomIds(), policy)
