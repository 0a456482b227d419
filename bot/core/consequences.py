"""What follows from an image's transition: the one place where `Then` becomes intents and words.

`apply` asks the pure table, saves the answer guarded by the row's version, writes the audit entry, and plans what follows,
all in the caller's commit.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

from bot.core.polls import ask, close_asking_whose, close_polls
from bot.domain import rooms
from bot.domain.authority import may_send
from bot.domain.conversation import About, AskedAnew, PhotoSettled, Question, question_after
from bot.domain.copies import CopyState, What
from bot.domain.entries import EntryKind
from bot.domain.identifiers import Actor, QuestionId
from bot.domain.image import Discarded, Event, Filed, FormKept, FormLost, HeldFor, Image, Noted, State, Then, decide
from bot.domain.intents import CaptureImage, DestroySealed, DiscardImage, FileImage, Hearing
from bot.domain.message import Message
from bot.domain.planned import Planned, Progress, due_again
from bot.domain.policy import MEGABYTE
from bot.domain.purposes import Purpose
from bot.words import about_reading, about_somebody_else, to_colleagues, to_patients, to_the_team

from .documents import drop_words, file_waiting, follow, is_of_a_patient, move_words, settle_words_of_discarded, write
from .telling import (
    acknowledge,
    announce,
    arrived,
    implied_by_sending,
    record_implied_consent,
    refresh_announcement,
    told_if_last,
)
from .transaction import Transaction
from .who_may_hear import may_hear, may_write, who_may_hear
from .who_reads import tell_who_reads
from .wishes import open_wishes

TIME_TO_AGREE = timedelta(days=7)


async def apply(tx: Transaction, image: Image, event: Event, *, by: Actor, unanswered: bool = False) -> Image:
    """Return the image after `event`, saved and audited. Raises `Refused` by rule, `Conflict` when somebody was faster.

    `unanswered`: its sender is neither answered nor asked; the caller does that, once for several.
    """
    after, then = decide(image, event)
    if after == image and not then:
        return image
    saved = await tx.rows.images.save(after)
    await tx.audit(by, f"image.{type(event).__name__}", image.id, state=saved.state.value, ref=image.ref)
    for step in then:
        if not (unanswered and step in {Then.ACKNOWLEDGE, Then.ASK_WITHDRAW}):
            await _FOLLOWS[step](tx, saved)
    if image.state is State.RECEIVED and saved.state is not State.RECEIVED and Then.ARRIVED not in then:
        await told_if_last(tx, saved.sender_id)
    if saved.state is State.HELD and saved.patient_id != image.patient_id:
        await _ask_whom_it_shows(tx, saved)
    if saved.filed_at is None and saved.patient_id != image.patient_id:
        await follow(tx, saved)
    if saved.filed_at is not None and image.filed_at is None:
        await file_waiting(tx, saved)
    if image.state is State.HELD and saved.state is not State.HELD:
        # The reason may still be asked: closing that question too would leave the image waiting for ever. What was being filed
        # while it was asked about is in the record now: its uses may still be stopped.
        if not (image.held_for is HeldFor.ASKED_BACK and isinstance(event, Filed)):
            await close_questions(tx, saved, frozenset({About.WITHDRAW}))
        if Then.ANNOUNCE not in then:
            await refresh_announcement(tx, saved)
    if after.state is State.HELD and image.state is not State.HELD and Then.TELL_HELD not in then:
        await refresh_announcement(tx, saved)
    return saved


async def note_fact(tx: Transaction, image: Image, event: Noted) -> Image:
    """Save the image after an event from which nothing follows; the caller audits it in words of its own."""
    after, _ = decide(image, event)
    return image if after == image else await tx.rows.images.save(after)


async def _file(tx: Transaction, image: Image) -> None:
    await tx.plan(FileImage(image.id), lane=image.id)


async def _try_now(tx: Transaction, image: Image) -> None:
    for planned in await given_up(tx, image):
        await tx.rows.settle(due_again(planned, tx.now))
    await tx.rows.hurry(image.id, tx.now)


async def given_up(tx: Transaction, image: Image) -> list[Planned]:
    """Return the capture that was tried for long enough and now waits for a person, if there is one."""
    held = await tx.rows.waiting(Progress.HELD)
    return [
        planned for planned in held if isinstance(planned.intent, CaptureImage) and planned.intent.image_id == image.id
    ]


async def _purge(tx: Transaction, image: Image) -> None:
    """Plan the erasure of the chat copies people made. The bot's posts, and words filed by themselves, go in their own time."""
    known = await tx.rows.copies.of_image(image.id, state=CopyState.KNOWN)
    theirs = [copy for copy in known if not copy.document_id and copy.what not in {What.POST, What.RENDITION}]
    await tx.erase(*theirs)


async def _discard(tx: Transaction, image: Image) -> None:
    # In the image's own lane: a filing in flight finishes first, and then there is nothing to discard any more.
    await tx.plan(DiscardImage(image.id), lane=image.id)
    await tx.rows.hurry(image.id, tx.now)


