"""Chapters about comparing emoji. The app of whoever is checked is played here: what it sends, and what both come to by it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.arrivals import Arrival, ArrivalKind
from bot.domain.verification import DIFFERENT, Reached, Stage
from tests.cases import polls_in
from tests.crash.chapters import Chapter, V, Who, kim, sam, says, sends
from tests.crash.chapters_people import sam_anew, time_passes
from tests.crash.chapters_uses import taps
from tests.crash.mortality import Act
from tests.practice import JPEG, Someone, Staffed

EMOJI = ("🐶 Dog", "🐱 Cat", "🦁 Lion", "🐎 Horse", "🦄 Unicorn", "🐷 Pig", "🐘 Elephant")


def asks(who: Who) -> Act:
    """They begin in their app, device to device."""

    async def act(people: Staffed) -> None:
        someone = who(people)
        now = people.practice.clock.now().timestamp() * 1000
        more = {"transaction_id": people.practice.event_id(), "from_device": "DEVICE", "timestamp": now}
        people.practice.homeserver.timeline.append(_to_device(someone, "request", more))

    return act


def app_sends(who: Who, step: str) -> Act:
    """Their app's next message, over the way the check began."""

    async def act(people: Staffed) -> None:
        someone, timeline = who(people), people.practice.homeserver.timeline
        shown = Reached(Stage.SHOWN, identity=someone.identity, emoji=EMOJI)
        people.practice.verifier.reaches |= {
            "key": shown,
            "same": replace(shown, stage=Stage.CONFIRMED),
            "different": replace(shown, stage=Stage.ENDED, because=DIFFERENT),
            "mac": replace(shown, stage=Stage.VERIFIED),
        }
        began = [one for one in timeline if one.sender == someone.account and one.kind is ArrivalKind.TO_DEVICE]
        if began:
            sent = _to_device(someone, step, {"transaction_id": (began[-1].content or {})["transaction_id"]})
        else:
            sent = replace(someone.arrival(someone.own_room, {}), type=f"m.key.verification.{step}")
        timeline.append(sent)

    return act


def _to_device(someone: Someone, step: str, content: dict[str, Any]) -> Arrival:
    kind = f"m.key.verification.{step}"
    return replace(someone.arrival("", content, ArrivalKind.TO_DEVICE), type=kind)


def compares(who: Who, label: str) -> Act:
    """If there is anything to compare."""

    async def act(people: Staffed) -> None:
        if any(EMOJI[0] in poll["question"]["body"] for poll in polls_in(people.practice, who(people).own_room)):
            await taps(who, label)(people)

    return act


def compared(who: Who) -> tuple[Act, ...]:
    return app_sends(who, "key"), compares(kim, "The same"), app_sends(who, "mac")


EMOJI_CHECKS = (
    Chapter("begun in the app", (asks(sam), *compared(sam)), ()),
    Chapter("begun in words", (says(sam, "verify"), *compared(sam)), ()),
    Chapter("not the same", (asks(sam), app_sends(sam, "key"), compares(kim, "Not the same")), ()),
    Chapter("and nobody compares", (asks(sam), app_sends(sam, "key"), time_passes(minutes=10)), ()),
    Chapter(
        "of a new identity, with a photo that waits for it",
        (says(kim, "!verify @sam:hs.test"), *compared(sam_anew)),
        (V,),
        (sends(sam, JPEG), says(sam_anew, "my toe")),
    ),
)
