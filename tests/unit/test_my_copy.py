"""Patients get a copy of what is held about them, as an encrypted file in their own chat (R24)."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.entries import HeldEntry
from bot.domain.errors import OutsideFailure
from bot.domain.identifiers import Account, MediaId
from bot.domain.parts import parts
from tests.cases import Shared, matches, shared_practice, taps
from tests.colleagues import FILE, LINE, image_of
from tests.fakes import Post
from tests.practice import JPEG, Practice, Someone, staffed_practice

ENTRIES = st.lists(
    st.builds(HeldEntry, st.uuids().map(str), st.sampled_from(["IMG-1", "IMG-2", ""]), st.integers(0, 40)),
    unique_by=lambda one: one.entry_id,
)


@given(ENTRIES, st.integers(1, 50))
def test_R24_every_entry_is_in_exactly_one_part_and_no_part_is_too_large(
    entries: list[HeldEntry], largest: int
) -> None:
    found = parts(entries, largest)
    assert sorted(one for part in found for one in part) == sorted(entry.entry_id for entry in entries)
    sizes = {entry.entry_id: entry.size for entry in entries}
    assert all(part for part in found)
    assert all(sum(sizes[one] for one in part) <= largest or len(part) == 1 for part in found)


def test_what_belongs_to_one_image_stays_together() -> None:
    entries = [HeldEntry("a", "IMG-1", 5), HeldEntry("b", "IMG-2", 5), HeldEntry("c", "IMG-1", 5)]
    assert parts(entries, 10) == [("a", "c"), ("b",)]


def files_sent(shared: Shared, room: str) -> list[Post]:
    return [post for post in shared.practice.posts_in(room) if post.content.get("msgtype") == "m.file"]


def opened(shared: Shared, post: Post) -> zipfile.ZipFile:
    return unzipped(shared.practice, post)


def unzipped(practice: Practice, post: Post) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(practice.homeserver.media[post.content["file"]["url"]]))


async def test_the_copy_holds_originals_notes_consents_disclosures_and_receipts(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!show {shared.image.ref}")
        await shared.lee.writes(f"!note {shared.image.ref} contact dermatitis")
        await shared.taught()
        await shared.sam.writes("my copy")
        (sent,) = files_sent(shared, shared.sam.own_room)
        archive = opened(shared, sent)
        names = set(archive.namelist())
        assert archive.read(f"{shared.image.ref}.jpg") == JPEG
        for kind in ("note-1.txt", "consent-1.json", "disclosure-1.json", "receipt-1.json"):
            assert f"{shared.image.ref}-{kind}" in names, names
        assert "contact dermatitis" in archive.read("index.html").decode()
        listed = json.loads(archive.read("record.json"))
        assert listed["patient"]["mrn"] == "10421"
        assert sent.content["info"]["mimetype"] == "application/zip"
        assert "Sam" not in sent.body and shared.image.ref not in sent.body


async def test_the_copy_is_ledgered_before_it_is_uploaded_and_gone_after_its_time(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.writes("my copy")
        (sent,) = files_sent(shared, shared.sam.own_room)
        url = sent.content["file"]["url"]
        async with shared.practice.journal.reading() as rows:
            (copy,) = await rows.copies.find(mxc=url)
            assert copy.owner == "@bot:hs.test"
        await shared.practice.after(days=2)
        assert url in shared.practice.homeserver.media
        await shared.practice.after(days=2)
        assert url not in shared.practice.homeserver.media
        assert sent.event_id in shared.practice.homeserver.redacted


async def test_nothing_of_it_is_ever_on_the_disk_in_clear(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!note {shared.image.ref} CANARY-dermatitis")
        await shared.sam.writes("my copy")
        assert files_sent(shared, shared.sam.own_room)
        for path in tmp_path.rglob("*"):
            if path.is_file():
                data = path.read_bytes()
                assert b"CANARY-dermatitis" not in data and JPEG not in data and b"index.html" not in data


async def test_a_large_record_comes_in_several_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.core.effects.send_copy.parts", lambda entries: parts(entries, 1000))
    async with shared_practice(tmp_path) as shared:
        await shared.sam.sends_photo(JPEG + b"2", caption="knee")
        await shared.sam.writes("my copy")
        sent = files_sent(shared, shared.sam.own_room)
        names = [name for post in sent for name in opened(shared, post).namelist() if name.endswith(".jpg")]
        assert len(sent) > 1 and len(names) == len(set(names)) == 2
        assert sent[0].body == f"copy-of-the-record-1-of-{len(sent)}.zip"
        assert all("index.html" in opened(shared, post).namelist() for post in sent)


async def test_what_the_law_conceals_is_not_in_the_copy(tmp_path: Path) -> None:
    """R13a."""
    async with shared_practice(tmp_path) as shared:
        law = f'!required-by-law {shared.image.ref} basis "subpoena 12" authority "Court" recipient "the registrar"'
        await shared.kim.writes(f"{law} without telling the patient")
        await shared.sam.writes("my copy")
        (sent,) = files_sent(shared, shared.sam.own_room)
        archive = opened(shared, sent)
        assert not any(b"subpoena" in archive.read(name) for name in archive.namelist())


async def test_whoever_may_not_answer_gets_no_copy(tmp_path: Path) -> None:
    """A grown-up child may send photos for a parent who decides for themselves, and gets no copy of their record."""
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes('!link 10421 child "Ann Patel"')
        ann = Someone(shared.practice, Account("@ann:hs.test"), "AnnIdentity")
        await ann.enrol(shared.practice.last_code(shared.kim.own_room))
        await ann.writes("my copy")
        assert "who decides for a patient" in ann.last_heard
        assert not files_sent(shared, ann.own_room)


async def test_whoever_answers_for_several_says_whose_copy(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes('!enrol patient 10422 "Mia Patel" 2015-02-01 parent "Sam Patel"')
        await shared.sam.enrol(shared.practice.last_code(shared.kim.own_room))
        await shared.sam.writes("my copy")
        assert not files_sent(shared, shared.sam.own_room)
        await taps(shared.sam, "Mia Patel")
        assert "nothing filed that I can copy" in shared.sam.last_heard
        await shared.sam.writes("my copy")
        await taps(shared.sam, "Sam Patel")
        (sent,) = files_sent(shared, shared.sam.own_room)
        assert json.loads(opened(shared, sent).read("record.json"))["patient"]["name"] == "Sam Patel"


async def test_authority_that_ended_before_the_sending_gets_nothing(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.writes("my copy", settle=False)
        await shared.practice.inbox.drain()
        async with shared.practice.journal.transaction() as rows:
            (held,) = await rows.authorities.find(patient_id=shared.image.patient_id)
            await rows.authorities.save(replace(held, until=date(2020, 1, 1)))
        await shared.practice.settle()
        assert not files_sent(shared, shared.sam.own_room)


async def test_killed_after_the_upload_the_copy_is_not_sent_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shared_practice(tmp_path) as shared:
        put, died = shared.practice.homeserver.put, list[str]()

        async def die(mxc: str, data: bytes) -> dict[str, object]:
            file = await put(MediaId(mxc), data)
            if not died:
                died.append(mxc)
                raise RuntimeError("as good as killed")
            return file

        monkeypatch.setattr(shared.practice.homeserver, "put", die)
        await shared.sam.writes("my copy")
        await shared.practice.after(minutes=1)
        assert not files_sent(shared, shared.sam.own_room)
        assert "interrupted" in shared.sam.last_heard
        await shared.practice.after(days=4)
        assert died[0] not in shared.practice.homeserver.media


async def test_a_copy_with_somebody_elses_photo_is_a_breach_when_that_is_found(tmp_path: Path) -> None:
    """R25: re-filing knows who has a copy."""
    async with shared_practice(tmp_path) as shared:
        await shared.sam.writes("my copy")
        await shared.kim.writes('!enrol patient 10422 "Alex Ng" 2001-12-01')
        await shared.kim.writes(f"!refile {shared.image.ref} 10422 2001-12-01")
        await taps(shared.kim, "Move")
        assert any("not yours" in words and "delete it" in words for words in shared.sam.heard)
        async with shared.practice.journal.reading() as rows:
            (breach,) = await rows.breaches.find()
        assert "Sam Patel" in breach.what


async def test_R25_a_copy_that_was_never_sent_is_recalled_from_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its first words were held back until they could have no copy any more: nobody has it, and nobody hears of a mistake."""
    async with shared_practice(tmp_path) as shared:
        practice, sam = shared.practice, shared.sam
        with monkeypatch.context() as held_back:
            held_back.setattr(practice.homeserver, "send", _fails)
            await sam.writes("my copy")
            async with practice.journal.transaction() as rows:
                (held,) = await rows.authorities.find(patient_id=shared.image.patient_id)
                await rows.authorities.save(replace(held, until=date(2020, 1, 1)))
        await practice.after(hours=2)
        assert not files_sent(shared, sam.own_room)
        async with practice.journal.reading() as rows:
            assert not [seen for seen in await rows.disclosures.of_image(shared.image.id) if seen.how == "copy"]
        await shared.kim.writes('!enrol patient 10422 "Alex Ng" 2001-12-01')
        await shared.kim.writes(f"!refile {shared.image.ref} 10422 2001-12-01")
        await taps(shared.kim, "Move")
        assert not any("not yours" in words for words in sam.heard)


