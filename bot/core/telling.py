"""Telling of images: the line about each in the practice's room, and the one message back to the sender.

Photos of one sender that are on their way together are told of together, ten at most: when the last of them is safe, or after
ten seconds those that are. Nobody who sends one photo waits for anything. Each image has a copy of what was said of it to its
account.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.domain import rooms
from bot.domain.authority import implied_consent, implies_consent
from bot.domain.consent import Basis, Consent
from bot.domain.conversation import Burst, one_more_safe
from bot.domain.copies import Copy, What
from bot.domain.identifiers import NO_COPY, BurstId, ConsentId, ImageId, PersonId
from bot.domain.image import Image, State
from bot.domain.intents import Hearing
from bot.domain.marks import Mark, Meaning
from bot.domain.people import Patient, Relation, Standing
from bot.domain.purposes import Purpose
from bot.domain.screening import Screening, nothing_to_add
from bot.words import about_pictures, acknowledgement, to_colleagues, to_the_team

from .transaction import Transaction
from .who_may_hear import may_hear, reads_words_in_the_team

WAIT = timedelta(seconds=10)
ON_ITS_WAY = timedelta(minutes=1)  # a photo that takes longer is not waited for
ANNOUNCED, RECEIVED = "announce:", "received:"  # keys of posts, with the id of the first image they are about


# ---- bursts


async def arrived(tx: Transaction, image: Image) -> None:
    """Tell practice and sender of a patient's photo that is safe, or let it wait for the sender's other photos on their way."""
    if image.acknowledged:
        await record_implied_consent(tx, image)
    burst = await tx.rows.bursts.of_sender(image.sender_id)
    begun = burst or Burst(BurstId(tx.ids.new()), image.sender_id, ())
    added = one_more_safe(begun, image.id, to_answer=image.acknowledged)
    if added.is_full or not await _more_on_the_way(tx, image.sender_id):
        await _tell(tx, added)
        if burst is not None:
            await tx.rows.bursts.remove(burst)
    elif burst is not None:
        await tx.rows.bursts.save(added)
    else:
        await tx.rows.bursts.add(added)
        await tx.remind("burst", added.id, WAIT)


async def told_if_last(tx: Transaction, sender_id: PersonId) -> None:
    """Tell of a burst whose last awaited photo was not kept, or is on hold: the others need not wait any longer."""
    burst = await tx.rows.bursts.of_sender(sender_id)
    if burst is not None and not await _more_on_the_way(tx, sender_id):
        await tell_of_burst(tx, burst.id)


async def tell_of_burst(tx: Transaction, burst_id: str) -> None:
    """Tell of the photos that are safe, at the deadline, whatever else is on its way."""
    burst = await tx.rows.bursts.known(BurstId(burst_id))
    if burst is not None:
        await tx.rows.bursts.remove(burst)
        await _tell(tx, burst)


async def _more_on_the_way(tx: Transaction, sender_id: PersonId) -> bool:
    coming = await tx.rows.images.sent_by(sender_id, (State.RECEIVED,))
    return any(abs(tx.now - image.received_at) < ON_ITS_WAY for image in coming)  # the clock may have been set back


async def _tell(tx: Transaction, burst: Burst) -> None:
    images = [image for image in await tx.rows.images.among(burst.image_ids) if image.in_reach]
    if images:
        await announce(tx, *images)
        # A photo they took back or doubted meanwhile has had its own answer.
        await _answer(tx, [image for image in images if image.id in burst.to_answer and image.may_be_seen])


# ---- the practice


async def announce(tx: Transaction, *images: Image) -> None:
    first, *others = images
    text = await _announcement(tx, images)
    await tx.tell_practice(text, image_id=first.id, others=[other.id for other in others], key=f"{ANNOUNCED}{first.id}")
    for image in images:
        await tx.remind("unread-first", image.id, tx.policy.unread_first)
        await tx.remind("unread-duty", image.id, tx.policy.unread_duty)


async def refresh_announcement(tx: Transaction, *changed: Image) -> None:
    """Bring the practice room's lines about these images up to date in place: each message once, however many it is about."""
    posts = [await _post(tx, image.id, ANNOUNCED) for image in changed]
    for post in {post[0].id: post for post in posts if post}.values():
        if not all(copy.stands_at(tx.now) for copy in post):
            continue  # it is gone, or going, from the room
        images = await tx.rows.images.among([copy.image_id for copy in post])
        text = await _announcement(tx, images)
        await tx.tell_practice(text, image_id=images[0].id, others=[image.id for image in images[1:]], edits=post[0])


