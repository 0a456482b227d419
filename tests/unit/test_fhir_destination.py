"""A practice whose copies go to a FHIR server: who hears what, what the chat waits for, and what becomes of a copy."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.core.watches.deliver import DeliveryWatch
from bot.domain.assurance import Level, Residue
from bot.domain.copies import SETTLED
from bot.domain.delivery import Delivery
from bot.domain.delivery_events import TriedAnew, delivery_after
from bot.domain.destination import Destination
from bot.domain.entries import Entry, EntryKind, PatientIdentity
from bot.domain.errors import Permanent
from bot.domain.identifiers import PatientId
from bot.domain.image import Image
from bot.ports import CopyPlace
from storage.records.fhir.fhir_removal import Removal
from storage.records.fhir.fhir_server import FHIR_JSON
from storage.records.record_tables import deliveries, place_notes
from tests.cases import TEACHING, taps
from tests.contract.a_place import ANN, SAM
from tests.contract.fhir_places import OnAFake, on_a_fake, patient
from tests.fakes import PlainSummaries
from tests.fhir_fake import FhirFake, Ways, only
from tests.practice import JPEG, Staffed, staffed_practice

SERVER = Destination("Harbour Street FHIR", wait=Level.VERIFIED, takes_page=False)


@dataclass
class Filing:
    """A staffed practice with a FHIR server, and the watch that looks after it."""

    people: Staffed
    at: OnAFake
    watch: DeliveryWatch

    @property
    def fake(self) -> FhirFake:
        return self.at.fake

    async def turns(self, **time: float) -> None:
        await self.people.practice.after(**time)
        await self.watch.look()

    async def delivery(self, entry_id: str) -> Delivery:
        async with self.people.practice.journal.reading() as rows:
            found = await rows.deliveries.to(SERVER.name, entry_id)
        assert found is not None
        return found

    async def told(self, words: str) -> int:
        await self.people.practice.settle()
        room = await self.people.practice.practice_room()
        return sum(words in line for line in self.people.practice.seen_in(room))

    async def purged(self) -> bool:
        async with self.people.practice.journal.reading() as rows:
            copies = [copy for copy in await rows.copies.find() if copy.mxc or copy.what.value == "message"]
        return bool(copies) and all(copy.state in SETTLED for copy in copies)

    async def identity(self, patient_id: PatientId) -> PatientIdentity:
        async with self.people.practice.journal.reading() as rows:
            return (await rows.patients.get(patient_id)).identity

    async def enrols(self, known: PatientIdentity) -> PatientIdentity:
        """Another patient of the practice."""
        async with self.people.practice.journal.transaction() as rows:
            image = await self.people.practice.only_image()
            other = await rows.patients.get(image.patient_id)
            other = replace(other, id=PatientId("ann"), mrn=known.mrn, name=known.name, born=known.born)
            await rows.patients.add(other)
        return other.identity

    async def notes(self, image: Image) -> dict[str, str]:
        """What is noted of where a photo's bytes lie there."""
        delivery = await self.delivery(image.id)
        return await self.at.notes.about(delivery.under(image.patient_id)["id"])

    def photos(self) -> dict[str, bytes]:
        """What somebody sees who opens each patient's record there: the bytes, by patient."""
        numbers = {f"Patient/{one['id']}": one["identifier"][0]["value"] for one in self.fake.all("Patient")}
        bytes_at = {f"Binary/{one['id']}": base64.b64decode(one["data"]) for one in self.fake.all("Binary")}
        current = [one for one in self.fake.all("DocumentReference") if one["status"] == "current"]
        return {
            numbers[one["subject"]["reference"]]: bytes_at[one["content"][0]["attachment"]["url"]]
            for one in current
            if "url" in one["content"][0]["attachment"]
        }


@asynccontextmanager
async def filing(directory: Path, ways: Ways | None = None, to: Destination = SERVER) -> AsyncIterator[Filing]:
    async with on_a_fake(directory, ways) as at:
        place = CopyPlace(to, at.copy())
        async with staffed_practice(directory / "practice", places=lambda _keys: (place,)) as people:
            practice = people.practice
            watch = DeliveryWatch(practice.journal, practice.dispatch, practice.record, practice.further, place)
            yield Filing(people, at, watch)