async def _ask_withdraw(tx: Transaction, image: Image) -> None:
    question = Question(
        QuestionId(tx.ids.new()),
        image.sender_id,
        About.WITHDRAW,
        (image.id,),
        (),
        tx.now,
        tx.now + tx.policy.withdraw_deadline,
    )
    await tx.rows.questions.add(question)
    await tx.remind("question", question.id, tx.policy.withdraw_deadline)
    words = to_colleagues.asked_to_withdraw if image.from_colleague else to_patients.asked_to_withdraw
    await _to_sender(tx, image, words(image.ref))


async def _say_failed(tx: Transaction, image: Image) -> None:
    await close_questions(tx, image)
    await settle_words_of_discarded(tx, image)
    # It was perhaps fetched and sealed once, by a process that died before it could say so.
    await tx.plan(DestroySealed(image.id), lane=image.id)
    if image.deleted_by_sender:
        return  # they took it back themselves before it could be fetched: there is nothing to send again
    megabytes = tx.policy.largest_image // MEGABYTE
    await _to_sender(tx, image, to_patients.capture_failed(image.ref, image.discarded_because, megabytes))


async def _say_duplicate(tx: Transaction, image: Image) -> None:
    await close_questions(tx, image)
    await tx.plan(DestroySealed(image.id), lane=image.id)
    original = await tx.rows.images.get(image.duplicate_of)
    if image.from_colleague:  # words that may name another patient are never passed on (R15)
        await drop_words(tx, image)
        await _to_sender(tx, image, to_colleagues.duplicate(image.ref, original.ref))
        return
    if original.patient_id and not await may_write(tx.rows, image.sender_id, original, tx.today):
        await drop_words(tx, image)  # theirs may not be filed under it (R29); they are told so
        await tx.audit("bot", "words.not-moved", image.id, to=original.id)
        await _to_sender(tx, image, to_patients.duplicate_elsewhere(tx.policy.practice))
        return
    moved = await move_words(tx, image, original)
    said = image.reason if image.reason_by != "unanswered" else ""
    if said:
        document = await write(tx, EntryKind.ANSWER, original, original.patient_id, image.sender_id, said, {})
        told = partial(about_reading.words_from_patient, ref=original.ref, text=said)
        await tell_who_reads(document, original, told, tx)
    await _to_sender(tx, image, to_patients.duplicate(original.ref, with_words=bool(said or moved)))


async def _say_discarded(tx: Transaction, image: Image) -> None:
    await close_questions(tx, image)
    await settle_words_of_discarded(tx, image)
    await tx.plan(DestroySealed(image.id), lane=image.id)
    words = to_colleagues.discarded if image.from_colleague else to_patients.discarded
    await _to_sender(tx, image, words(image.ref))


async def _say_it_stays(tx: Transaction, image: Image) -> None:
    await close_questions(tx, image, frozenset({About.WITHDRAW}))
    if image.from_colleague:
        await _to_sender(tx, image, to_colleagues.it_stays(image.ref))
    elif await may_hear(tx.rows, image.sender_id, image, tx.today):
        text = to_patients.it_stays(image.ref)
        await tx.say(rooms.own(image.sender_id), text, image_id=image.id, hearing=Hearing.THEIRS)
    else:
        await _to_sender(tx, image, to_patients.stays_where_it_is(image.ref, tx.policy.practice))


async def _say_kept(tx: Transaction, image: Image) -> None:
    words = to_colleagues.kept if image.from_colleague else to_patients.kept
    await _to_sender(tx, image, words(image.ref))


async def _file_correction(tx: Transaction, image: Image) -> None:
    purpose = image.purpose or Purpose.CARE
    text = f"Corrected: for {purpose.value}: {image.reason}"
    facts: dict[str, object] = {"purpose": purpose.value, "reason": image.reason}
    document = await write(tx, EntryKind.CORRECTION, image, image.patient_id, image.sender_id, text, facts)
    if is_of_a_patient(document, image):
        await tell_who_reads(document, image, partial(about_reading.corrected_by_patient, image=image), tx)
    if await implied_by_sending(tx, image) is not None:
        await record_implied_consent(tx, image)  # where nothing was implied, new words imply nothing either (R30)
    await refresh_announcement(tx, image)


async def _tell_held(tx: Transaction, image: Image) -> None:
    unattested = image.held_for is HeldFor.UNATTESTED
    words = to_colleagues.held_unattested if unattested else to_the_team.needs_a_person
    await tx.tell_practice(words(image), image_id=image.id)
    await _ask_whom_it_shows(tx, image)


async def _ask_whom_it_shows(tx: Transaction, image: Image) -> None:
    """Ask those who speak for the patient it is said to show to decide; who sent it is not told to them (R30, R33a).

    Ask nobody where its sender doubts that it is this patient.
    """
    if image.held_for is not HeldFor.SOMEBODY_ELSE or not image.patient_id or image.in_record:
        return
    sender_may = may_send(await tx.circle(image.patient_id), image.sender_id, tx.today)
    if sender_may.because != "held":
        return
    patient = await tx.rows.patients.get(image.patient_id)
    question = about_somebody_else.MAY_IT_BE_KEPT.format(practice=tx.policy.practice, ref=image.ref, name=patient.name)
    for person_id in await who_may_hear(tx.rows, image, tx.today):
        person = await tx.person(person_id)
        answers = [("yes", "Yes, keep it"), ("no", "No, destroy it")]
        await ask(
            tx,
            person,
            question,
            answers,
            about="keep-photo",
            subject=image.id,
            lasts=TIME_TO_AGREE,
            image_id=image.id,
            needs_number=True,  # a bare "no" to a clinician's question must destroy nothing
            hearing=Hearing.SAYS,
        )


