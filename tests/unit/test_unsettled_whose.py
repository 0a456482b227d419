"""While it is not settled whose a photo is, nobody hears of it as theirs, nor gets it in a copy (R15, R24, R28, R29)."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from bot.domain.entries import EntryKind
from bot.domain.errors import OutsideFailure
from bot.domain.identifiers import Account
from bot.domain.image import HeldFor
from tests.cases import Shared, polls_in, shared_practice, taps
from tests.households import documents, enrolled, heard_with, latest_image, with_ann
from tests.practice import JPEG, Someone
from tests.unit.test_destinations import sharing
from tests.unit.test_unlink import parents

MELANOMA = "the biopsy shows a melanoma"


async def _away(*_: object, **__: object) -> None:
    raise OutsideFailure("away")


def in_copies(shared: Shared, someone: Someone) -> list[str]:
    """The names of the files in the copies that somebody got, and what they say."""
    media, found = shared.practice.homeserver.media, list[str]()
    for post in shared.practice.posts_in(someone.own_room):
        if post.content.get("msgtype") == "m.file":
            archive = zipfile.ZipFile(io.BytesIO(media[post.content["file"]["url"]]))
            found += [f"{name} {archive.read(name)!r}" for name in archive.namelist()]
    return found


async def test_R15_while_a_photo_is_being_moved_it_is_in_nobodys_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with with_ann(tmp_path) as (shared, _ann):
        await shared.lee.writes(f"!note {shared.image.ref} keep it dry")
        monkeypatch.setattr(shared.practice.record, "move", _away)
        await shared.kim.writes(f"!refile {shared.image.ref} 10422 1990-05-02")
        await taps(shared.kim, "Move")
        await shared.sam.writes("my copy")
        assert not [file for file in in_copies(shared, shared.sam) if shared.image.ref in file]
        assert not heard_with(shared.sam, "delete it"), "nothing was sent that is asked back"
        await shared.sam.writes("my images")
        assert "rash on my arm" not in shared.sam.last_heard


async def test_R15_a_move_that_begins_after_the_copy_was_counted_keeps_the_photo_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with with_ann(tmp_path) as (shared, _ann):
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(shared.practice.homeserver, "put", _away)
            await shared.sam.writes("my copy")
        monkeypatch.setattr(shared.practice.record, "move", _away)
        await shared.kim.writes(f"!refile {shared.image.ref} 10422 1990-05-02")
        await taps(shared.kim, "Move")
        await shared.practice.after(minutes=5)
        assert not [file for file in in_copies(shared, shared.sam) if shared.image.ref in file]


async def test_R24_a_doubted_photo_is_in_no_copy_and_no_list_but_stays_in_its_senders_list(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, bob = await parents(shared)
        doubted = next(image for image in await shared.practice.images() if image.reason == "her rash")
        await ann.writes(f"{doubted.ref} of somebody else")
        for parent in (ann, bob):
            await parent.writes("my copy")
            assert in_copies(shared, parent), "what is not doubted is there"
            assert not [file for file in in_copies(shared, parent) if doubted.ref in file]
        await bob.writes("my images")
        assert doubted.ref not in bob.last_heard and "her knee" in bob.last_heard
        await ann.writes("my images")
        assert doubted.ref in ann.last_heard and "on hold" in ann.last_heard and "her rash" not in ann.last_heard


async def test_R29a_a_no_about_a_doubted_photo_counts_and_is_answered(tmp_path: Path) -> None:
    """It may prove to be the patient's after all, and then what was asked for it would go on."""
    async with shared_practice(tmp_path) as shared:
        ann, bob = await parents(shared)
        doubted = next(image for image in await shared.practice.images() if image.reason == "her rash")
        await ann.writes(f"{doubted.ref} of somebody else")
        await bob.writes(f"withdraw {doubted.ref}")
        assert next(image for image in await shared.practice.images() if image.id == doubted.id).stopped
        assert doubted.ref in bob.last_heard and "is not passed on" in bob.last_heard


