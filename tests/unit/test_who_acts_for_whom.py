"""Nobody acts as staff for a patient they are or speak for (R33): every deed, and whether it asks that."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.domain import deeds, staff_deeds
from bot.domain.consent import UnheardNo
from bot.domain.identifiers import PatientId
from bot.domain.image import HeldFor, State
from bot.domain.people import STAFF, Relation
from bot.domain.use_rules import Source
from bot.words import about_admission, about_leaving
from handlers import HOUSE
from tests.cases import Shared, shared_practice, taps
from tests.households import answers_as, enrolled
from tests.practice import Someone
from tests.unit.test_two_people import desk_of

# ---- what each deed needs to be there before it can be asked for


async def _nothing(_shared: Shared) -> None: ...


async def _held(shared: Shared) -> None:
    async with shared.practice.journal.transaction() as rows:
        image = await rows.images.get(shared.image.id)
        await rows.images.save(replace(image, state=State.HELD, held_for=HeldFor.SOMEBODY_ELSE, filed_at=None))


async def _misfiled(shared: Shared) -> None:
    """A colleague's photo of a body, moved since."""
    async with shared.practice.journal.transaction() as rows:
        image = await rows.images.get(shared.image.id)
        moved = replace(image, source=Source.COLLEAGUE, sent_for=await _another(shared))
        await rows.images.save(moved)


async def _another(shared: Shared) -> PatientId:
    async with shared.practice.journal.reading() as rows:
        (ann,) = await rows.patients.find(mrn="10422")
        return ann.id


async def _no_of_a_lost_phone(shared: Shared) -> None:
    async with shared.practice.journal.transaction() as rows:
        said = UnheardNo("no", shared.image.id, shared.image.sender_id, shared.practice.clock.now())
        await rows.unheard_noes.add(said)


@dataclass(frozen=True)
class Asks:
    """Refused to whoever is the patient of `line`, or speaks for them."""

    line: str
    first: Callable[[Shared], Awaitable[None]] = _nothing
    hears: str = about_admission.not_for_your_own.english()


# Everything staff can do about a photo or a patient that decides something for them.
ASKS: dict[type, Asks] = {
    staff_deeds.AskAdvice: Asks("!forward {ref} @derm:hs.test is this a melanoma?"),
    staff_deeds.AskUse: Asks(
        '!use {ref} for education "teaching" seen by "registrars" until 2027-03-31 recipient @derm:hs.test'
    ),
    staff_deeds.AttestCapacity: Asks("!capacity 10421 has"),
    staff_deeds.AttestConsent: Asks("!attest {ref} verbal 2026-11-20 advice", _misfiled),
    staff_deeds.ConfirmPerson: Asks("!confirm 10421", hears=about_admission.nobody_waits.english()),
    staff_deeds.DestroyKept: Asks("!destroy {ref}"),
    staff_deeds.DiscardHeld: Asks("!discard {ref}", _held),
    staff_deeds.EndTreatment: Asks("!patient-leaves 10421"),
    staff_deeds.Enrol: Asks('!enrol patient 10421 "Sam Patel" 1984-03-07'),
    staff_deeds.HandOver: Asks('!required-by-law {ref} basis "subpoena" authority "Court" recipient "Registrar"'),
    staff_deeds.KeepHeld: Asks("!keep {ref} 10421 1984-03-07", _held),
    staff_deeds.LetUsesGoOn: Asks("!go-on {ref}", _no_of_a_lost_phone, about_leaving.not_yours_to_go_on.english()),
    staff_deeds.LinkAccount: Asks('!link 10421 decision-maker "Bob Quill"'),
    staff_deeds.MatchPhoto: Asks("!match {ref} 10421 1984-03-07"),
    staff_deeds.MovePhoto: Asks("!refile {ref} 10422 1990-05-02"),
    staff_deeds.RecordDeath: Asks("!died 10421"),
    staff_deeds.ReleaseHold: Asks("!release-hold 10421"),
    staff_deeds.UnlinkAccount: Asks("!unlink 10421 @sam:hs.test"),
}

