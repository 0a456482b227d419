"""Deleted, withdrawn, doubted: what keeps an image from going on until a person has looked at it (R13)."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.errors import Refused
from bot.domain.message import message

from .arriving import lost, onward
from .events import AskedBack, Discarded, IdentityChanged, KeepAsked, SenderDeleted, SomebodyElse, WithdrawalAsked
from .filing import settled
from .outcome import IMPOSSIBLE, Decided, Then, only_from_a_patient
from .value import HeldFor, Image, State


def mark_deleted(image: Image, event: SenderDeleted) -> Decided:
    return replace(image, deleted_by_sender=True), ()


def mark_deleted_unfetched(image: Image, event: SenderDeleted) -> Decided:
    return replace(image, deleted_by_sender=True), (Then.TRY_NOW,)


def hold_deleted(image: Image, event: SenderDeleted) -> Decided:
    if image.form_of and image.attested_at:
        return mark_deleted(image, event)  # the consent that somebody stood for stays
    held = replace(image, state=State.HELD, held_for=HeldFor.SENDER_DELETED, deleted_by_sender=True)
    return held, (Then.ASK_WITHDRAW,)


def delete_held(image: Image, event: SenderDeleted) -> Decided:
    """Ask about a deletion even while another cause holds the image, or whoever settles that cause would file a deleted photo."""
    if image.filed_at is not None:
        return it_stays(image, event)
    if image.held_for is HeldFor.FILING_FAILED:
        return hold_deleted(image, event)
    return mark_deleted(image, event)


def mark_asked_back(image: Image, event: AskedBack) -> Decided:
    """Not captured yet: it will be held as soon as it is. Whatever else it is to be held for stands."""
    only_from_a_patient(image)
    return replace(image, held_for=image.held_for or HeldFor.ASKED_BACK), ()


def hold_asked_back(image: Image, event: AskedBack) -> Decided:
    only_from_a_patient(image)
    return replace(image, state=State.HELD, held_for=HeldFor.ASKED_BACK), ()


def held_and_asked_back(image: Image, event: AskedBack) -> Decided:
    """What failed to be filed goes on by itself once that is mended: it waits for the answer first. Other causes stand."""
    return hold_asked_back(image, event) if image.held_for is HeldFor.FILING_FAILED else (image, ())


def mark_withdrawn(image: Image, event: WithdrawalAsked) -> Decided:
    """Note the withdrawal of a photo that is not captured yet: the capture in flight decides what there is to destroy."""
    return replace(image, held_for=HeldFor.WITHDRAWAL), (Then.TRY_NOW,)


def hold_withdrawn(image: Image, event: WithdrawalAsked) -> Decided:
    return replace(image, state=State.HELD, held_for=HeldFor.WITHDRAWAL), (Then.DISCARD,)


def withdraw_held(image: Image, event: WithdrawalAsked) -> Decided:
    if image.filed_at is not None:
        return image, (Then.SAY_IT_STAYS,)  # the record holds it, or may hold it: a person must look first
    return hold_withdrawn(image, event)


def it_stays(image: Image, event: SenderDeleted | WithdrawalAsked) -> Decided:
    if isinstance(event, WithdrawalAsked):
        return image, (Then.SAY_IT_STAYS,)
    return replace(image, deleted_by_sender=True), () if image.deleted_by_sender else (Then.SAY_IT_STAYS,)


def mark_somebody_else(image: Image, event: SomebodyElse) -> Decided:
    """Note the doubt about a photo that is not captured yet: it is held as soon as it is. A wish to withdraw it stands."""
    only_from_a_patient(image)
    return replace(image, held_for=image.held_for or HeldFor.SOMEBODY_ELSE), ()


def hold_somebody_else(image: Image, event: SomebodyElse) -> Decided:
    only_from_a_patient(image)
    return replace(image, state=State.HELD, held_for=HeldFor.SOMEBODY_ELSE), (Then.TELL_HELD,)


def still_held(image: Image, event: SomebodyElse) -> Decided:
    if image.held_for in {HeldFor.WITHDRAWAL, HeldFor.READ_BACK_DIFFERED, HeldFor.SOMEBODY_ELSE}:
        return image, ()
    return hold_somebody_else(image, event)


def hold_identity(image: Image, event: IdentityChanged) -> Decided:
    return replace(image, state=State.HELD, held_for=HeldFor.IDENTITY_CHANGED), (Then.TELL_HELD,)


def mark_identity(image: Image, event: IdentityChanged) -> Decided:
    """Note the changed identity for a photo that is not captured yet: it is captured first, as chat
    copies can vanish, then held.
    """
    return image if image.held_for else replace(image, held_for=HeldFor.IDENTITY_CHANGED), ()


def keep_unfetched(image: Image, event: KeepAsked) -> Decided:
    """Settle a changed identity, and a wish to have it back; whatever else the photo is to be held for still holds it."""
    if image.held_for is HeldFor.ASKED_BACK:
        return replace(image, held_for=None, deleted_by_sender=False), (Then.TRY_NOW,)
    if image.held_for is HeldFor.IDENTITY_CHANGED:
        image = replace(image, held_for=HeldFor.ASKED_BACK if event.wanted_back else None)
    return image, (Then.TRY_NOW,)


def keep(image: Image, event: KeepAsked) -> Decided:
    if image.held_for is HeldFor.WITHDRAWAL:
        raise Refused(message("about_states.being_withdrawn", ref=image.ref), "R13")
    if image.held_for is HeldFor.READ_BACK_DIFFERED:
        raise Refused(
            message("about_states.not_read_back", ref=image.ref),
            "R16",
        )
    if image.held_for is HeldFor.UNATTESTED:
        raise Refused(message("about_states.not_attested", ref=image.ref), "R2")
    if image.held_for is HeldFor.UNMATCHED:
        raise Refused(message("about_states.nobodys_yet", ref=image.ref), "R15")
    if image.filed_at is not None:  # whom it shows is confirmed
        return settled(replace(image, held_for=None)), (Then.SAY_KEPT,)
    if image.held_for in {HeldFor.IDENTITY_CHANGED, HeldFor.SOMEBODY_ELSE} and image.deleted_by_sender:
        return hold_deleted(image, SenderDeleted())  # that much is settled; the deletion is not
    if event.wanted_back and image.held_for not in {HeldFor.ASKED_BACK, HeldFor.SENDER_DELETED}:
        return hold_asked_back(image, AskedBack())  # nor is the wish to have it back
    gone_on, then = onward(replace(image, held_for=None, deleted_by_sender=False))
    if image.held_for is HeldFor.SOMEBODY_ELSE:
        # Who sent it could not decide for the person it shows, or doubted it: what somebody else lets in implies nothing (R30).
        then = tuple(step for step in then if step is not Then.ACKNOWLEDGE)
    return gone_on, (Then.SAY_KEPT, *then) if Then.ACKNOWLEDGE not in then else then


def discarded(image: Image, event: Discarded) -> Decided:
    if image.held_for is not HeldFor.WITHDRAWAL:
        return IMPOSSIBLE(image, event)
    gone = replace(image, state=State.DISCARDED, discarded_because=event.because, sealed=None, attachment={})
    return gone, (Then.PURGE, Then.SAY_DISCARDED, *lost(image))