async def test_R29_no_words_about_a_doubted_photo_go_to_whoever_says_it_does_not_show_them(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, ann):
        await shared.sam.writes(f"{shared.image.ref} of somebody else")
        heard = len(shared.sam.heard)
        await shared.lee.writes(f"!reply {shared.image.ref} {MELANOMA}")
        assert len(shared.sam.heard) == heard
        assert "!refile" in shared.lee.last_heard and "!note" in shared.lee.last_heard
        assert not await documents(shared, kind=EntryKind.REPLY)
        await shared.kim.writes(f"!refile {shared.image.ref} 10422 1990-05-02")
        await taps(shared.kim, "Move")
        await shared.lee.writes(f"!keep {shared.image.ref}")
        await shared.lee.writes(f"!reply {shared.image.ref} {MELANOMA}")
        await taps(shared.lee, "Ann")
        assert heard_with(ann, MELANOMA) and not heard_with(shared.sam, MELANOMA)


async def test_R28_a_reply_on_its_way_to_whoever_then_doubts_the_photo_does_not_arrive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor do its words stay in the record of the wrong patient."""
    async with with_ann(tmp_path) as (shared, _ann):
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(shared.practice.homeserver, "send", _away)
            await shared.lee.writes(f"!reply {shared.image.ref} {MELANOMA}")
            await shared.sam.writes(f"{shared.image.ref} of somebody else")
        await shared.practice.after(minutes=10)
        assert not heard_with(shared.sam, MELANOMA)
        assert heard_with(shared.lee, "did not reach Sam Patel")
        await shared.kim.writes(f"!refile {shared.image.ref} 10422 1990-05-02")
        await taps(shared.kim, "Move")
        theirs = await shared.practice.record.entries(shared.image.patient_id)
        assert not [entry for entry in theirs if MELANOMA in (entry.text or "")]


async def test_R30_whom_a_childs_photo_shows_is_asked_and_may_name_it_though_it_is_held(tmp_path: Path) -> None:
    """Nobody doubts whose it is: it only waits for their yes."""
    async with shared_practice(tmp_path) as shared:
        joy = await enrolled(shared, '!link 10421 child "Joy Patel"', "joy", "Joy")
        await joy.sends_photo(JPEG + b"joy's", caption="his back")
        image = await latest_image(shared)
        assert image.held_for is HeldFor.SOMEBODY_ELSE
        assert polls_in(shared.practice, shared.sam.own_room)
        await shared.sam.writes("my images")
        assert image.ref in shared.sam.last_heard
        await shared.kim.writes("!unlink 10421 @joy:hs.test")
        await taps(shared.kim, "End it quietly")
        await taps(shared.sam, "Yes, keep it")
        assert (await latest_image(shared)).held_for is None


async def test_R15_a_doubted_photo_goes_to_no_other_system_until_it_is_settled_whose_it_is(tmp_path: Path) -> None:
    async with sharing(tmp_path) as copies:
        people = copies.people
        await people.sam.sends_photo(JPEG, "rash on my arm")
        await people.sam.writes("of somebody else")
        for _ in range(3):
            await copies.turns(minutes=5)
        image = await people.practice.only_image()
        assert image.held_for is HeldFor.SOMEBODY_ELSE and not copies.dropped()
        assert (await copies.delivery(image.id)).why == "unsettled"
        assert not await people.practice.audited("delivery.LookedAt", image.id), "no line for each look"
        await people.lee.writes(f"!keep {image.ref} 10421 1984-03-07")
        await copies.turns(hours=1)
        (there,) = copies.photos()
        assert there.startswith("10421_")


async def test_R15_who_is_to_answer_for_another_too_is_asked_whose_a_photo_is(tmp_path: Path) -> None:
    """Once the code was right they read “when you send a photo I will ask whose it is”: also before somebody confirms it."""
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes('!enrol patient 10441 "Mia Gray" 2016-03-04 parent "Jo Gray"')
        jo = Someone(shared.practice, Account("@jo:hs.test"), "JoIdentity")
        await jo.enrol(shared.practice.last_code(shared.kim.own_room))
        await jo.sends_photo(JPEG + b"mia", caption="rash")
        assert (await latest_image(shared)).patient_id
        await shared.kim.writes('!link 10421 decision-maker "Jo Gray"')
        await jo.enrol(shared.practice.last_code(shared.kim.own_room))
        await jo.sends_photo(JPEG + b"whose", caption="rash")
        image = await latest_image(shared)
        assert not image.patient_id and "Whose photo is" in jo.last_heard
        await jo.writes("1")
        assert (await latest_image(shared)).patient_id
