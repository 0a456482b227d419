"""What people can do and ask, one file each. Every handler is listed here, explicitly; nothing registers itself."""

from __future__ import annotations

from bot.dispatch import Command, House, Request, Takes
from bot.domain.people import CLINICIANS, STAFF, Role
from bot.domain.use_line import USAGE as USE_USAGE
from bot.telling import tell_of_burst
from bot.transaction import Transaction

from . import (
    answer_question,
    ask_use,
    attest,
    attest_anew,
    begin_use,
    bereaved,
    breach,
    capacity,
    close_case,
    come_of_age,
    compare_emoji,
    confirm,
    consent_answer,
    consent_request,
    correct,
    delete_message,
    delete_own,
    destroy,
    device_check,
    died,
    edit,
    enrol,
    enter_lobby,
    forward,
    keep_or_discard,
    leaves,
    legal_hold,
    list_images,
    lost,
    match,
    membership,
    mine,
    my_copy,
    my_images,
    not_dead,
    note,
    outside_note,
    patient_leaves,
    recall,
    redeem_code,
    refile,
    refuse,
    remind_unread,
    reply,
    required_by_law,
    retry,
    send_image,
    send_something_else,
    show,
    speak,
    statements,
    status,
    stop_use,
    tell_of_access,
    verify,
    withdraw,
)

_PATIENT = frozenset({Role.PATIENT})
_CLINICIAN = frozenset({Role.CLINICIAN})
_MANAGER = frozenset({Role.MANAGER})
_FRONT_DESK = frozenset({Role.RECEPTION, Role.MANAGER})
_PROFESSIONALS = STAFF | {Role.OUTSIDE_CLINICIAN}
_DECIDERS = frozenset({Role.CLINICIAN, Role.MANAGER})


async def show_help(request: Request, tx: Transaction) -> str | None:
    """`help`: what the person who asks can do, and nothing else."""
    usable = [command for command in COMMANDS if command.roles & request.person.roles]
    mark = "!" if request.person.is_professional else ""
    lines = [f"{mark}{command.usage.removeprefix('!')}\n   {command.summary}" for command in usable]
    if request.person.may_act_as(Role.PATIENT):
        lines.insert(
            0, "Send a photo here, with a few words about it. It goes into your record and then leaves this chat."
        )
        lines.append(tx.policy.emergency_text)
    return "\n".join(lines)


COMMANDS = (
    Command(
        "my images", "my images", "what we hold from you, for what, and who has seen it", _PATIENT, my_images.my_images
    ),
    Command("my copy", "my copy", "a copy of what is filed about you, as a file", _PATIENT, my_copy.my_copy),
    Command("status", "status", "the same", _PATIENT, my_images.my_images),
    Command("my phone is lost", "my phone is lost", "nothing more is sent to it", _PATIENT, lost.my_phone_is_lost),
    Command("verify", "verify", "compare emoji with the practice: nobody is in between", _PATIENT, verify.verify),
    Command("correct", correct.USAGE, "put the recorded words right", _PATIENT, correct.correct, Takes.REFERENCE),
    Command("withdraw", "withdraw IMG-7F3K", "take a photo back", _PATIENT, withdraw.withdraw, Takes.REFERENCE),
    Command("list", "!list", "photos that wait, and yours", STAFF, list_images.list_images),
    Command("mine", mine.USAGE, "take a photo", _CLINICIAN, mine.mine, Takes.REFERENCE),
    Command("show", show.USAGE, "see it in your own chat, for some minutes", _CLINICIAN, show.show, Takes.REFERENCE),
    Command("note", note.USAGE, "file a note with the photo", _CLINICIAN, note.add_note, Takes.REFERENCE),
    Command("reply", reply.USAGE, "write to the patient; filed too", _CLINICIAN, reply.reply, Takes.REFERENCE),
    Command("forward", forward.USAGE, "ask a colleague for advice", _CLINICIAN, forward.forward, Takes.REFERENCE),
    Command("close", close_case.USAGE, "end a case, in its room", _CLINICIAN, close_case.close_case, Takes.WORDS),
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
        "recall", recall.USAGE, "call back what reached the wrong person", _DECIDERS, recall.recall, Takes.REFERENCE
    ),
    Command(
        "required-by-law",
        required_by_law.USAGE,
        "what the law requires to be handed over",
        _MANAGER,
        required_by_law.required_by_law,
        Takes.WORDS,
    ),
    Command("breach", breach.USAGE, "what is being assessed; close it", _MANAGER, breach.breach, Takes.WORDS),
    Command(
        "enrol",
        f"{enrol.PATIENT_USAGE}\n{enrol.STAFF_USAGE}",
        "make an invitation",
        _FRONT_DESK,
        enrol.enrol,
        Takes.WORDS,
    ),
    Command("lost", lost.USAGE, "a phone is lost: its owner is paused at once", _PROFESSIONALS, lost.lost, Takes.WORDS),
    Command(
        "verify",
        verify.USAGE,
        "compare emoji with me, by phone or at the desk",
        _PROFESSIONALS,
        verify.verify,
        Takes.WORDS,
    ),
    Command("link", enrol.LINK_USAGE, "another account for an enrolled patient", _FRONT_DESK, enrol.link, Takes.WORDS),
    Command("confirm", confirm.USAGE, "be the second person who knows somebody", STAFF, confirm.confirm, Takes.WORDS),
    Command("capacity", capacity.USAGE, "a patient decides for themselves", _CLINICIAN, capacity.capacity, Takes.WORDS),
    Command("leaves", leaves.USAGE, "somebody who works here leaves", _MANAGER, leaves.leaves, Takes.WORDS),
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
    Command("help", "help", "this list", frozenset(Role), show_help),
)

