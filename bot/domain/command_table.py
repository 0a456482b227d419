"""Every command, once: its names, what it takes, who may ask it, in which rooms, and one line of help.

`bot.heard.staff` reads by this, `bot.words.about_commands` teaches it, and a test holds README to it. An example is a line that
works as it stands, for the photo, patient or person it names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from . import staff_deeds as deeds
from .command import ANY_ROOM, OWN_ROOM, Command, Parameter, Takes
from .deeds import CorrectReason, GetCopy, SeeHelp, SeeImages
from .people import CLINICIANS, STAFF, Role
from .rooms import RoomKind

_PATIENT = frozenset({Role.PATIENT})
_CLINICIAN = frozenset({Role.CLINICIAN})
_MANAGER = frozenset({Role.MANAGER})
_FRONT_DESK = frozenset({Role.RECEPTION, Role.MANAGER})
_PROFESSIONALS = STAFF | {Role.OUTSIDE_CLINICIAN}
_DECIDERS = frozenset({Role.CLINICIAN, Role.MANAGER})

_PHOTO = Parameter("ref", Takes.PHOTO, "IMG-7F3K")
_NAMED = Parameter("named", Takes.PHOTO_OR_NUMBER, "IMG-7F3K")
_NUMBER = Parameter("number", Takes.NUMBER, "20417")
_BORN = Parameter("born", Takes.BIRTHDAY, "1990-05-14")
_ACCOUNT = Parameter("who", Takes.PERSON, "@lee:server")
_MORE = Parameter("more", Takes.MORE, "more", needed=False)
_REMARK = Parameter("", Takes.REMARK, needed=False)

COMMANDS = (
    # ---- patients'
    Command(
        "my images",
        SeeImages,
        "what we hold from you, for what, and who has seen it",
        _PATIENT,
        (_MORE,),
        OWN_ROOM,
    ),
    Command("my copy", GetCopy, "a copy of what is filed about you, as a file", _PATIENT, (), OWN_ROOM),
    Command("status", SeeImages, "the same as “my images”", _PATIENT, (_MORE,), OWN_ROOM),
    Command("my phone is lost", deeds.LoseOwnPhone, "nothing more is sent to it", _PATIENT, (), ANY_ROOM),
    Command(
        "verify",
        deeds.CompareEmoji,
        "compare emoji with the practice: nobody is in between",
        _PATIENT,
        (),
        OWN_ROOM,
    ),
    Command(
        "correct",
        CorrectReason,
        "put the recorded words right",
        _PATIENT,
        (_PHOTO, Parameter("said", Takes.CORRECTION, "the right words")),
        OWN_ROOM,
    ),
    Command(
        "withdraw",
        deeds.TakeBack,
        "take a photo back",
        _PATIENT,
        (Parameter("ref", Takes.PHOTO, "IMG-7F3K", needed=False),),
        OWN_ROOM,
    ),
    # ---- the team's
    Command("list", deeds.SeeList, "photos that wait, the longest first, and yours", STAFF, (_MORE,)),
    Command(
        "mine",
        deeds.TakePhoto,
        "take a photo",
        _CLINICIAN,
        (_PHOTO,),
        by_reply=True,
        unmarked=frozenset({RoomKind.PRACTICE}),  # in their own chat it says who took a photo of theirs
    ),
    Command(
        "show",
        deeds.ShowPhoto,
        "see it in your own chat, for some minutes",
        _CLINICIAN,
        (_PHOTO,),
        by_reply=True,
        unmarked=OWN_ROOM,
    ),
    Command(
        "note",
        deeds.WriteNote,
        "file a note with the photo",
        _CLINICIAN,
        (_PHOTO, Parameter("text", Takes.TEXT, "what was discussed")),
    ),
    Command(
        "reply",
        deeds.WriteReply,
        "write to the patient; filed too",
        _CLINICIAN,
        (_PHOTO, Parameter("text", Takes.TEXT, "your words to the patient")),
    ),
    Command(
        "forward",
        deeds.AskAdvice,
        "ask a colleague for advice",
        _CLINICIAN,
        (_PHOTO, Parameter("asked", Takes.ASKED, "@derm:server is this a melanoma?")),
        by_reply=True,
    ),
    Command(
        "close",
        deeds.CloseCase,
        "end a case, in its room",
        _CLINICIAN,
        (Parameter("summary", Takes.TEXT, "your summary of the discussion"),),
        ANY_ROOM,
    ),
    Command("device", deeds.AskDeviceCheck, "confirm that your device is safe", CLINICIANS),
    Command(
        "attest",
        deeds.AttestConsent,
        "attest a misfiled photo anew",
        CLINICIANS,
        (_PHOTO, Parameter("agreed", Takes.CONSENT, "verbal 2026-11-30 advice")),
        OWN_ROOM,
        by_reply=True,
    ),
    Command(
        "use",
        deeds.AskUse,
        "ask the patient for any other use",
        _CLINICIAN,
        (Parameter("refs", Takes.PHOTOS, "IMG-7F3K"), Parameter("wanted", Takes.USE, needed=False)),
        more=(
            'IMG-7F3K for education "registrar teaching" seen by "registrars" until 2027-03-31 recipient @teacher:server',
        ),
    ),
    Command(
        "recall",
        deeds.CallBack,
        "call back what reached the wrong person",
        _DECIDERS,
        (_PHOTO, _REMARK),
        ANY_ROOM,
    ),
    Command(
        "required-by-law",
        deeds.HandOver,
        "what the law requires to be handed over",
        _MANAGER,
        (
            _PHOTO,
            Parameter(
                "demand",
                Takes.DEMAND,
                'basis "subpoena 12/2026" authority "Local Court" recipient "Registrar, Local Court"',
            ),
        ),
        OWN_ROOM,
        more=(
            'IMG-7F3K basis "subpoena 12/2026" authority "Local Court" recipient "Registrar" without telling the patient',
        ),
    ),
    Command(
        "go-on",
        deeds.LetUsesGoOn,
        "after a no from somebody paused: it may go on",
        _DECIDERS,
        (_PHOTO, _REMARK),
    ),
    Command(
        "breach",
        deeds.AssessBreach,
        "what is being assessed; close it",
        _MANAGER,
        (
            Parameter("ref", Takes.BREACH, "BR-7F3K", needed=False),
            Parameter("entry", Takes.BREACH_ENTRY, 'outcome "how it was assessed"', needed=False),
        ),
        OWN_ROOM,
        more=('BR-7F3K outcome "how it was assessed"', 'BR-7F3K step "what was done"'),
    ),
    Command(
        "enrol",
        deeds.Enrol,
        "make an invitation",
        _FRONT_DESK,
        (Parameter("whom", Takes.ENROLMENT, 'patient 20417 "Alex Morgan" 1990-05-14'),),
        OWN_ROOM,
        aliases=("enroll",),
        more=(
            'patient 20418 "Mia Morgan" 2015-02-01 parent "Ann Morgan"',
            "patient 20419 Morgan, Robin 1991-08-02 female",
            'clinician @lee:server "Dr Lee"',
            'outside-clinician @derm:server "Dr Derm"',
            'reception @robin:server "Robin Hale"',
        ),
    ),
    Command(
        "lost",
        deeds.ReportLost,
        "a phone is lost: its owner is paused at once",
        _PROFESSIONALS,
        (Parameter("who", Takes.PERSON, "@sam:server", needed=False),),
        ANY_ROOM,
        more=("@sam:server",),
    ),
    Command(
        "verify",
        deeds.CompareEmoji,
        "compare emoji with me, by phone or at the desk",
        _PROFESSIONALS,
        (Parameter("who", Takes.PERSON, "@sam:server", needed=False),),
        more=("@sam:server",),
    ),
    Command(
        "link",
        deeds.LinkAccount,
        "another account for an enrolled patient",
        _FRONT_DESK,
        (_NUMBER, Parameter("answering", Takes.ANSWERING, 'parent "Ann Morgan"', needed=False)),
        OWN_ROOM,
        more=('20417 parent "Ann Morgan"',),
    ),
    Command(
        "name",
        deeds.TellNames,
        "which of a patient's names is the family name; for other programs",
        _FRONT_DESK,
        (_NUMBER, Parameter("parts", Takes.FORMAL_NAME, "Morgan, Alex")),
        OWN_ROOM,
        more=("20417 Morgan, Alex female",),
    ),
    Command(
        "unlink",
        deeds.UnlinkAccount,
        "an account no longer answers for a patient",
        _MANAGER,
        (_NUMBER, Parameter("who", Takes.PERSON, "@ann:server")),
        OWN_ROOM,
    ),
    Command(
        "confirm",
        deeds.ConfirmPerson,
        "be the second person who knows somebody",
        STAFF,
        (Parameter("number", Takes.NUMBER, "20417", needed=False),),
        OWN_ROOM,
        more=("20417",),
    ),
    Command(
        "capacity",
        deeds.AttestCapacity,
        "a patient decides for themselves",
        _CLINICIAN,
        (_NUMBER, Parameter("capacity", Takes.CAPACITY, "has")),
        OWN_ROOM,
        more=("20417 mature-minor",),
    ),
    Command(
        "leaves",
        deeds.EndWork,
        "somebody who works here leaves",
        _MANAGER,
        (_ACCOUNT, Parameter("successor", Takes.SUCCESSOR, "to @chen:server", needed=False)),
        more=("@lee:server to @chen:server",),
    ),
    Command("patient-leaves", deeds.EndTreatment, "a patient leaves the practice", _FRONT_DESK, (_NUMBER,), OWN_ROOM),
    Command(
        "died",
        deeds.RecordDeath,
        "a patient has died; nothing is sent to their family",
        STAFF,
        (_NUMBER,),
        OWN_ROOM,
    ),
    Command(
        "not-dead",
        deeds.UndoDeath,
        "it was a mistake; a second person confirms it",
        STAFF,
        (_NUMBER,),
        OWN_ROOM,
    ),
    Command("match", deeds.MatchPhoto, "say whose photo it is", _FRONT_DESK, (_PHOTO, _NUMBER, _BORN), OWN_ROOM),
    Command(
        "refile",
        deeds.MovePhoto,
        "move a filed photo to the right patient",
        _FRONT_DESK,
        (_PHOTO, _NUMBER, _BORN),
        OWN_ROOM,
        by_reply=True,
    ),
    Command(
        "keep",
        deeds.KeepHeld,
        "file a photo that is on hold",
        _DECIDERS,
        (_PHOTO, Parameter("whose", Takes.WHOSE, "20417 1990-05-14", needed=False)),
    ),
    Command("discard", deeds.DiscardHeld, "discard a photo that is on hold", _DECIDERS, (_PHOTO,)),
    Command(
        "status",
        deeds.SeeStatus,
        "what waits, what needs a person, and where photos are",
        STAFF,
        (replace(_PHOTO, needed=False),),
    ),
    Command("due", deeds.SeeDue, "whose time of keeping is over", _MANAGER, (_MORE,), OWN_ROOM),
    Command(
        "destroy",
        deeds.DestroyKept,
        "destroy what is due, for ever",
        _MANAGER,
        (_NAMED, Parameter("stop_is_known", Takes.KNOWN_STOP, "though stopped", needed=False)),
        OWN_ROOM,
        more=("20417",),
    ),
    Command(
        "legal-hold",
        deeds.PlaceHold,
        "keep it whatever its date",
        _MANAGER,
        (_NAMED, Parameter("why", Takes.WHY, "complaint 3/2026")),
        OWN_ROOM,
        more=("20417 complaint 3/2026",),
    ),
    Command("release-hold", deeds.ReleaseHold, "end a legal hold", _MANAGER, (_NAMED,), OWN_ROOM, more=("20417",)),
    Command("retry", deeds.RetryGivenUp, "try again what was given up", _MANAGER),
    Command(
        "help",
        SeeHelp,
        "this list; with a name, how that is written",
        frozenset(Role),
        (Parameter("about", Takes.COMMAND, "enrol", needed=False),),
        ANY_ROOM,
    ),
)

# The first things that `help` shows to each role.
DAILY: Mapping[Role, tuple[str, ...]] = MappingProxyType(
    {
        Role.CLINICIAN: ("list", "mine", "show", "reply", "note"),
        Role.RECEPTION: ("enrol", "match", "list", "link", "confirm"),
        Role.MANAGER: ("status", "enrol", "list", "confirm", "lost"),
        Role.OUTSIDE_CLINICIAN: ("device", "attest", "verify", "lost", "help"),
        Role.PATIENT: ("my images", "my copy", "withdraw", "correct", "my phone is lost"),
    }
)
FIRST = 5