async def test_R16_the_chat_is_cleared_once_the_photo_was_read_back_from_the_server_too(tmp_path: Path) -> None:
    async with filing(tmp_path) as at:
        await at.people.sam.sends_photo(JPEG, "rash on my arm")
        await at.people.practice.settle()
        assert not await at.purged()
        await at.watch.look()
        await at.people.practice.settle()
        assert at.photos() == {"10421": JPEG} and await at.purged(), "at once: nobody waits for the next look"
        image = await at.people.practice.only_image()
        await at.people.kim.writes(f"!status {image.ref}")
        assert "in “Harbour Street FHIR”: verified (original)" in at.people.kim.last_heard
        (document,) = [one for one in at.fake.all("DocumentReference") if len(one["identifier"]) == 2]
        assert document["description"].startswith("Purpose: care. Reason: rash on my arm. Consent: implied")
        assert "proof" not in json.dumps(at.fake.all("DocumentReference"))
        assert document["author"] == [{"display": "Sam Patel (self)"}]


async def test_no_page_is_drawn_for_a_place_that_takes_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would decode every photo once more while somebody waits."""
    monkeypatch.setattr(PlainSummaries, "page", lambda *_: pytest.fail("drawn"))
    async with filing(tmp_path) as at:
        await at.people.sam.sends_photo(JPEG, "rash on my arm")
        await at.watch.look()
        assert at.photos() == {"10421": JPEG}


async def test_a_server_that_is_away_holds_up_nothing_but_the_clearing_and_is_told_of_once(tmp_path: Path) -> None:
    async with filing(tmp_path) as at:
        await at.people.sam.sends_photo(JPEG, "rash on my arm")
        url = at.fake.url
        at.fake.ways = replace(at.fake.ways, token="changed there")
        for _ in range(3):
            await at.turns(minutes=5)
        assert await at.told("it does not let me in") == 1
        assert not await at.purged() and at.fake.url == url
        at.fake.ways = Ways()
        await at.turns(minutes=5)
        assert at.photos() == {"10421": JPEG}
        assert await at.told("works again, and has got all that waited") == 1


@pytest.mark.parametrize("odd", [{"entry": None}, {"entry": [{"resource": {"resourceType": "Patient", "link": 3}}]}])
async def test_an_answer_that_nobody_foresaw_is_the_servers_trouble_and_stops_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, odd: dict[str, object]
) -> None:
    async with filing(tmp_path) as at:
        with monkeypatch.context() as patch:
            told = web.json_response({"resourceType": "Bundle"} | odd, content_type=FHIR_JSON)
            patch.setattr(FhirFake, "_search", lambda *_: copy(told))
            await at.people.sam.sends_photo(JPEG, "rash on my arm")
            for _ in range(3):
                await at.turns(minutes=5)
        assert await at.told("it answers, but with errors") == 1
        await at.turns(minutes=5)
        assert at.photos() == {"10421": JPEG}
        assert await at.told("works again, and has got all that waited") == 1


def flipping(read: Any) -> Any:
    """A server of which what comes back differs by a bit from what was sent there."""

    def flips(self: FhirFake, path: str, request: web.Request) -> web.Response:
        answer: web.Response = read(self, path, request)
        if path.startswith("Binary/") and isinstance(answer.body, bytes) and "json" not in answer.content_type:
            answer.body = answer.body[:7] + bytes([answer.body[7] ^ 1]) + answer.body[8:]
        return answer

    return flips


async def test_R35_what_people_were_asked_to_look_at_is_said_to_be_right_once_it_is_and_nothing_else_stands_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A byte was flipped on the way back."""
    async with filing(tmp_path) as at:
        await at.people.sam.sends_photo(JPEG, "rash on my leg")
        await at.watch.look()
        with monkeypatch.context() as patch:
            patch.setattr(FhirFake, "_read", flipping(FhirFake._read))
            for number in range(2):
                await at.people.sam.sends_photo(JPEG + b"%d" % number, "rash on my arm")
                await at.watch.look()
        assert await at.told("may or may not be in “Harbour Street FHIR” as it should be") == 1
        assert await at.told("as it should be: verified (original)") == 0
        for _ in range(3):
            await at.turns(minutes=20)
        assert {(await at.delivery(image.id)).state for image in await at.people.practice.images()} == {Level.VERIFIED}
        assert await at.told("as it should be: verified (original). I asked you to look there") == 1


