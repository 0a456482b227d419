"""Erasing a chat copy: what waits is no failure, what can be mended is asked for again, a flood stops nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.effects import erase
from bot.domain.copies import Copy, CopyState, What
from bot.domain.identifiers import Account, CopyId, EventId, MediaId
from bot.domain.intents import EraseCopy
from bot.domain.planned import Planned, Progress
from tests.cases import pictures_in, shared_practice
from tests.practice import POLICY, Practice, open_practice, staffed, staffed_practice


class Holdback:
    """Further copies of which the second is not written yet, while `waits`."""

    def __init__(self, further: Any) -> None:
        self._further = further
        self.waits = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._further, name)

    async def secured(self, entry_id: str) -> bool:
        return not self.waits


def with_a_second_copy(found: list[Holdback]) -> Callable[[str, Any], Any]:
    def around(name: str, port: Any) -> Any:
        if name == "further":
            found.append(Holdback(port))
            return found[-1]
        return port

    return around


async def erasures(practice: Practice) -> dict[str, Planned]:
    """What is planned to be erased, by the copy it is."""
    return {one.intent.copy_id: one for one in await practice.left() if isinstance(one.intent, EraseCopy)}


async def sent_media(practice: Practice) -> list[Copy]:
    async with practice.journal.reading() as rows:
        return await rows.copies.find(owner="@sam:hs.test")


async def starts_again(practice: Practice) -> None:
    async with practice.journal.transaction() as rows:
        await erase.ask_again(practice.dispatch.transaction(rows))
    await practice.settle()


# ---- the purger's cap


async def test_what_the_purgers_cap_puts_off_was_not_tried_alarms_nobody_and_goes_by_itself(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, purger = people.practice, people.practice.purger
        purger.capped = timedelta(minutes=40)
        sent = await people.sam.sends_photo(caption="rash")
        for _ in range(40):  # longer than anything is tried in vain before it is given up
            await practice.after(hours=1)
        assert practice.homeserver.media and sent.event_id not in practice.homeserver.redacted
        assert {(one.attempts, one.progress, one.trouble) for one in (await erasures(practice)).values()} == {
            (0, Progress.DUE, "")
        }
        team = "\n".join(practice.seen_in(await practice.practice_room()))
        assert "attention" not in team and await practice.audited("intent.held") == 0
        purger.capped = None
        await practice.after(hours=1)  # its message goes in the same moment
        assert not practice.homeserver.media and sent.event_id in practice.homeserver.redacted


async def test_a_shown_picture_fades_when_its_media_does_and_not_a_minute_later(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!show {shared.image.ref}")
        shown = pictures_in(shared.practice, shared.lee.own_room)[-1]
        shared.practice.purger.capped = timedelta(seconds=20)
        await shared.practice.after(minutes=15, seconds=1)
        shared.practice.purger.capped = None
        await shared.practice.after(seconds=20)
        assert shown in shared.practice.homeserver.redacted


async def test_it_is_looked_at_again_when_the_purger_says(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        people.practice.purger.capped = timedelta(minutes=40)
        await people.sam.sends_photo(caption="rash")
        dues = [one.due_at - people.practice.clock.now() for one in (await erasures(people.practice)).values()]
        assert timedelta(minutes=40) in dues


async def test_of_one_senders_media_one_is_erased_at_a_time_also_when_it_was_put_off(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        people.practice.purger.capped = timedelta(hours=1)
        await people.sam.sends_photo(caption="rash")
        [photo] = await sent_media(people.practice)
        assert (await erasures(people.practice))[photo.id].crowd == "erasures:@sam:hs.test"


async def test_the_bots_own_pictures_are_no_crowd_and_events_are_none() -> None:
    assert Copy(CopyId("c"), What.RENDITION, mxc=MediaId("mxc://hs/x"), owner=Account("@bot:hs")).crowd == ""
    assert Copy(CopyId("c"), What.MESSAGE, event_id=EventId("$e")).crowd == ""


# ---- what can be mended


@pytest.mark.parametrize("trouble", ["forbidden", "none"])
async def test_what_was_out_of_reach_because_of_the_purger_is_asked_for_again_at_the_next_start(
    tmp_path: Path, trouble: str
) -> None:
    async with staffed_practice(tmp_path) as people:
        practice = people.practice
        setattr(practice.purger, trouble, True)
        await people.sam.sends_photo(caption="rash")
        assert [copy.state for copy in await sent_media(practice)] == [CopyState.BEYOND_REACH]

        await starts_again(practice)
        assert practice.homeserver.media, "it is still out of reach"
        assert await practice.audited("copy.beyond-reach") == 1, "and that was said before"

        setattr(practice.purger, trouble, False)
        await starts_again(practice)
        assert not practice.homeserver.media
        assert [copy.state for copy in await sent_media(practice)] == [CopyState.GONE]
        for _ in range(2):
            await practice.after(days=2)
        assert [copy.receipted for copy in await sent_media(practice)] == [True], "accounted for with what follows"


async def test_what_nobody_can_mend_is_not_asked_for_again(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sent = people.sam.photo(caption="rash")
        assert sent.content is not None
        people.practice.homeserver.owners[sent.content["file"]["url"]] = "@somebody:hs.test"
        await people.practice.receive(sent)
        await people.practice.settle()
        async with people.practice.journal.transaction() as rows:
            await erase.ask_again(people.practice.dispatch.transaction(rows))
        [copy] = await sent_media(people.practice)
        assert copy.because == "not-theirs"
        assert copy.id not in await erasures(people.practice)


# ---- a lost phone


async def test_a_lost_phone_hides_at_once_and_erases_media_only_when_the_second_copy_is_there(tmp_path: Path) -> None:
    records: list[Holdback] = []
    async with open_practice(tmp_path, POLICY, around=with_a_second_copy(records)) as practice:
        people = await staffed(practice)
        sent = await people.sam.sends_photo(caption="rash")
        photo = (sent.content or {})["file"]["url"]
        assert sent.event_id not in practice.homeserver.redacted

        await people.kim.writes("!lost @sam:hs.test")
        assert sent.event_id in practice.homeserver.redacted, "nobody sees it any more"
        assert photo in practice.homeserver.media, "and what there is no second copy of is still there"
        await practice.after(hours=2)
        assert photo in practice.homeserver.media

        records[0].waits = False
        await practice.after(minutes=2)
        assert photo not in practice.homeserver.media
