"""R22: no configuration loosens a rule marked L. People do things in any order, under any policy, and nothing forbidden happens.

The rules of arrival, answering, use, withdrawal and recall are asked through everything that decides by them: after each step
what is kept, what was shown and what the log says is held against the rules.
"""

from __future__ import annotations

import ast
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.built_in_texts import BUILT_IN
from bot.domain.consent import Answer
from bot.domain.entries import EntryKind
from bot.domain.identifiers import Account
from bot.domain.image import HeldFor, Image, State, what_is_missing
from bot.domain.policy import Policy
from bot.domain.purposes import Purpose
from bot.domain.retention_rules import RetentionRule, keep_until
from bot.domain.texts import Texts
from bot.domain.use import Use, UseState
from bot.domain.use_rules import Relatedness, UsePolicy
from tests.cases import Shared, polls_in, shared_practice, taps
from tests.practice import JPEG, POLICY, Someone


def mostly(usual: object, *others: object) -> list[object]:
    """A policy that forbids nearly everything shows little, so it is rare."""
    return [usual] * 4 * len(others) + list(others)


NONE, HOUR, DAY = timedelta(0), timedelta(hours=1), timedelta(days=1)
OWN_WORDS = Texts(BUILT_IN, MappingProxyType({"consent": "You agree to $purpose, $nothing_else. Thank you."}))
VARIED: Mapping[str, Sequence[object]] = {
    "emergency_text": ["Not for emergencies: call 000.", "Call 000."],
    "alarm_words": [(), ("rash", "photo")],
    "hours": [(), POLICY.hours],
    "managers": [POLICY.managers, POLICY.managers | {"@lee:hs.test"}],
    "allowed_homeservers": mostly(POLICY.allowed_homeservers, frozenset(), frozenset({"else.test"})),
    "duty": ["", POLICY.duty],
    "has_purger": [True, False],
    "own_homeserver": ["https://chat.example.org", None],
    "redaction_retention": [NONE, HOUR, 7 * DAY],
    "keep_rendition": [NONE, HOUR, DAY],
    "keep_messages": [NONE, HOUR, 20 * DAY],
    "keep_shared": [NONE, DAY, 60 * DAY],
    "keep_copy": [NONE, DAY],
    "consent_deadline": [HOUR, 7 * DAY, 60 * DAY],
    "case_reminder": [HOUR, 7 * DAY],
    "keep_transcripts": [True, False],
    "verify_clinicians": mostly(False, True),
    "uses": [
        UsePolicy(),
        UsePolicy(advice_always_asks=True),
        UsePolicy(confirm_twice=False),
        UsePolicy(never=frozenset({Purpose.EDUCATION})),
        UsePolicy(never=frozenset({Purpose.CARE})),
    ],
    "texts": [POLICY.texts, OWN_WORDS],
    "retention": [RetentionRule(), RetentionRule(10, 25), RetentionRule(7, 40)],
    "unread_first": [HOUR, DAY],
    "unread_duty": [HOUR, DAY],
    "reason_deadline": [NONE, timedelta(minutes=15), DAY],
    "written_consent_only": [True, False],
    "attest_reminder": [HOUR, DAY],
    "attest_deadline": [HOUR, 9 * DAY],
    "note_reminder": [HOUR, 7 * DAY],
    "device_check_months": mostly(0, 6, 24),
    "device_grace": [NONE, 14 * DAY],
    "withdraw_deadline": [HOUR, DAY],
    "code_lifetime": [HOUR, 7 * DAY],
    "names_apart": [(), ("Best Practice",)],
    "waits_for": [(), ("Best Practice",)],
    "largest_image": mostly(POLICY.largest_image, 1),
}
WHO_AND_WHERE = {"practice", "bot_account", "timezone", "fingerprint", "page_url"}


def drawn(seed: int) -> Policy:
    """Any policy there can be; the first is the one that is shipped."""
    dice = Random(seed)
    chosen: dict[str, Any] = {name: dice.choice(values) for name, values in VARIED.items()}
    return replace(POLICY, **chosen) if seed else POLICY


def test_every_setting_is_varied() -> None:
    assert {one.name for one in fields(Policy)} == set(VARIED) | WHO_AND_WHERE


# ---- what people do


@dataclass
class World:
    shared: Shared
    policy: Policy
    mallory: Someone
    photos: int = 0
    stopped: dict[str, int] = field(default_factory=dict)  # image id to what had been shown of it when it was stopped

    async def latest(self) -> Image:
        return (await self.shared.practice.images())[-1]

    def new_photo(self) -> bytes:
        self.photos += 1
        return JPEG + bytes([self.photos])


async def tap_if_asked(person: Someone, label: str, asked: Someone | None = None) -> None:
    """The last poll of `asked`, tapped by `person`; nothing where there is no such answer."""
    polls = polls_in(person.practice, (asked or person).own_room)
    answers = [one for one in polls[-1]["answers"] if one["org.matrix.msc1767.text"].startswith(label)] if polls else []
    if answers:
        await taps(person, "", secret=answers[0]["id"])