async def test_R15_a_patient_who_is_not_known_there_is_told_of_and_asked_for_again_the_next_day(tmp_path: Path) -> None:
    async with filing(tmp_path) as at:
        (sam,) = [one for one in at.fake.all("Patient") if one["birthDate"] == SAM.born.isoformat()]
        at.fake.put({**sam, "birthDate": "1984-07-03"})
        await at.people.sam.sends_photo(JPEG, "rash on my arm")
        await at.turns(minutes=1)
        image = await at.people.practice.only_image()
        delivery = await at.delivery(image.id)
        assert (delivery.state, delivery.why) == (Level.REFUSED, "no-patient")
        said = f"“Harbour Street FHIR” knows no patient 10421 born 7 March 1984, so {image.ref} is not copied to it."
        assert await at.told(said) == 1
        await at.turns(hours=2)
        assert at.photos() == {} and await at.told(said) == 1
        await at.turns(hours=23)
        assert await at.people.practice.audited("delivery.Declined", image.id) == 1, "R27: nothing changed"
        await at.turns(hours=25)
        assert await at.told("knows no patient 10421") == 1, "asked again, and nothing changed"
        at.fake.put(patient(SAM, id=sam["id"]))
        await at.turns(hours=25)
        assert at.photos() == {"10421": JPEG}
        assert (await at.delivery(image.id)).state is Level.VERIFIED
        assert len(at.fake.all("Patient")) == 2, "none was made"


@pytest.mark.parametrize("keeps_versions", [False, True])
async def test_R15_a_photo_that_is_re_filed_there_and_back_is_in_one_record_at_a_time(
    tmp_path: Path, keeps_versions: bool
) -> None:
    async with filing(tmp_path, only(keeps_versions=keeps_versions)) as at:
        practice = at.people.practice
        await at.people.sam.sends_photo(JPEG, "rash on my arm")
        await at.turns(minutes=1)
        image = await practice.only_image()
        sam, ann = await at.identity(image.patient_id), await at.enrols(ANN)
        for whose in (ann, sam, ann):
            await practice.record.move([image.id], whose)
            await at.turns(minutes=5)
            assert at.photos() == {whose.mrn: JPEG}
            assert (await at.delivery(image.id)).state is Level.VERIFIED
            (current,) = [one for one in at.fake.all("DocumentReference") if one["status"] == "current"]
            names_sam = [mark for mark in ("Sam Patel", "@sam", "given by") if mark in json.dumps(current)]
            assert bool(names_sam) == (whose == sam), "R30: neither as author nor as who agreed"
        assert await practice.audited("delivery.wrong-one-removed", image.id) == 3
        left = f"{image.ref} was moved to another record. Its copy in “Harbour Street FHIR” keeps older versions of it"
        assert await at.told(left) == 3 * keeps_versions
        room = await practice.practice_room()
        assert not any("20771" in line or "Ann" in line for line in practice.seen_in(room))


async def test_R15_what_moves_to_a_patient_who_is_not_known_there_leaves_the_wrong_record_all_the_same(
    tmp_path: Path,
) -> None:
    async with filing(tmp_path) as at:
        practice = at.people.practice
        await at.people.sam.sends_photo(JPEG, "rash on my arm")
        await at.turns(minutes=1)
        image = await practice.only_image()
        await practice.record.move([image.id], await at.enrols(replace(ANN, mrn="99")))
        await at.turns(minutes=5)
        assert at.photos() == {} and (await at.delivery(image.id)).why == "no-patient"


