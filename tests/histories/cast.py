"""Name who is in the histories, and enrol those who are there from the beginning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain import identifiers
from tests.practice import Snapshot, Someone, Staffed, staffed_snapshot

from . import observed as o
from .observed import Account, Mrn, Relation


def _account(name: str) -> Account:
    return Account(f"@{name}:hs.test")


KIM, LEE, SID, MAY, CHEN, DERM, ANN, PAT, JO = map(
    _account, ("kim", "lee", "sid", "may", "chen", "derm", "ann", "pat", "jo")
)
MIA, RITA, ZOE, FRESH = map(_account, ("mia", "rita", "zoe", "fresh"))
SIDS, ANNS, MIAS, ZOES, LEOS = map(Mrn, ("70001", "70002", "70003", "70004", "70005"))
STAFF = {KIM: "manager", MAY: "reception", LEE: "clinician", CHEN: "clinician", DERM: "outside-clinician"}
ROLES = {
    "manager": o.Role.MANAGER,
    "reception": o.Role.RECEPTION,
    "clinician": o.Role.CLINICIAN,
    "outside-clinician": o.Role.OUTSIDE,
}
NAMES = {
    KIM: "Kim",
    LEE: "Dr Lee",
    SID: "Sid Palmer",
    MAY: "May Stone",
    CHEN: "Dr Chen",
    DERM: "Dr Derm",
    ANN: "Ann Burke",
    PAT: "Pat Holt",
    JO: "Jo Holt",
    MIA: "Mia Holt",
    RITA: "Rita Vale",
    ZOE: "Zoe Marsh",
    FRESH: "Fay Newman",
}


@dataclass(frozen=True)
class Patient:
    """A patient as the practice knows them."""

    mrn: Mrn
    name: str
    born: date


PATIENTS = {
    SIDS: Patient(SIDS, "Sid Palmer", date(1984, 3, 7)),
    ANNS: Patient(ANNS, "Ann Burke", date(1990, 5, 9)),
    MIAS: Patient(MIAS, "Mia Holt", date(2009, 5, 20)),  # turns 18 half a year after the beginning
    ZOES: Patient(ZOES, "Zoe Marsh", date(1979, 8, 2)),
    LEOS: Patient(LEOS, "Leo Holt", date(2015, 2, 3)),  # nobody answers for him yet
}


@dataclass(frozen=True)
class Wish:
    """Somebody who may be invited for a patient."""

    account: Account
    mrn: Mrn
    relation: Relation


WISHES = (
    Wish(SID, SIDS, Relation.SELF),
    Wish(ANN, ANNS, Relation.SELF),
    Wish(PAT, MIAS, Relation.PARENT),
    Wish(JO, MIAS, Relation.PARENT),
    Wish(MIA, MIAS, Relation.SELF),
    Wish(RITA, SIDS, Relation.DECISION_MAKER),
    Wish(ZOE, ANNS, Relation.GROWN_CHILD),
    Wish(ZOE, ZOES, Relation.SELF),
    Wish(ANN, SIDS, Relation.GROWN_CHILD),
)
HERE_ALREADY = (WISHES[0], WISHES[1], WISHES[2], WISHES[3])


def beginning(at: datetime) -> list[o.Event]:
    """Return what was done before the history begins."""
    done: list[o.Event] = []
    for account, name in NAMES.items():
        done.append(o.Held(at=at, account=account, person=o.Person(name), name=name))
    for account, role in STAFF.items():
        done.append(o.Hired(at=at, account=account, role=ROLES[role]))
    for patient in PATIENTS.values():
        done.append(o.PatientKnown(at=at, mrn=patient.mrn, name=patient.name, born=patient.born))
    for number, wish in enumerate(HERE_ALREADY):
        code, name = o.Code(f"first{number}"), NAMES[wish.account]
        done.append(o.Invited(at=at, code=code, by=KIM, mrn=wish.mrn, relation=wish.relation, name=name))
        done.append(o.CodeWritten(at=at, code=code, account=wish.account))
        done.append(o.BirthdayWritten(at=at, code=code, account=wish.account, right=True))
        done.append(o.Redeemed(at=at, code=code, account=wish.account))
    return done


async def _enrol_them(people: Staffed) -> None:
    kim = people.kim
    for account in (MAY, CHEN, DERM):
        await kim.writes(f'!enrol {STAFF[account]} {account} "{NAMES[account]}"')
        await Someone(people.practice, identifiers.Account(account), f"{account}-first").enrol(
            people.practice.last_code(kim.own_room)
        )
    for wish in HERE_ALREADY:
        patient = PATIENTS[wish.mrn]
        as_whom = "self" if wish.relation is Relation.SELF else f'{wish.relation.value} "{NAMES[wish.account]}"'
        await kim.writes(f'!enrol patient {wish.mrn} "{patient.name}" {patient.born} {as_whom}')
        app = Someone(people.practice, identifiers.Account(wish.account), f"{wish.account}-first")
        await app.enrol(people.practice.last_code(kim.own_room))
    for nobodys in (PATIENTS[ZOES], PATIENTS[LEOS]):
        await kim.writes(f'!enrol patient {nobodys.mrn} "{nobodys.name}" {nobodys.born}')


_snapshots: list[Snapshot] = []


async def snapshot() -> Snapshot:
    """Return the practice with its people, made once in this process."""
    if not _snapshots:
        _snapshots.append(await Snapshot.of(_enrol_them, await staffed_snapshot()))
    return _snapshots[0]