# Why the others don't ask.
ASK_NOT: dict[type, str] = {
    **dict.fromkeys(
        (deeds.CorrectReason, deeds.GetCopy, deeds.SeeImages, staff_deeds.TakeBack),
        "it is a patient's own deed",
    ),
    **dict.fromkeys(
        (deeds.SeeHelp, staff_deeds.AskDeviceCheck, staff_deeds.EndWork, staff_deeds.RetryGivenUp),
        "it is about no patient",
    ),
    **dict.fromkeys(
        (staff_deeds.SeeList, staff_deeds.SeeStatus, staff_deeds.SeeDue, staff_deeds.ShowPhoto, staff_deeds.TakePhoto),
        "it only looks: a record is open to those who treat, each look is listed (R31), and what is a mature minor's own is "
        "kept from their parents (R33a)",
    ),
    **dict.fromkeys(
        (staff_deeds.WriteNote, staff_deeds.WriteReply),
        "words under their author's name, filed as theirs: they decide nothing for the patient",
    ),
    **dict.fromkeys(
        (staff_deeds.CallBack, staff_deeds.PlaceHold, staff_deeds.ReportLost, staff_deeds.LoseOwnPhone),
        "it only stops and protects, and must not wait for a colleague",
    ),
    staff_deeds.AssessBreach: "it writes down what was done, and lets nothing out",
    staff_deeds.CloseCase: "it ends what they asked for, and files what was discussed",
    staff_deeds.CompareEmoji: "it is compared with the account itself; who speaks for whom stays as it is",
    staff_deeds.TellNames: "it says which words of the same name are the family name",
    staff_deeds.UndoDeath: "it takes two, one of them a manager; nobody speaks for the dead, and nothing revives by it",
}


def test_every_deed_is_judged() -> None:
    assert ASKS.keys() | ASK_NOT.keys() == HOUSE.deeds.keys()
    assert not ASKS.keys() & ASK_NOT.keys()


async def everything_here(shared: Shared) -> Someone:
    """Rita, who has every role of the staff."""
    rita = await desk_of(shared)
    async with shared.practice.journal.transaction() as rows:
        person = await rows.people.first(account=rita.account)
        assert person is not None
        await rows.people.save(
            replace(person, roles=STAFF, device_check_due=shared.practice.clock.now().replace(year=2030))
        )
    return rita


async def refused(shared: Shared) -> int:
    return await shared.practice.audited("refused")


@pytest.mark.parametrize("deed", ASKS, ids=lambda deed: deed.__name__)
async def test_R33_nobody_does_it_as_staff_for_whom_they_speak_for(tmp_path: Path, deed: type) -> None:
    async with shared_practice(tmp_path) as shared:
        rita, asks = await everything_here(shared), ASKS[deed]
        await enrolled(shared, '!enrol patient 10422 "Ann Patel" 1990-05-02', "ann", "Ann")
        await asks.first(shared)
        await answers_as(rita, "10421", Relation.DECISION_MAKER)
        before = len(rita.heard)
        await rita.writes(asks.line.format(ref=shared.image.ref))
        (answer,) = rita.heard[before:]
        assert answer == asks.hears


# What is asked again at the tap: whoever taps may have come to speak for the patient since.
TAPPED = {
    staff_deeds.AskAdvice: "Yes",
    staff_deeds.AttestConsent: "Attest",
    staff_deeds.EndTreatment: "Leaves",
    staff_deeds.MovePhoto: "Move",
    staff_deeds.RecordDeath: "Has died",
    staff_deeds.UnlinkAccount: "End it",
}


@pytest.mark.parametrize("deed", TAPPED, ids=lambda deed: deed.__name__)
async def test_R33_nor_by_a_tap_once_they_speak_for_them(tmp_path: Path, deed: type) -> None:
    async with shared_practice(tmp_path) as shared:
        rita, asks = await everything_here(shared), ASKS[deed]
        await enrolled(shared, '!enrol patient 10422 "Ann Patel" 1990-05-02', "ann", "Ann")
        await asks.first(shared)
        await rita.writes(asks.line.format(ref=shared.image.ref))
        await answers_as(rita, "10421", Relation.DECISION_MAKER)
        before = len(rita.heard)
        await taps(rita, TAPPED[deed])
        assert rita.heard[before:] == [asks.hears]


@pytest.mark.parametrize("of", ["{ref}", "10421"])
async def test_R33_nobody_destroys_by_a_tap_what_is_theirs_by_then(tmp_path: Path, of: str) -> None:
    async with shared_practice(tmp_path) as shared:
        rita = await everything_here(shared)
        await shared.kim.writes("!patient-leaves 10421")
        await taps(shared.kim, "Leaves")
        await shared.practice.after(days=8 * 366)
        await rita.writes(f"!destroy {of.format(ref=shared.image.ref)}")
        await answers_as(rita, "10421", Relation.DECISION_MAKER)
        before = len(rita.heard)
        await taps(rita, "Destroy")
        assert rita.heard[before:] == [about_admission.not_for_your_own.english()]
