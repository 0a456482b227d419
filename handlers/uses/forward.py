"""`!forward IMG-7F3K @derm:hospital is this a melanoma?`: advice from a colleague, in a room made for the case (R7, R26).

A colleague who treats here too is shown it in their own chat, with the question: nobody is asked, and the look is listed (R31).
For everybody else:

One command, one tap: the clinician attests that it concerns the reason the image was sent for. Related advice goes on under
the implied consent; anything else asks the patient first (R8). The recipient is enrolled, on an allowed homeserver, and gets a
rendition without metadata, with the reason, the question, the caution, and what may not be done with it.
"""

from __future__ import annotations

from dataclasses import replace

from bot.core.dispatch import Request
from bot.core.polls import ask, close_polls
from bot.core.transaction import Transaction
from bot.core.uses.begin import begin, time_left
from bot.core.uses.judge import apply_use, decide_for, held_by_a_no, meant_for, recipient_of, rule_out
from bot.core.uses.release import release
from bot.core.uses.request_consent import request_consent
from bot.core.who_is_meant import a_professional, whom_first
from bot.domain import rooms
from bot.domain.authority import treats
from bot.domain.choices import Choice
from bot.domain.consent import Line
from bot.domain.errors import Refused
from bot.domain.identifiers import UseId
from bot.domain.image import Image
from bot.domain.message import Message
from bot.domain.people import Person
from bot.domain.purposes import Purpose
from bot.domain.staff_deeds import AskAdvice
from bot.domain.use import Permitted, ReasonChanged, RelatednessAttested, Use, UseState
from bot.domain.use_rules import NOT_ENROLLED, Allowed, NeedsConsent, NotAllowed, Relatedness, barred_recipient
from bot.words import about_leaving, about_uses
from bot.words.about_commands import example, line, write_this
from bot.words.phrases import sent_for
from handlers.colleagues.device_check import blocked
from handlers.people.two_people import act_for_the_practice
from handlers.team.show_image import show_to, to_be_shown

from .ask_to_enrol import ask_to_enrol, say_somebody_is_missing


async def forward(deed: AskAdvice, request: Request, tx: Transaction) -> Message | None:
    meant = await whom_first(
        deed.asked,
        request.content,
        tx,
        lambda account, question: line(AskAdvice, deed.ref, account, question),
        a_professional,
    )
    account, question = meant.account, meant.rest
    if account and not question:
        raise Refused(write_this((example(AskAdvice),)))
    if not account:
        await tx.audit("bot", "refused", "", rule="R15", sender=request.person.account, event=request.event_id)
        await say_somebody_is_missing(request, tx)
        return about_uses.no_such_colleague(meant.written, example(AskAdvice))
    image = await tx.image_named(deed.ref)
    refusal = await blocked(request.person, tx)
    if refusal:
        return refusal
    if account == request.person.account:
        raise Refused(about_uses.your_own_account())
    await act_for_the_practice(request.person, image, image.patient_id, tx)
    colleague = await tx.holder(account)
    if colleague is not None and treats(colleague):
        return await _show_here(image, colleague, question, request, tx)
    asked = Use(UseId(tx.ids.new()), (image.id,), request.person.id, tx.now, Purpose.CARE, (), question=question)
    use = await meant_for(asked, (account,), tx)
    barred = await held_by_a_no(image, tx, request.person.id) or await decide_for(
        replace(use, relatedness=Relatedness.RELATED), image, account, tx
    )
    if barred == NOT_ENROLLED and not await tx.holder(account):
        return await ask_to_enrol(account, image, request, tx)
    if isinstance(barred, NotAllowed):
        raise Refused(barred.because, barred.rule, image.id)
    use = await begin(replace(use, reason_shown=sent_for(image)), request, tx)
    question = about_uses.does_it_concern(image, use, meant.person)
    await _ask_whether_related(question, use, request, tx)
    return None


async def _ask_whether_related(question: str, use: Use, request: Request, tx: Transaction) -> None:
    await ask(
        tx,
        request.person,
        question,
        [("related", "Yes, it concerns that"), ("unrelated", "No, something else")],
        about="attest-related",
        subject=use.id,
        lasts=time_left(use, tx),
        image_id=use.image_ids[0],
        needs_number=True,  # a "yes" meant for somebody else must send nothing anywhere
    )


async def _show_here(
    image: Image, colleague: Person, question: str, request: Request, tx: Transaction
) -> Message | None:
    """Show it to a colleague who treats here too, with the question: that is no use, and the record is open to them (R31)."""
    image = await to_be_shown(image.ref, tx)
    barred = barred_recipient(await recipient_of(colleague.account, image, tx))
    if barred is not None:
        raise Refused(barred.because, barred.rule, image.id)
    await tx.ledger_message(request.arrival, image_id=image.id)
    await show_to(colleague, image, tx, lead=about_uses.colleague_asks(request.person.name, question))
    return about_uses.shown_to_colleague(image.ref, colleague.name)


async def attest(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    """Record the clinician's word by their tap, and let the rules decide.

    Ask anew, and record nothing, where the reason was corrected since: what was attested is about the words that stood there.
    """
    await close_polls(tx, choice.subject)
    use = await tx.rows.uses.get(UseId(choice.subject))
    image = await tx.rows.images.get(use.image_ids[0])
    if use.state is UseState.ASKED and use.reason_shown != sent_for(image):
        changed = await apply_use(tx, use, ReasonChanged(sent_for(image)), "bot")
        question = about_uses.does_it_concern(image, changed, await tx.holder(use.recipients[0]))
        await _ask_whether_related(about_uses.reason_has_changed(question), changed, request, tx)
        return None
    use = await apply_use(tx, use, RelatednessAttested(Relatedness(choice.value)), request.person.id)
    if use.waits:
        raise Refused(about_leaving.on_hold(image.ref), "R28a", image.id)
    await act_for_the_practice(request.person, image, image.patient_id, tx)
    decision = await decide_for(use, image, use.recipients[0], tx)
    match decision:
        case Allowed():
            permitted = await apply_use(tx, use, Permitted(decision.rule), "bot")
            if not await release(permitted, tx):
                return None
            return about_uses.case_opens(image.ref)
        case NeedsConsent():
            recipient = await tx.holder(use.recipients[0])
            name = recipient.name if recipient else use.recipients[0]
            return await request_consent(use, decision.rule, tx, seen_by=name, how=f"to ask for advice: {use.question}")
        case NotAllowed():
            return await rule_out(use, decision, tx)


async def in_case(request: Request, tx: Transaction) -> Message | None:
    """Keep what is said in a case room for the transcript, and account for its chat copy."""
    use = await tx.rows.uses.get(rooms.use_at(request.room.address))
    if use.state is not UseState.RELEASED or use.summarised_at is not None:
        raise Refused(about_uses.case_is_over())
    await tx.rows.lines.add(Line(tx.ids.new(), use.id, request.person.id, tx.now, request.said.words))
    await tx.ledger_message(request.arrival, image_id=use.image_ids[0], lasts=tx.policy.keep_shared)
    return None
