"""What somebody's words may be about: their photos, what they were asked, and what the message replies to.

All of it is looked up first; then `hear_around` has the words heard, once. Here alone a handler's side calls the reader.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.core.circles import answers_for_others, answers_for_self
from bot.core.dispatch import Request, event_replied_to
from bot.core.documents import REPLY
from bot.core.transaction import Transaction
from bot.domain.choices import Choice, almost_chosen, spoken
from bot.domain.conversation import About, Open, Question
from bot.domain.deeds import DenyBeing, PassOn
from bot.domain.errors import Refused
from bot.domain.identifiers import ImageId, PatientId, UseId
from bot.domain.image import Image
from bot.domain.purposes import Purpose
from bot.heard.family import Family
from bot.heard.in_turn import hear_in_turn
from bot.heard.patient import HangsOn, Heard, Written
from bot.words import about_reading
from handlers.people.not_me import is_newcomer

from .family_of import family_of
from .in_use import InUse, in_use
from .last_choice import last_choice
from .own_image import images_as_a_patient
from .replied_to import OPEN_ABOUT, RepliedTo, question_replied_to


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What their words may be about, as it stands now; and what they were heard as, once they are."""

    request: Request
    tx: Transaction
    theirs: list[Image]  # as a patient, oldest first
    meant: list[Image]  # those of them that the words name, or else reply to
    replied_to: RepliedTo  # what was asked there
    questions: Mapping[Open, Question]  # of each kind the one replied to, or about what the words name, or the first
    whose_each: list[Question]  # all that ask whose a photo is, and that the words may answer
    requests: list[Choice]  # answers to requests for consent that they may still give
    almost: Choice | None = None  # the answer with a number that the words seem to give, and don't: "yes, but …"
    almost_consents: bool = False  # whether they seem to answer one of these requests
    asked_otherwise: bool = False  # whether a yes or no may answer something else that is open, as staff
    in_use: InUse = field(default_factory=InUse)
    heard: Heard = field(default_factory=lambda: Heard(PassOn()))
    family: Family = field(default_factory=Family)  # whom the words may name
    asked_back: Sequence[Image] = ()  # photos of which it is asked whether to withdraw them
    last_choice: Question | None = None  # by which they last said whose photos are, if that was talked of last
    of_whom: Mapping[str, frozenset[PatientId]] = field(default_factory=dict)  # whose photos each request is about
    asked_for: Mapping[str, Purpose] = field(default_factory=dict)  # and what it would be used for

    @property
    def under(self) -> Open | None:
        """Return the question that the words were heard to answer."""
        return self.heard.under

    @property
    def is_told(self) -> bool:
        """Return whether people must read the words, whatever else they do: they tell of a body, or sound an alarm."""
        return self.heard.told or bool(self.heard.alarm)

    @property
    def requests_meant(self) -> list[Choice]:
        """Return those answers to requests that the words may give.

        Where they reply to one request, to that alone; where they name a child, to no request about another (R15).
        """
        named = self.family.whom_they_name(self.request.said.words)
        able = [choice for choice in self.requests if self.replied_to.may_choose(choice)]
        return [choice for choice in able if not named or not named.isdisjoint(self.of_whom[choice.subject])]

    @property
    def requests_refused(self) -> list[Choice]:
        """Return those answers to requests that a no may give: where the words name a child, also what they do not reply to.

        Where they name a purpose that something is asked for, or used for already, to no request for anything else.
        """
        named = self.family.whom_they_name(self.request.said.words)
        able = self.requests_meant or [
            choice for choice in self.requests if not named.isdisjoint(self.of_whom[choice.subject])
        ]
        purposes = self.request.said.purposes
        of_these = [choice for choice in able if self.asked_for[choice.subject] in purposes]
        return of_these if of_these or (purposes and self.photos_in_use) else able

    @property
    def photos_in_use(self) -> list[Image]:
        """Return the photos in use that a no may be about, given while something else is asked."""
        return self.of_these(self.in_use.meant_beside_a_request(self.request.said))

    def of_these(self, ids: frozenset[ImageId]) -> list[Image]:
        """Return those of these photos that the words can be about."""
        refs = self.request.said.refs
        able = [image for image in self.theirs if image.id in ids and (not refs or image.ref in refs)]
        return self.of_whom_they_name(able)

    @property
    def reason(self) -> Question | None:
        return self.questions.get(Open.REASON)

    @property
    def withdraw(self) -> Question | None:
        return self.questions.get(Open.WITHDRAW)

    @property
    def whose_said(self) -> frozenset[PatientId]:
        """Return whose the words say a photo is, where they say no more."""
        if self.heard.again and self.under is None:
            said, last = self.heard.chosen, self.last_choice
            return frozenset({last.choices[said.number - 1]}) if said and last else frozenset()
        return self.family.only_whose(self.request.said.words, points=bool(self.meant))

    @property
    def names_some_asked_back(self) -> bool:
        """Return whether it was asked which photos to withdraw, of several people, and the words name one of these."""
        patients = {image.patient_id for image in self.asked_back}
        return not self.meant and len(patients) > 1 and not patients.isdisjoint(self.whose_said)

    def photos_meant(self) -> list[Image]:
        """Return the photos that the words name or reply to. `Refused` when one of those named can't be theirs (R15)."""
        unknown = sorted(self.request.said.refs - {image.ref for image in self.meant})
        if unknown:
            raise Refused(about_reading.unknown_not_passed_on(unknown[0]), "R15")
        return self.meant

    def photo_meant(self) -> Image | None:
        """Return the photo that the words name or reply to; None when they do neither. `Refused` when it can't be theirs (R15).

        Words about one child must not be filed under another because somebody answers for both.
        """
        meant = self.photos_meant()
        of_one = len({image.patient_id for image in meant}) == 1
        if self.request.said.refs and not of_one:
            raise Refused(about_reading.one_at_a_time(), "R15")
        return meant[-1] if of_one else None

    def of_whom_they_name(self, images: Sequence[Image]) -> list[Image]:
        """Return those of these photos that the words can be about: where they name a child, no other's (R15)."""
        return self.family.of_whom_they_name(self.request.said.words, images)

    def of_another(self, question: Question) -> bool:
        """Return whether the words name, or reply to, another photo than those asked about: then they are no answer (R15)."""
        return bool(self.meant) and all(image.id not in question.image_ids for image in self.meant)

    def part_of(self, question: Question) -> tuple[ImageId, ...]:
        """Return the photos of the question that the words are about: those that they name or reply to, or else all (R15)."""
        meant = {image.id for image in self.meant}
        return tuple(image_id for image_id in question.image_ids if image_id in meant) or question.image_ids