def says(who: str, words: str) -> Callable[[World], Awaitable[None]]:
    async def said(world: World) -> None:
        await getattr(world.shared, who).writes(words.format(ref=(await world.latest()).ref))

    said.__name__ = f"{who} says {words.partition(' ')[0]}"
    return said


def tapped(who: str, label: str, asked: str = "") -> Callable[[World], Awaitable[None]]:
    async def tapping(world: World) -> None:
        await tap_if_asked(getattr(world.shared, who), label, getattr(world.shared, asked) if asked else None)

    tapping.__name__ = f"{who} taps {label} {asked and f'of {asked}'}"
    return tapping


async def sam_sends_a_photo_with_words(world: World) -> None:
    await world.shared.sam.sends_photo(world.new_photo(), caption="a mole that grew")


async def sam_sends_a_photo_without_words(world: World) -> None:
    await world.shared.sam.sends_photo(world.new_photo())


async def lee_sends_a_photo_of_a_patient(world: World) -> None:
    await world.shared.lee.sends_photo(world.new_photo())


async def derm_sends_a_photo_of_a_patient(world: World) -> None:
    await world.shared.derm.sends_photo(world.new_photo())


async def a_stranger_sends_a_photo(world: World) -> None:
    await world.mallory.sends_photo(world.new_photo(), caption="look", room=world.shared.sam.own_room)


def passes(**time: float) -> Callable[[World], Awaitable[None]]:
    async def waited(world: World) -> None:
        await world.shared.practice.after(**time)

    waited.__name__ = f"{time} pass"
    return waited


LINE = "{ref} body 10421 1984-03-07 mine verbal today wound on the shin"
TEACH = (
    '!use {ref} for education "teaching" seen by "registrars" until 2031-03-31 recipient @derm:hs.test recognisable no'
)
LAW = '!required-by-law {ref} basis "subpoena" authority "Local Court" recipient "Registrar"'
Step = Callable[[World], Awaitable[None]]
PHOTO, QUESTION = sam_sends_a_photo_with_words, says("lee", "!forward {ref} @derm:hs.test what is this?")
YES_OF_LEE, YES_OF_SAM = tapped("lee", "Yes"), tapped("sam", "Yes")
ASKED, WITHDRAWN = says("lee", TEACH), says("sam", "withdraw {ref}")
CHAPTERS: list[tuple[Step, ...]] = [
    (sam_sends_a_photo_without_words, QUESTION, YES_OF_LEE, passes(minutes=20), QUESTION, YES_OF_LEE),  # R1
    (PHOTO, QUESTION, says("lee", "yes"), passes(days=2), YES_OF_LEE),  # R7
    (PHOTO, QUESTION, YES_OF_LEE, says("lee", "!recall {ref}"), says("kim", "!recall {ref}")),  # R7, R25
    (PHOTO, QUESTION, tapped("lee", "No"), tapped("derm", "Yes", "sam"), YES_OF_SAM),  # R8
    (PHOTO, ASKED, tapped("derm", "Yes", "sam"), tapped("lee", "Yes", "sam"), says("sam", "yes")),  # R9
    (PHOTO, ASKED, tapped("sam", "No"), YES_OF_SAM, QUESTION, YES_OF_LEE),  # R13
    (PHOTO, ASKED, tapped("sam", "Ask me later"), passes(days=70), YES_OF_SAM),  # R13
    (PHOTO, ASKED, YES_OF_SAM, WITHDRAWN, QUESTION, YES_OF_LEE, ASKED),  # R13
    (PHOTO, says("sam", "of somebody else"), QUESTION, ASKED, YES_OF_SAM, says("lee", "!keep {ref}")),
    (PHOTO, says("lee", "!forward {ref} @sam:hs.test what is this?"), YES_OF_LEE),  # R24
    (PHOTO, says("lee", LAW), says("kim", LAW), WITHDRAWN, says("kim", LAW)),  # R13a
    (lee_sends_a_photo_of_a_patient, says("lee", LINE), says("kim", "!keep {ref}"), passes(days=70), QUESTION),  # R2
    (lee_sends_a_photo_of_a_patient, says("lee", LINE), tapped("lee", "File it"), QUESTION, YES_OF_LEE),  # R7
    (lee_sends_a_photo_of_a_patient, says("lee", f"{LINE} advice"), tapped("lee", "File it"), QUESTION, YES_OF_LEE),
    (lee_sends_a_photo_of_a_patient, tapped("lee", "Leave it"), QUESTION, ASKED, YES_OF_SAM),  # R4
    (derm_sends_a_photo_of_a_patient, says("derm", LINE), says("lee", "!note {ref} seen"), QUESTION, YES_OF_LEE),  # R5
    (a_stranger_sends_a_photo, PHOTO, a_stranger_sends_a_photo),  # R6
]


# ---- what must not happen