async def tell_in_thread(tx: Transaction, image: Image, text: str, *, key: str = "") -> None:
    """Tell the practice more about an image, in the thread of its announcement; where that is gone, as a message of its own."""
    post = await _post(tx, image.id, ANNOUNCED)
    root = post[0].id if post else NO_COPY
    await tx.say(rooms.PRACTICE, text, image_id=image.id, key=key, thread=root)


async def _announcement(tx: Transaction, images: Sequence[Image]) -> str:
    if len(images) == 1:
        return await announcement(tx, images[0])
    said_why = all([await reads_words_in_the_team(tx.rows, image, tx.today) for image in images])
    return to_the_team.announcements([(image, await _taker(tx, image)) for image in images], said_why=said_why)


async def announcement(tx: Transaction, image: Image, *, again: bool = False) -> str:
    """Return what the practice's room reads of an image, without a patient's name."""
    taker = await _taker(tx, image)
    if image.from_colleague and image.in_reach:
        return to_colleagues.announced(image, (await tx.person(image.sender_id)).name, taker, again)
    said_why = await reads_words_in_the_team(tx.rows, image, tx.today)
    return to_the_team.announcement(image, taker, again, said_why=said_why)


async def _taker(tx: Transaction, image: Image) -> str:
    return (await tx.person(image.taken_by)).name if image.taken_by else ""


# ---- the sender


async def acknowledge(tx: Transaction, *images: Image) -> None:
    """Send one message back, for one photo or for several answered together, and record the consent it rests on."""
    for image in images:
        await record_implied_consent(tx, image)
    await _answer(tx, images)
    # A captioned photo was announced with its reason.
    await refresh_announcement(tx, *(image for image in images if image.reason_by != "caption"))


async def _answer(tx: Transaction, images: Sequence[Image]) -> None:
    """Send one message for all that were sent for the same patient, purpose and reason."""
    alike: dict[tuple[str, Purpose | None, str], list[Image]] = {}
    for image in images:
        alike.setdefault((image.patient_id, image.purpose, image.reason), []).append(image)
    for group in alike.values():
        await _answer_group(tx, group)


async def _answer_group(tx: Transaction, images: Sequence[Image]) -> None:
    first, *others = images
    sender = await tx.person(first.sender_id)
    if sender.standing is Standing.LEFT:
        return
    given = await implied_by_sending(tx, first)
    capacity = given.capacity if given else None
    several = len(await tx.answers_for(sender)) > 1
    named = await _named_to_sender(tx, first) if several or capacity not in {None, Relation.SELF} else None
    text = acknowledgement.received(tx.policy.texts, images, named, capacity)
    screened = {
        screening.id: screening.found for screening in await tx.rows.screenings.among([image.id for image in images])
    }
    if line := about_pictures.about_the_file(found for found in screened.values() if found is not None):
        text = f"{text}\n{line}"
    ids = [other.id for other in others]
    own, key = rooms.own(sender.id), f"{RECEIVED}{first.id}"
    hearing = Hearing.THEIRS if named else Hearing.SENDING
    safe = _photo_safe(images)
    said = await tx.say(own, text, image_id=first.id, others=ids, key=key, hearing=hearing, mark=safe)
    # The line about photos that are not screened yet is added once they are.
    await tx.rows.screenings.add(*(Screening(image.id, answered=said) for image in images if image.id not in screened))