# ---- images from colleagues


async def _leave(tx: Transaction, image: Image) -> None:
    """Keep nothing: destroy the sealed bytes, the chat copies, and what was said about them in the chat."""
    for planned in await given_up(tx, image):
        await tx.rows.finish(planned)
    await tx.plan(DestroySealed(image.id), lane=image.id)
    await drop_words(tx, image)
    known = await tx.rows.copies.of_image(image.id, state=CopyState.KNOWN)
    await tx.erase_now(*(copy for copy in known if copy.is_media or copy.event_id))


async def _belonging_to(tx: Transaction, form: Image) -> list[Image]:
    live = [state for state in State if state not in {State.DISCARDED, State.LEFT_WITH_SENDER, State.DESTROYED}]
    sent = await tx.rows.images.sent_by(form.sender_id, live)
    return [image for image in sent if image.statement is not None and image.statement.form_id == form.id]


async def _tell_form_kept(tx: Transaction, form: Image) -> None:
    for image in await _belonging_to(tx, form):
        await apply(tx, image, FormKept(form.id), by="bot")


async def _tell_form_lost(tx: Transaction, form: Image) -> None:
    """Ask anew for what was to be attested with the form; where it is too late for that, tell the practice."""
    for image in await _belonging_to(tx, form):
        after = await apply(tx, image, FormLost(form.id), by="bot")
        if after.attested_at:
            await tx.tell_practice(to_colleagues.form_gone(image.ref), image_id=image.id)
            continue
        for question in await tx.rows.questions.of_person(image.sender_id, (About.STATEMENT,)):
            if image.id in question.image_ids:
                await close_polls(tx, question.id)
                await tx.rows.questions.save(question_after(question, AskedAnew()))


async def _ask_deleted(tx: Transaction, image: Image) -> None:
    await tx.remind("ask-deleted", image.id, timedelta(0))


async def _await_note(tx: Transaction, image: Image) -> None:
    await tx.remind("note-wanted", image.id, tx.policy.note_reminder)


async def _to_sender(tx: Transaction, image: Image, said: Message | str) -> None:
    """Say what concerns the sender's own sending, and names no patient, record or finding (R28, R29)."""
    await tx.say(rooms.own(image.sender_id), said, image_id=image.id, hearing=Hearing.SENDING)


async def close_questions(tx: Transaction, image: Image, about: frozenset[About] = frozenset(About)) -> None:
    """Close the questions of these kinds about this image: nothing more is asked."""
    asked = await tx.rows.questions.open_of_person(image.sender_id)
    wishes = (
        await open_wishes([image.id], tx) if About.WITHDRAW in about else []
    )  # of others who speak for its patient too
    for question in {one.id: one for one in (*asked, *wishes)}.values():
        if question.about not in about or image.id not in question.image_ids:
            continue
        after = await tx.rows.questions.save(question_after(question, PhotoSettled(image.id)))
        if after.about is About.WITHDRAW and not after.image_ids:
            await close_polls(tx, after.id)
        if after.about is About.PATIENT and not after.image_ids:
            await close_asking_whose(tx, after)


async def finish_withdrawal(tx: Transaction, image: Image) -> None:
    """Discard the withdrawn image now that its lane has come to it: what was filed before is a fact, the rest is destroyed."""
    if image.state is State.HELD and image.held_for is HeldFor.WITHDRAWAL:
        await apply(tx, image, Discarded("withdrawn"), by="bot")


_FOLLOWS: dict[Then, Callable[[Transaction, Image], Awaitable[None]]] = {
    Then.ANNOUNCE: announce,
    Then.ARRIVED: arrived,
    Then.ACKNOWLEDGE: acknowledge,
    Then.TRY_NOW: _try_now,
    Then.FILE: _file,
    Then.PURGE: _purge,
    Then.DISCARD: _discard,
    Then.ASK_WITHDRAW: _ask_withdraw,
    Then.SAY_FAILED: _say_failed,
    Then.SAY_DUPLICATE: _say_duplicate,
    Then.SAY_DISCARDED: _say_discarded,
    Then.SAY_IT_STAYS: _say_it_stays,
    Then.SAY_KEPT: _say_kept,
    Then.FILE_CORRECTION: _file_correction,
    Then.TELL_HELD: _tell_held,
    Then.LEAVE: _leave,
    Then.TELL_FORM_KEPT: _tell_form_kept,
    Then.TELL_FORM_LOST: _tell_form_lost,
    Then.ASK_DELETED: _ask_deleted,
    Then.AWAIT_NOTE: _await_note,
}