async def contradictions(world: World) -> list[str]:
    shared, policy = world.shared, world.policy
    async with shared.practice.journal.reading() as rows:
        images, uses, answers = await rows.images.find(), await rows.uses.find(), await rows.consent_answers.find()
        disclosures, people = await rows.disclosures.find(), await rows.people.find()
    ids = {person.account: person.id for person in people}
    entries = [
        one
        for p in await shared.practice.record.patients()
        for one in await shared.practice.record.entries(p.patient_id)
    ]
    filed = {entry.entry_id for entry in entries if entry.kind is EntryKind.IMAGE}
    found: list[str] = []
    for image in images:
        complete = not what_is_missing(image)
        if image.in_record and not (complete and image.patient_id and image.purpose):
            found.append(f"R14: {image.ref} is in the record and lacks something")
        if image.from_colleague and image.id in filed and not image.attested_at:
            found.append(f"R2: {image.ref} was filed without anybody's word")
        if image.state is State.VERIFIED and image.id not in filed:
            found.append(f"R16: {image.ref} is not in the record")
        if image.needs_its_copies and image.state is not State.RECEIVED and image.attachment:
            found.append(f"R17: {image.ref} was kept with the key of its chat copy")
        if image.sender_id not in set(ids.values()):
            found.append(f"R6: {image.ref} of a stranger was taken")
        if image.state is State.VERIFIED and image.held_for is HeldFor.SOMEBODY_ELSE:
            found.append(f"R9: {image.ref} shows somebody else, who did not agree")
    for use in uses:
        found += _of_a_use(
            use,
            policy,
            {a.use_id for a in answers if a.answer is Answer.GRANTED and a.person_id == ids[Account("@sam:hs.test")]},
        )
    forwarded = [one for one in disclosures if one.how == "forwarded"]
    permitted = {
        (image_id, ids.get(account))
        for use in uses
        if _left(use)
        for image_id in use.image_ids
        for account in use.recipients
    }
    found += [
        f"R7: {one.image_id} was shown to {one.to_person_id}"
        for one in forwarded
        if (one.image_id, one.to_person_id) not in permitted
    ]
    by_law = [one for one in disclosures if one.how == "required-by-law"]
    managers = {ids[account] for account in policy.managers if account in ids}
    found += [
        f"R13a: {one.image_id} was handed over by no manager" for one in by_law if one.to_person_id not in managers
    ]
    for image in images:
        shown = sum(one.image_id == image.id for one in forwarded)
        if image.stopped and shown > world.stopped.setdefault(image.id, shown):
            found.append(f"R13: {image.ref} was shown after it was stopped")
    return found


def _left(use: Use) -> bool:
    return use.state in {UseState.GRANTED, UseState.RELEASED, UseState.CLOSED, UseState.WITHDRAWN, UseState.RECALLED}


def _of_a_use(use: Use, policy: Policy, granted: set[str]) -> Iterator[str]:
    if use.state not in {UseState.GRANTED, UseState.RELEASED, UseState.CLOSED} or use.id in granted:
        return
    if use.purpose is not Purpose.CARE:
        yield f"R9: used for {use.purpose} without the patient's yes"
    elif use.relatedness is not Relatedness.RELATED:
        yield "R8: unrelated advice without the patient's yes"
    elif use.rule not in {"R3", "R7"} or policy.uses.advice_always_asks:
        yield f"R22: advice without the patient's yes, by {use.rule}"


@pytest.mark.parametrize("seed", range(3))
async def test_no_path_leads_round_a_rule_whatever_is_configured(tmp_path: Path, seed: int) -> None:
    policy = drawn(seed)
    chapters = Random(seed).sample(CHAPTERS, len(CHAPTERS))
    async with shared_practice(tmp_path, policy) as shared:
        world = World(shared, policy, Someone(shared.practice, Account("@mallory:hs.test"), "MalloryIdentity"))
        for step in chain(*chapters):
            await step(world)
            assert await contradictions(world) == [], (step.__name__, policy)
        assert await shared.practice.audit_is_whole(), "R27"


@given(
    st.sampled_from(VARIED["retention"]),
    st.dates(date(1930, 1, 1), date(2026, 1, 1)),
    st.dates(date(2026, 1, 1), date(2030, 1, 1)),
)
def test_nothing_is_kept_for_less_than_the_law_says(rule: RetentionRule, born: date, last_entry: date) -> None:
    """R23, whose numbers are a default: a practice keeps longer."""
    assert keep_until(born, last_entry, rule) >= keep_until(born, last_entry, RetentionRule())


DOMAIN = Path(__file__).parents[2] / "bot" / "domain"


def test_no_rule_marked_L_is_even_told_the_policy() -> None:
    """What a rule does not know cannot loosen it. Of `decide_use`, which is told, the property tests ask every policy."""
    lives = [*DOMAIN.glob("image/*.py"), *DOMAIN.glob("use/*.py")]
    for file in (*lives, *(DOMAIN / f"{name}.py" for name in ("answering", "statement", "breach"))):
        modules = {n.module for n in ast.walk(ast.parse(file.read_text())) if isinstance(n, ast.ImportFrom)}
        assert "policy" not in modules and "Policy" not in file.read_text().replace("UsePolicy", ""), file