def _photo_safe(images: Iterable[Image]) -> Mark:
    return Mark(Meaning.PHOTO_SAFE, refs=tuple(image.ref for image in images))


async def _named_to_sender(tx: Transaction, image: Image) -> Patient | None:
    """Return the patient where the sender may hear of the image now: who answers for somebody reads whose it is (R33a)."""
    hears = await may_hear(tx.rows, image.sender_id, image, tx.today)
    return await tx.rows.patients.get(image.patient_id) if image.patient_id and hears else None


async def add_line_about_the_file(tx: Transaction, image: Image) -> None:
    """Add the line to the message back, once all photos that this speaks of are screened: one line, whatever their number."""
    post = await _post(tx, image.id, RECEIVED)
    screenings = await tx.rows.screenings.among([copy.image_id for copy in post]) if post else []
    late = [screening for screening in screenings if screening.answered]
    if not late or any(screening.findings is None for screening in late):
        return
    for screening in late:
        await tx.rows.screenings.save(nothing_to_add(screening))
    said = late[0].answered
    line = about_pictures.about_the_file(screening.found for screening in late if screening.found is not None)
    standing = all(copy.stands_at(tx.now) for copy in post)
    if line and line not in said and standing and await may_hear(tx.rows, image.sender_id, image, tx.today):
        about, *others = [copy.image_id for copy in post]
        own = rooms.own(image.sender_id)
        text = f"{said}\n{line}"
        images = await tx.rows.images.among([copy.image_id for copy in post])
        how = acknowledgement.how_to_put_right(images)
        safe = replace(_photo_safe(images), typed=(how,) if how in said else ())
        await tx.say(own, text, image_id=about, others=others, edits=post[0], hearing=Hearing.THEIRS, mark=safe)


async def implied_by_sending(tx: Transaction, image: Image) -> Consent | None:
    """Return the consent that sending this image implied, if there is one today."""
    circle = await tx.circle(image.patient_id) if image.patient_id else None
    return implied_consent(circle, await tx.matter(image, circle), await tx.rows.consents.of_image(image.id))


async def record_implied_consent(tx: Transaction, image: Image) -> None:
    """Record consent for the purpose the image was sent for and nothing else (R1), in the words that its sender is shown.

    Nothing is implied where its sender was not one who may answer for that patient, nor by what was in a wrong record (R30).
    """
    sent_on = image.received_at.astimezone(tx.policy.timezone).date()
    circle = await tx.circle(image.patient_id)
    capacity = implies_consent(circle, image.sender_id, image.received_at, sent_on, tx.today)
    if capacity is None or image.misfiled:
        await tx.audit(image.sender_id, "consent.not-implied", image.id)
        return
    purpose = image.purpose or Purpose.CARE
    words = acknowledgement.consent(tx.policy.texts, purpose, capacity, await _named_to_sender(tx, image))
    await tx.rows.consents.add(
        Consent(
            id=ConsentId(tx.ids.new()),
            image_id=image.id,
            person_id=image.sender_id,
            capacity=capacity,
            basis=Basis.IMPLIED,
            purpose=purpose,
            reason=image.reason,
            wording=words,
            wording_version=tx.policy.texts.version("consent"),
            at=tx.now,
            proof=image.proof,
            patient_id=image.patient_id,
        )
    )
    await tx.audit(image.sender_id, "consent.implied", image.id, purpose=purpose.value, words=words)


async def _post(tx: Transaction, image_id: ImageId, key: str) -> list[Copy]:
    """Return the copies of the bot's post of this kind about the image: one for each image it is about."""
    of_image = await tx.rows.copies.of_image(image_id, what=What.POST)
    posted = next((copy.post_key for copy in of_image if copy.post_key.startswith(key)), "")
    return await tx.rows.copies.of_post(posted, what=What.POST) if posted else []