async def test_R13_a_withdrawn_consent_is_inactive_there_and_the_photo_stays(tmp_path: Path) -> None:
    async with filing(tmp_path) as at:
        await at.people.sam.sends_photo(JPEG, "rash on my arm")
        await at.turns(minutes=1)
        image = await at.people.practice.only_image()
        derm = '!enrol outside-clinician @derm:hs.test "Dr Derm"'
        await at.people.kim.joins_as("@derm:hs.test", "DermIdentity", derm)
        await at.people.lee.writes(TEACHING.format(ref=image.ref))
        await taps(at.people.sam, "Yes")
        await at.turns(minutes=1)
        (consent,) = at.fake.all("Consent")
        assert consent["status"] == "active"
        await at.people.sam.writes(f"withdraw {image.ref}")
        await at.turns(minutes=5)
        assert {one["status"] for one in at.fake.all("Consent")} == {"inactive"}
        assert len(at.fake.all("Consent")) == 2 and at.photos() == {"10421": JPEG}


@pytest.mark.parametrize("keeps_versions", [False, True])
async def test_R23_what_is_destroyed_goes_from_the_server_and_the_register_says_what_it_keeps(
    tmp_path: Path, keeps_versions: bool
) -> None:
    async with filing(tmp_path, only(keeps_versions=keeps_versions)) as at:
        practice, kim = at.people.practice, at.people.kim
        await at.people.sam.sends_photo(JPEG, "rash on my arm")
        await at.turns(minutes=1)
        image = await practice.only_image()
        await at.turns(days=8 * 366)
        await kim.writes(f"!destroy {image.ref}")
        await taps(kim, "Destroy")
        await practice.after(hours=1)
        assert "is destroyed" in kim.last_heard
        assert at.photos() == {} and at.fake.all("Binary") == []
        left = "copy in “Harbour Street FHIR”: old versions remain there"
        assert (left in kim.last_heard) == keeps_versions
        wanted = Residue.OLD_VERSIONS if keeps_versions else Residue.GONE
        async with practice.journal.reading() as rows:
            assert {one.residue for one in await rows.deliveries.of_entries((image.id,))} == {wanted}


async def test_nothing_is_there_twice_after_a_backup_older_than_the_deliveries_was_restored(tmp_path: Path) -> None:
    """R35: the server is asked first, by our own id."""
    async with filing(tmp_path) as at:
        practice = at.people.practice
        await at.people.sam.sends_photo(JPEG, "rash on my arm")
        await at.turns(minutes=1)
        before = json.dumps([at.fake.versions[path] for path in sorted(at.fake.versions)])
        async with practice.database.transaction() as connection:
            await connection.execute(deliveries.delete())
            await connection.execute(place_notes.delete())
        await practice.record.fill(SERVER)
        await at.turns(minutes=1)
        assert json.dumps([at.fake.versions[path] for path in sorted(at.fake.versions)]) == before
        image = await practice.only_image()
        assert (await at.delivery(image.id)).state is Level.VERIFIED


async def teaching_is_agreed(at: Filing) -> Image:
    """A photo is filed, and its patient says yes to teaching."""
    await at.people.sam.sends_photo(JPEG, "rash on my arm")
    await at.turns(minutes=1)
    image = await at.people.practice.only_image()
    await at.people.kim.joins_as("@derm:hs.test", "DermIdentity", '!enrol outside-clinician @derm:hs.test "Dr Derm"')
    await at.people.lee.writes(TEACHING.format(ref=image.ref))
    await taps(at.people.sam, "Yes")
    return image


async def test_R30_consents_end_there_also_when_the_right_patient_is_not_known_there(tmp_path: Path) -> None:
    async with filing(tmp_path) as at:
        image = await teaching_is_agreed(at)
        await at.turns(minutes=1)
        assert [one["status"] for one in at.fake.all("Consent")] == ["active"]
        await at.people.practice.record.move([image.id], await at.enrols(replace(ANN, mrn="99")))
        await at.turns(minutes=5)
        assert (await at.delivery(image.id)).why == "no-patient" and at.photos() == {}
        assert [one["status"] for one in at.fake.all("Consent")] == ["inactive"]


async def test_R30_a_consent_that_arrives_after_its_image_was_re_filed_permits_nothing(tmp_path: Path) -> None:
    """The server was away meanwhile; so is everything that `destinations fill` sends there later."""
    async with filing(tmp_path) as at:
        image = await teaching_is_agreed(at)
        assert at.fake.all("Consent") == []
        ann = await at.enrols(ANN)
        await at.people.kim.writes(f"!refile {image.ref} {ann.mrn} {ann.born.isoformat()}")
        await taps(at.people.kim, "Move")
        await at.turns(minutes=5)
        assert at.photos() == {ANN.mrn: JPEG}
        (consent,) = at.fake.all("Consent")
        assert consent["status"] == "inactive" and "provision" not in consent["provision"]


