"""What people can do and ask. Commands are listed in `command_table`, everything else here, explicitly; nothing registers
itself.
"""

from __future__ import annotations

from bot.core.dispatch import House
from bot.core.telling import tell_of_burst
from bot.core.uses import begin, request_consent, stop

from .colleagues import ask_own_device, attest, attest_anew, device_check, outside_note, statements
from .command_table import COMMANDS
from .incidents import assess_breach, lost, recall
from .people import (
    begin_emoji_check,
    bereaved,
    come_of_age,
    compare_emoji,
    confirm_person,
    died,
    enter_lobby,
    membership,
    not_dead,
    patient_leaves,
    redeem_code,
    refuse,
    tell_of_access,
    unlink,
)
from .photos import (
    answer_question,
    edit,
    hold_photo,
    message_deleted,
    my_copy,
    refile,
    send_image,
    send_something_else,
    somebody_else,
    sound_alarm,
    speak,
    stop_what,
)
from .retention import destroy
from .team import remind_unread, reply
from .uses import ask_use, close_case, consent_answer, forward

__all__ = ["COMMANDS", "HOUSE"]

HOUSE = House(
    commands=COMMANDS,
    alarm=sound_alarm.sound_alarm,
    photo=send_image.send_image,
    attachment=send_something_else.send_something_else,
    edited=edit.edited,
    words=speak.speak,
    in_case=forward.in_case,
    lobby=redeem_code.in_lobby,
    invited=enter_lobby.invited,
    member=membership.member,
    deleted=message_deleted.deleted,
    in_clear=refuse.in_clear,
    unproved=refuse.unproved,
    malformed=refuse.malformed,
    stranger=refuse.stranger,
    identity_changed=refuse.identity_changed,
    bereaved=bereaved.bereaved,
    verification=begin_emoji_check.arrived,
    taps={
        "access-told": tell_of_access.told_answered,
        "attest": attest.attest,
        "attest-anew": attest_anew.confirm,
        "attest-related": forward.attest,
        "my-copy": my_copy.whose,
        "compare-emoji": compare_emoji.tapped,
        "confirm-access": confirm_person.answered,
        "deleted-own": ask_own_device.answered,
        "destroy": destroy.confirm,
        "died": died.confirm,
        "not-dead": not_dead.confirm,
        "destroy-words": destroy.confirm_words,
        "device-check": device_check.answered,
        "statement": statements.answer_by_tap,
        "own-copy": close_case.own_copy,
        "recall-answer": recall.recall_answer,
        "phone-lost": lost.lost_tapped,
        "stop-what": stop_what.tapped,
        "withdraw-photo": hold_photo.tapped,
        "patient-leaves": patient_leaves.confirm,
        "refile": refile.confirm,
        "keep-photo": somebody_else.they_decide,
        "reply": reply.chosen,
        "specific-consent": consent_answer.answer,
        "tell-of-access": tell_of_access.chosen,
        "unlink": unlink.confirm,
        "whom-to-ask": request_consent.whom_tapped,
        "use-detail": ask_use.detail_by_tap,
    },
    deadlines={
        "authority-ends": come_of_age.authority_ends,
        "ask-deleted": ask_own_device.ask,
        "ask-deleted-again": ask_own_device.ask_again,
        "attest-deadline": attest.deadline,
        "attest-reminder": attest.remind,
        "device-check": device_check.due,
        "emoji-ended": compare_emoji.ended,
        "emoji-overdue": begin_emoji_check.overdue,
        "emoji-past": begin_emoji_check.past,
        "emoji-shown": compare_emoji.shown,
        "emoji-verified": compare_emoji.verified,
        "held-as-body": statements.taken_as_body,
        "note-overdue": outside_note.escalate,
        "note-wanted": outside_note.remind,
        "burst": tell_of_burst,
        "breach-clock": assess_breach.clock,
        "case-open": close_case.still_open,
        "case-overdue": close_case.overdue,
        "consent-expiry": request_consent.expire,
        "consent-reminder": request_consent.remind,
        "consent-unsent": request_consent.unsent,
        "copy-unanswered": close_case.copy_unanswered,
        "use-ends": stop.use_ends,
        "reply-unsent": reply.let_go,
        "use-unfinished": begin.let_go,
        "question": answer_question.question_due,
        "unread-first": remind_unread.say_again,
        "unread-duty": remind_unread.tell_duty,
    },
)