HOUSE = House(
    commands=COMMANDS,
    photo=send_image.send_image,
    attachment=send_something_else.send_something_else,
    edited=edit.edited,
    words=speak.speak,
    in_case=forward.in_case,
    lobby=redeem_code.in_lobby,
    invited=enter_lobby.invited,
    member=membership.member,
    deleted=delete_message.deleted,
    in_clear=refuse.in_clear,
    unproved=refuse.unproved,
    stranger=refuse.stranger,
    identity_changed=refuse.identity_changed,
    bereaved=bereaved.bereaved,
    verification=verify.arrived,
    taps={
        "access-told": tell_of_access.told_answered,
        "attest": attest.attest,
        "attest-anew": attest_anew.confirm,
        "attest-related": forward.attest,
        "my-copy": my_copy.whose,
        "compare-emoji": compare_emoji.tapped,
        "confirm-access": confirm.answered,
        "deleted-own": delete_own.answered,
        "destroy": destroy.confirm,
        "died": died.confirm,
        "not-dead": not_dead.confirm,
        "destroy-words": destroy.confirm_words,
        "device-check": device_check.answered,
        "statement": statements.answer_by_tap,
        "own-copy": close_case.own_copy,
        "recall-answer": recall.recall_answer,
        "patient-leaves": patient_leaves.confirm,
        "refile": refile.confirm,
        "reply": reply.chosen,
        "specific-consent": consent_answer.answer,
        "tell-of-access": tell_of_access.chosen,
        "whom-to-ask": consent_request.whom_tapped,
        "use-detail": ask_use.detail_by_tap,
    },
    deadlines={
        "authority-ends": come_of_age.authority_ends,
        "ask-deleted": delete_own.ask,
        "ask-deleted-again": delete_own.ask_again,
        "attest-deadline": attest.deadline,
        "attest-reminder": attest.remind,
        "device-check": device_check.due,
        "emoji-ended": compare_emoji.ended,
        "emoji-overdue": verify.overdue,
        "emoji-past": verify.past,
        "emoji-shown": compare_emoji.shown,
        "emoji-verified": compare_emoji.verified,
        "note-overdue": outside_note.escalate,
        "note-wanted": outside_note.remind,
        "burst": tell_of_burst,
        "breach-clock": breach.clock,
        "case-open": close_case.still_open,
        "case-overdue": close_case.overdue,
        "consent-expiry": consent_request.expire,
        "consent-reminder": consent_request.remind,
        "consent-unsent": consent_request.unsent,
        "copy-unanswered": close_case.copy_unanswered,
        "use-ends": stop_use.use_ends,
        "reply-unsent": reply.let_go,
        "use-unfinished": begin_use.let_go,
        "question": answer_question.question_due,
        "unread-first": remind_unread.say_again,
        "unread-duty": remind_unread.tell_duty,
    },
)