async def test_R35_a_consent_that_the_server_will_not_have_is_told_once_and_tried_again_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The document that people read is there, so it counts as verified; programs there know nothing of what was agreed."""
    async with filing(tmp_path) as at:
        create = FhirFake._create

        def refuses(self: FhirFake, kind: str, request: web.Request, body: bytes) -> web.Response:
            return web.json_response({}, status=422) if kind == "Consent" else create(self, kind, request, body)

        monkeypatch.setattr(FhirFake, "_create", refuses)
        image = await teaching_is_agreed(at)
        await at.turns(minutes=5)
        await at.people.sam.writes(f"withdraw {image.ref}")
        await at.turns(days=2)
        journal = at.people.practice.journal
        async with journal.reading() as rows:
            lacking = await rows.deliveries.lacking_beside(SERVER.name)
        assert {one.state for one in lacking} == {Level.VERIFIED} and len(lacking) == 2
        assert await at.told("was not accepted there, so programs there don't know of it") == 1
        await at.people.kim.writes("!status")
        assert "verified (original; what programs read beside it was not accepted there)" in at.people.kim.last_heard
        monkeypatch.undo()
        async with journal.transaction() as rows:
            for one in lacking:
                await rows.deliveries.save(delivery_after(one, TriedAnew(at.people.practice.clock.now())))
        await at.turns(minutes=1)
        assert len(at.fake.all("Consent")) == 2
        async with journal.reading() as rows:
            assert await rows.deliveries.lacking_beside(SERVER.name) == []


def refuses_documents(patch: pytest.MonkeyPatch) -> None:
    create = FhirFake._create

    def refuses(self: FhirFake, kind: str, request: web.Request, body: bytes) -> web.Response:
        return web.json_response({}, status=422) if kind == "DocumentReference" else create(self, kind, request, body)

    patch.setattr(FhirFake, "_create", refuses)


async def test_R23_of_a_photo_that_the_server_refuses_nothing_stays_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its bytes go first: with nothing that points at them, nobody would find them there."""
    refuses_documents(monkeypatch)
    async with filing(tmp_path) as at:
        await at.people.sam.sends_photo(JPEG, "rash on my arm")
        await at.turns(minutes=1)
        image = await at.people.practice.only_image()
        assert (await at.delivery(image.id)).why == "not-accepted"
        assert at.fake.all("Binary") == [] and await at.notes(image) == {}
        at.people.practice.further.places = ()
        assert await at.people.practice.further.take_out([image.id]) == {}


async def test_R23_bytes_that_a_server_refuses_to_give_back_are_never_called_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuses_documents(monkeypatch)
    async with filing(tmp_path, only(never_deletes=frozenset({"Binary"}))) as at:
        await at.people.sam.sends_photo(JPEG, "rash on my arm")
        await at.turns(minutes=1)
        image = await at.people.practice.only_image()
        assert (await at.delivery(image.id)).why == "not-accepted" and len(at.fake.all("Binary")) >= 1
        assert await at.told("What was sent of it before may still be there") == 1
        at.people.practice.further.places = ()
        left = await at.people.practice.further.take_out([image.id])
        assert left[SERVER.name].residue is Residue.BEYOND_REACH


@pytest.mark.parametrize("why", ["other-record", "twice-there"])
async def test_R23_what_lies_there_otherwise_than_it_should_is_left_to_a_person_and_never_called_gone(
    tmp_path: Path, why: str
) -> None:
    """Somebody there moved the document to another patient, or copied it; then a backup from before was restored here."""
    async with filing(tmp_path) as at:
        practice = at.people.practice
        await at.people.sam.sends_photo(JPEG, "rash on my arm")
        await at.turns(minutes=1)
        (document,) = at.fake.all("DocumentReference")
        (ann,) = [one["id"] for one in at.fake.all("Patient") if one["identifier"][0]["value"] == ANN.mrn]
        if why == "other-record":
            at.fake.put({**document, "subject": {"reference": f"Patient/{ann}"}})
        else:
            at.fake.put({**document, "id": "another"})
        async with practice.database.transaction() as connection:
            await connection.execute(deliveries.delete())
        await practice.record.fill(SERVER)
        await at.turns(minutes=1)
        image = await practice.only_image()
        assert (await at.delivery(image.id)).why == why
        assert at.fake.all("DocumentReference") and at.fake.all("Binary"), "a person is to look at it"
        practice.further.places = ()
        left = await practice.further.take_out([image.id])
        assert left[SERVER.name].residue is Residue.BEYOND_REACH


