"""What people can ask of the bot by name: each command, who may ask it, and in which rooms it is answered."""

from __future__ import annotations

from bot.core.dispatch import ANY_ROOM, OWN_ROOM, Command, Request, Takes
from bot.core.transaction import Transaction
from bot.domain.people import CLINICIANS, STAFF, Role
from bot.heard.use_line import USAGE as USE_USAGE

from .colleagues import attest_anew, device_check
from .incidents import assess_breach, lost, recall
from .people import (
    begin_emoji_check,
    capacity,
    confirm_person,
    died,
    enrol,
    not_dead,
    patient_leaves,
    staff_leaves,
    unlink,
)
from .photos import correct, keep_or_discard, match, my_copy, my_images, refile, withdraw
from .retention import destroy, legal_hold
from .team import list_images, mine, note, reply, retry, show_image, status
from .uses import ask_use, close_case, forward, hold_uses, required_by_law

_PATIENT = frozenset({Role.PATIENT})
_CLINICIAN = frozenset({Role.CLINICIAN})
_MANAGER = frozenset({Role.MANAGER})
_FRONT_DESK = frozenset({Role.RECEPTION, Role.MANAGER})
_PROFESSIONALS = STAFF | {Role.OUTSIDE_CLINICIAN}
_DECIDERS = frozenset({Role.CLINICIAN, Role.MANAGER})


async def show_help(request: Request, tx: Transaction) -> str | None:
    """Answer `help` with what the person who asks can do, and nothing else."""
    usable = [command for command in COMMANDS if command.roles & request.person.roles]
    mark = "!" if request.person.is_professional else ""
    lines = [f"{mark}{command.usage.removeprefix('!')}\n   {command.summary}" for command in usable]
    if request.person.may_act_as(Role.PATIENT):
        lines.insert(
            0,
            "Send a photo here, with a few words about it. It goes into your record and then leaves this chat, and any chat you "
            "forwarded it from.",
        )
        lines.append(tx.policy.emergency_text)
    return "\n".join(lines)