async def hear_around(request: Request, tx: Transaction) -> Surroundings:
    """Hear the words, by what they may be about; nothing is done yet."""
    around = await look_around(request, tx)
    heard = hear_in_turn(await _written_in(around), tx.policy.alarm_words)
    if request.said.not_me and await is_newcomer(request.person, tx):
        heard = replace(heard, deed=DenyBeing())
    return replace(around, heard=heard)


async def look_around(request: Request, tx: Transaction) -> Surroundings:
    words = request.said.words
    open_now = await tx.rows.choices.open_of_person(request.person.id)
    requests = [choice for choice in open_now if choice.about == "specific-consent" and tx.now < choice.expires_at]
    otherwise = any(spoken(choice.label) in {"yes", "no"} for choice in open_now if choice.about != "specific-consent")
    theirs = await images_as_a_patient(request.person, tx)
    replied_to = await question_replied_to(request, theirs, tx)
    meant = await _meant(request, replied_to, theirs, tx)
    ids = {image.id for image in meant}
    questions: dict[Open, Question] = {}
    asked = await tx.rows.questions.open_of_person(request.person.id)
    for question in sorted(
        asked, key=lambda one: (not replied_to.may_answer(one), ids.isdisjoint(one.image_ids), one.asked_at)
    ):
        if question.about in OPEN_ABOUT:
            questions.setdefault(OPEN_ABOUT[question.about], question)
    family = await family_of(request.person, tx)
    withdraw = questions.get(Open.WITHDRAW)
    able = [choice for choice in open_now if replied_to.may_choose(choice)]
    return Surroundings(
        request,
        tx,
        theirs,
        meant,
        replied_to,
        questions,
        [one for one in asked if one.about is About.PATIENT and replied_to.may_answer(one)],
        requests,
        almost=almost_chosen(words, [choice for choice in able if choice.needs_number], tx.now),
        almost_consents=almost_chosen(words, [choice for choice in able if choice in requests], tx.now) is not None,
        asked_otherwise=otherwise,
        family=family,
        asked_back=await tx.rows.images.among(withdraw.image_ids) if withdraw is not None else (),
        last_choice=await last_choice(request.person, theirs, tx) if len(family.names) > 1 else None,
        of_whom={choice.subject: await _of_whom(UseId(choice.subject), tx) for choice in requests},
        asked_for={choice.subject: (await tx.rows.uses.get(UseId(choice.subject))).purpose for choice in requests},
        in_use=await in_use(theirs, request.person.id, tx),
    )