async def test_R15_each_patient_who_is_not_known_there_is_told_of_and_of_many_how_many_they_are(tmp_path: Path) -> None:
    async with filing(tmp_path) as at:
        for one in at.fake.all("Patient"):
            await at.at.drop(f"Patient/{one['id']}")
        practice = at.people.practice
        await at.people.sam.sends_photo(JPEG, "rash on my arm")
        await at.turns(minutes=1)
        image = await practice.only_image()
        async with practice.journal.transaction() as rows:
            sam = await rows.patients.get(image.patient_id)
            others = [replace(sam, id=PatientId(f"p{number}"), mrn=f"3000{number}") for number in range(7)]
            for other in others:
                await rows.patients.add(other)
        for number, other in enumerate(others):
            at_once = practice.clock.now()
            note = Entry(
                f"n{number}", EntryKind.NOTE, other.identity, f"IMG-N{number}", at_once, "Dr Lee", {}, text="dry"
            )
            await practice.record.file(note)
            await at.turns(minutes=1)
        assert [await at.told(f"knows no patient 3000{number}") for number in range(7)] == [1] * 4 + [0] * 3
        assert await at.told("IMG-N4 is not copied to") == 1 and await at.told("The same is true of 6 entries") == 1
        for _ in range(3):
            await at.turns(hours=25)
        assert await at.told("knows no patient") == 5 and await at.told("The same is true of") == 1, "nothing changed"


@pytest.mark.parametrize("deletes", [True, False])
async def test_R15_a_server_that_will_not_have_the_wrong_copy_emptied_has_the_right_one_verified_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deletes: bool
) -> None:
    never = frozenset() if deletes else frozenset({"DocumentReference", "Binary"})
    async with filing(tmp_path, only(never_deletes=never)) as at:
        practice = at.people.practice
        await at.people.sam.sends_photo(JPEG, "rash on my arm")
        await at.turns(minutes=1)
        image, update = await practice.only_image(), FhirFake._update

        def refuses(self: FhirFake, path: str, request: web.Request, body: bytes) -> web.Response:
            emptied = b"entered-in-error" in body
            return web.json_response({}, status=422) if emptied else update(self, path, request, body)

        monkeypatch.setattr(FhirFake, "_update", refuses)
        await practice.record.move([image.id], await at.enrols(ANN))
        await at.turns(minutes=5)
        delivery = await at.delivery(image.id)
        assert (delivery.state, delivery.why) == (Level.VERIFIED, "") and at.photos()[ANN.mrn] == JPEG
        assert await at.told("can't be copied") == 0
        assert ("10421" in at.photos()) == (not deletes)
        assert await at.told("is out of my reach: please have it removed there") == (not deletes)


async def test_R15_a_server_that_neither_empties_nor_removes_the_wrong_copy_keeps_the_right_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with filing(tmp_path) as at:
        practice = at.people.practice
        await at.people.sam.sends_photo(JPEG, "rash on my arm")
        await at.turns(minutes=1)
        image = await practice.only_image()

        async def refuses(*_: object, **__: object) -> Residue:
            raise Permanent("will not")

        monkeypatch.setattr(Removal, "voided", refuses)
        monkeypatch.setattr(Removal, "removed", refuses)
        await practice.record.move([image.id], await at.enrols(ANN))
        await at.turns(minutes=5)
        delivery = await at.delivery(image.id)
        assert (delivery.state, delivery.why) == (Level.VERIFIED, "") and at.photos()[ANN.mrn] == JPEG
        assert await at.told("is out of my reach: please have it removed there") == 1