COMMANDS = (
    Command(
        "my images",
        "my images",
        "what we hold from you, for what, and who has seen it",
        _PATIENT,
        my_images.my_images,
        rooms=OWN_ROOM,
    ),
    Command(
        "my copy", "my copy", "a copy of what is filed about you, as a file", _PATIENT, my_copy.my_copy, rooms=OWN_ROOM
    ),
    Command("status", "status", "the same", _PATIENT, my_images.my_images, rooms=OWN_ROOM),
    Command(
        "my phone is lost",
        "my phone is lost",
        "nothing more is sent to it",
        _PATIENT,
        lost.my_phone_is_lost,
        rooms=ANY_ROOM,
    ),
    Command(
        "verify",
        "verify",
        "compare emoji with the practice: nobody is in between",
        _PATIENT,
        begin_emoji_check.verify,
        rooms=OWN_ROOM,
    ),
    Command(
        "correct", correct.USAGE, "put the recorded words right", _PATIENT, correct.correct, Takes.REFERENCE, OWN_ROOM
    ),
    Command(
        "withdraw", "withdraw IMG-7F3K", "take a photo back", _PATIENT, withdraw.withdraw, Takes.REFERENCE, OWN_ROOM
    ),
    Command("list", "!list", "photos that wait, and yours", STAFF, list_images.list_images),
    Command("mine", mine.USAGE, "take a photo", _CLINICIAN, mine.mine, Takes.REFERENCE),
    Command(
        "show",
        show_image.USAGE,
        "see it in your own chat, for some minutes",
        _CLINICIAN,
        show_image.show,
        Takes.REFERENCE,
    ),
    Command("note", note.USAGE, "file a note with the photo", _CLINICIAN, note.add_note, Takes.REFERENCE),
    Command("reply", reply.USAGE, "write to the patient; filed too", _CLINICIAN, reply.reply, Takes.REFERENCE),
    Command("forward", forward.USAGE, "ask a colleague for advice", _CLINICIAN, forward.forward, Takes.REFERENCE),
    Command(
        "close", close_case.USAGE, "end a case, in its room", _CLINICIAN, close_case.close_case, Takes.WORDS, ANY_ROOM
    ),
    Command("device", device_check.USAGE, "confirm that your device is safe", CLINICIANS, device_check.ask),
    Command(
        "attest",
        attest_anew.USAGE,
        "attest a misfiled photo anew",
        CLINICIANS,
        attest_anew.attest_anew,
        Takes.REFERENCE,
    ),
    Command("use", USE_USAGE, "ask the patient for any other use", _CLINICIAN, ask_use.ask_use, Takes.WORDS),
    Command(
        "recall",
        recall.USAGE,
        "call back what reached the wrong person",
        _DECIDERS,
        recall.recall,
        Takes.REFERENCE,
        ANY_ROOM,
    ),
    Command(
        "required-by-law",
        required_by_law.USAGE,
        "what the law requires to be handed over",
        _MANAGER,
        required_by_law.required_by_law,
        Takes.WORDS,
    ),
    Command(
        "go-on",
        hold_uses.GO_ON_USAGE,
        "after a no from somebody paused: it may go on",
        _DECIDERS,
        hold_uses.go_on,
        Takes.REFERENCE,
    ),
    Command(
        "breach",
        assess_breach.USAGE,
        "what is being assessed; close it",
        _MANAGER,
        assess_breach.breach,
        Takes.WORDS,
        OWN_ROOM,
    ),
    Command(
        "enrol",
        f"{enrol.PATIENT_USAGE}\n{enrol.STAFF_USAGE}",
        "make an invitation",
        _FRONT_DESK,
        enrol.enrol,
        Takes.WORDS,
    ),
    Command(
        "lost",
        lost.USAGE,
        "a phone is lost: its owner is paused at once",
        _PROFESSIONALS,
        lost.lost,
        Takes.WORDS,
        ANY_ROOM,
    ),
    Command(
        "verify",
        begin_emoji_check.USAGE,
        "compare emoji with me, by phone or at the desk",
        _PROFESSIONALS,
        begin_emoji_check.verify,
        Takes.WORDS,
    ),
    Command("link", enrol.LINK_USAGE, "another account for an enrolled patient", _FRONT_DESK, enrol.link, Takes.WORDS),
    Command("unlink", unlink.USAGE, "an account answers for a patient no longer", _MANAGER, unlink.unlink, Takes.WORDS),
    Command(
        "confirm",
        confirm_person.USAGE,
        "be the second person who knows somebody",
        STAFF,
        confirm_person.confirm,
        Takes.WORDS,
    ),
    Command("capacity", capacity.USAGE, "a patient decides for themselves", _CLINICIAN, capacity.capacity, Takes.WORDS),
    Command("leaves", staff_leaves.USAGE, "somebody who works here leaves", _MANAGER, staff_leaves.leaves, Takes.WORDS),
    Command(
        "patient-leaves",
        patient_leaves.USAGE,
        "a patient leaves the practice",
        _FRONT_DESK,
        patient_leaves.patient_leaves,
        Takes.WORDS,
    ),
    Command("died", died.USAGE, "a patient has died; nothing is sent to their family", STAFF, died.died, Takes.WORDS),
    Command(
        "not-dead",
        not_dead.USAGE,
        "it was a mistake; a second person confirms it",
        STAFF,
        not_dead.not_dead,
        Takes.WORDS,
    ),
    Command("match", match.USAGE, "say whose photo it is", _FRONT_DESK, match.match, Takes.WORDS),
    Command("refile", refile.USAGE, "move a filed photo to the right patient", _FRONT_DESK, refile.refile, Takes.WORDS),
    Command(
        "keep",
        keep_or_discard.KEEP_USAGE,
        "file a photo that is on hold",
        _DECIDERS,
        keep_or_discard.keep,
        Takes.REFERENCE,
    ),
    Command(
        "discard",
        keep_or_discard.DISCARD_USAGE,
        "discard a photo that is on hold",
        _DECIDERS,
        keep_or_discard.discard,
        Takes.REFERENCE,
    ),
    Command("status", "!status", "what waits and what needs a person", STAFF, status.status),
    Command("due", "!due", "whose time of keeping is over", _MANAGER, destroy.due),
    Command("destroy", destroy.USAGE, "destroy what is due, for ever", _MANAGER, destroy.destroy, Takes.WORDS),
    Command("legal-hold", legal_hold.USAGE, "keep it whatever its date", _MANAGER, legal_hold.legal_hold, Takes.WORDS),
    Command(
        "release-hold",
        legal_hold.RELEASE_USAGE,
        "end a legal hold",
        _MANAGER,
        legal_hold.release_hold,
        Takes.WORDS,
    ),
    Command("retry", "!retry", "try again what was given up", _MANAGER, retry.retry),
    Command("help", "help", "this list", frozenset(Role), show_help, rooms=ANY_ROOM),
)