async def _fails(*_: object, **__: object) -> None:
    raise OutsideFailure("held back")


async def test_R30_a_photo_that_lay_in_the_record_by_mistake_leaves_no_trace_in_the_copy_of_whom_it_never_reached(
    tmp_path: Path,
) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes('!enrol patient 10422 "Alex Ng" 2011-12-01')
        await shared.lee.sends_photo(JPEG + b"2", LINE)
        await taps(shared.lee, FILE)
        image = await image_of(shared.practice, JPEG + b"2")
        assert image.patient_id == shared.image.patient_id
        await shared.kim.writes(f"!refile {image.ref} 10422 2011-12-01")
        await taps(shared.kim, "Move")
        await shared.sam.writes("my copy")
        archive = opened(shared, files_sent(shared, shared.sam.own_room)[-1])
        assert not any(image.ref.encode() in archive.read(name) or image.ref in name for name in archive.namelist())


async def test_R24_whoever_sent_it_reads_in_their_copy_that_it_was_moved(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes('!enrol patient 10422 "Alex Ng" 2011-12-01')
        await shared.kim.writes(f"!refile {shared.image.ref} 10422 2011-12-01")
        await taps(shared.kim, "Move")
        await shared.sam.writes("my copy")
        archive = opened(shared, files_sent(shared, shared.sam.own_room)[-1])
        assert "by mistake" in archive.read("index.html").decode()


@pytest.mark.parametrize("misfiled", [True, False])
async def test_R29_R30_the_line_a_colleague_wrote_with_their_photo_stands_in_no_copy(
    tmp_path: Path, misfiled: bool
) -> None:
    """It may name another patient: whose record it lay in by mistake, or whom the colleague named first."""
    async with staffed_practice(tmp_path) as people:
        practice, kim, lee, sam = people.practice, people.kim, people.lee, people.sam
        await kim.writes('!enrol patient 10422 "Alex Ng" 2001-12-01')
        await lee.sends_photo(caption="body 10422 2001-12-01 mine verbal today")
        if misfiled:
            await taps(lee, FILE)
            await kim.writes(f"!refile {(await practice.only_image()).ref} 10421 1984-03-07")
            await taps(kim, "Move")
        else:
            await lee.writes("body 10421 1984-03-07 mine verbal today")
            await taps(lee, FILE)
        await sam.writes("my copy")
        (sent,) = [post for post in practice.posts_in(sam.own_room) if post.content.get("msgtype") == "m.file"]
        archive = unzipped(practice, sent)
        assert any(name.endswith(".jpg") for name in archive.namelist())
        told = " ".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
        assert "10422" not in told and "2001-12-01" not in told


def lying_there(shared: Shared, room: str) -> list[Post]:
    homeserver = shared.practice.homeserver
    return [
        post
        for post in files_sent(shared, room)
        if post.event_id not in homeserver.redacted or post.content["file"]["url"] in homeserver.media
    ]


async def test_however_often_it_is_asked_for_one_copy_lies_in_the_chat(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.writes("my copy")
        assert "earlier" not in shared.sam.heard[-2]
        for _ in range(5):
            await shared.sam.writes("my copy")
        assert len(files_sent(shared, shared.sam.own_room)) == 6
        (there,) = lying_there(shared, shared.sam.own_room)
        assert opened(shared, there).testzip() is None
        assert "The earlier one goes from this chat." in shared.sam.heard[-2]


async def test_the_copy_of_another_record_stays_where_it_is(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes('!enrol patient 10422 "Mia Patel" 2015-02-01 parent "Sam Patel"')
        await shared.sam.enrol(shared.practice.last_code(shared.kim.own_room))
        await shared.sam.sends_photo(JPEG + b"2", caption="rash")
        hers = (await shared.practice.images())[-1]
        await matches(shared.kim, hers.ref, "10422 2015-02-01")
        await shared.practice.after(minutes=1)
        for whose in ("Mia Patel", "Sam Patel"):
            await shared.sam.writes("my copy")
            await taps(shared.sam, whose)
        assert len(lying_there(shared, shared.sam.own_room)) == 2