async def _of_whom(use_id: UseId, tx: Transaction) -> frozenset[PatientId]:
    use = await tx.rows.uses.get(use_id)
    return frozenset(image.patient_id for image in await tx.rows.images.among(use.image_ids))


async def _meant(request: Request, replied_to: RepliedTo, theirs: Sequence[Image], tx: Transaction) -> list[Image]:
    """Return those of their photos that the words name, or else reply to; with a question, all that it is about.

    A homeserver could change what a message replies to, so it is only ever one of their own photos, and they are told which.
    """
    if named := request.said.refs:
        return [image for image in theirs if image.ref in named]
    if replied_to.about is not None and replied_to.image_ids:
        return [image for image in theirs if image.id in replied_to.image_ids]
    event_id = event_replied_to(request.content)
    if event_id is None:
        return []
    copies = await tx.rows.copies.of_event(event_id, request.room.id)
    shown = {copy.image_id for copy in copies}
    sent = (event_id, request.room.id)
    return [image for image in theirs if image.id in shown or (image.event_id, image.room_id) == sent]


async def _written_in(around: Surroundings) -> Written:
    request, tx, withdraw = around.request, around.tx, around.withdraw
    waiting = {kind for kind, question in around.questions.items() if around.replied_to.may_answer(question)}
    numbers = frozenset(choice.number for choice in around.requests if choice.number)
    if around.requests_meant or around.requests_refused or any(number in request.said.words for number in numbers):
        waiting.add(Open.CONSENT)
    if withdraw is not None and (around.of_another(withdraw) or not around.of_whom_they_name(around.asked_back)):
        waiting.discard(Open.WITHDRAW)
    return Written(
        request.said.words,
        frozenset(waiting),
        hangs_on=await _hangs_on(around),
        photos=len(around.theirs),
        refs=frozenset(image.ref for image in (*around.asked_back, *around.theirs)),
        numbers=numbers,
        in_use=around.in_use.purposes,
        agreed=bool(around.in_use.agreed),
        name=request.person.name,
        whom=await _names_in(around.questions.get(Open.WHICH), tx),
        chose_from=await _names_in(around.questions.get(Open.REASON), tx),
        chose_last=await _names_in(around.last_choice, tx),
        family=tuple(around.family.names.values()),
        answers_for_others=await answers_for_others(tx.rows, request.person.id),
        answers_for_self=await answers_for_self(tx.rows, request.person.id),
    )


async def _names_in(question: Question | None, tx: Transaction) -> tuple[str, ...]:
    """Return the names that this question gave to choose from, as they were listed."""
    return tuple([(await tx.circle(one)).patient.name for one in question.choices]) if question else ()


async def _hangs_on(around: Surroundings) -> HangsOn | None:
    event_id = event_replied_to(around.request.content)
    if event_id is None:
        return None
    copies = await around.tx.rows.copies.of_event(event_id, around.request.room.id)
    if any(copy.post_key.startswith(REPLY) for copy in copies):
        return HangsOn.CLINICIAN
    if around.replied_to.subject:
        return None  # a question: the reply is an answer like any other
    sent = any(image.event_id == event_id for image in around.theirs)
    return HangsOn.PHOTO if sent or any(copy.image_id for copy in copies) else None
