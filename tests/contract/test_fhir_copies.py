"""What a FHIR server gets of an entry: under the one right patient or not at all, as the server takes it, and what is left."""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bot.domain.assurance import Assurance, CopyForm, Level, Residue
from bot.domain.consignment import Consignment
from bot.domain.delivery_reasons import ALONE, BESIDE_TWICE, LOST, OF_THE_PATIENT, OTHER_RECORD, TWICE
from bot.domain.destination import Destination
from bot.domain.entries import EntryKind
from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.formal_names import FormalName
from bot.words import about_further_copies as words_of
from storage.records.fhir import fhir_binaries, fhir_companions
from storage.records.fhir.fhir_access import NOT_LET_IN, GivenToken, SmartBackend
from storage.records.fhir.fhir_binaries import Upload
from storage.records.fhir.fhir_copy import FhirCopy
from storage.records.fhir.fhir_server import NOT_FHIR, NOT_SHOWN, FhirServer
from tests import fhir_fake
from tests.fhir_fake import KINDS, FhirFake, Resource, Ways, only
from tests.fhir_sekmet import MRN
from tests.patience import PATIENCE

from .a_place import ANN, SAM
from .fhir_places import AFhirServer, a_medplum, a_sekmet, on_a_fake, patient

VERIFIED = Assurance(Level.VERIFIED)
SERVERS_OF_OTHERS: Mapping[str, Callable[[Path], AbstractAsyncContextManager[AFhirServer]]] = {
    "sekmet": a_sekmet,
    "medplum": a_medplum,
}
GRANTED = {
    "use": "u1",
    "purpose": "education",
    "answer": "granted",
    "by": "Sam Patel",
    "capacity": "self",
    "at": "2026-03-09T10:00:00+00:00",
    "recipients": ["Dr Derm", "Dr Voss"],
    "until": "2026-06-01",
}
SHOWN = {"to": "Dr Derm", "role": "outside clinician", "purpose": "care"}
WITHDRAWN = GRANTED | {"answer": "withdrawn", "at": "2026-03-10T10:00:00+00:00"}


def words(at: AFhirServer, kind: EntryKind, entry_id: str, facts: dict[str, Any]) -> Consignment:
    content = b"healing well"
    return replace(
        at.photo(entry_id=entry_id),
        kind=kind,
        facts=facts,
        media_type="",
        is_text=True,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
    )


async def placed(at: AFhirServer, leaving: Consignment) -> dict[str, str]:
    ref = await at.copy().place(leaving, {"id": leaving.copy_id, "entry": leaving.entry_id})
    assert await at.copy().confirm(ref) == VERIFIED
    return ref


# ---- whose


@pytest.mark.parametrize(
    ("name", "family", "agrees"),
    [
        ("Sam Patel", "Patel", True),
        ("Sam Patel", "PATEL", True),
        ("Patel, Sam", "patel", True),
        ("Anna van der Berg", "van der Berg", True),
        ("Siobhan O’Brien", "O'Brien", True),
        ("Anna Rosenberg", "Berg", False),
        ("Sam Patel", "Sam", False),
        ("Patel, Sam", "Sam", False),
        ("Zoe Muller", "Müller", False),
        ("Sam Patel", "", False),
    ],
)
async def test_R15_the_family_name_is_what_stands_before_the_comma_or_the_last_words(
    tmp_path: Path, name: str, family: str, agrees: bool
) -> None:
    async with on_a_fake(tmp_path) as at:
        at.fake.versions.clear()
        at.fake.put(patient(SAM, name=[{"family": family}]))
        leaving = at.photo(replace(SAM, name=name))
        if agrees:
            await placed(at, leaving)
            return
        with pytest.raises(Permanent, match="other-name"):
            await placed(at, leaving)
        assert at.fake.all("Binary") == []


async def test_R15_a_family_name_that_was_said_at_the_desk_counts_and_nothing_is_guessed(tmp_path: Path) -> None:
    async with on_a_fake(tmp_path) as at:
        for family, name in (("Singh", "Singh Kaur"), ("Kaur", "Singh Kaur")):
            at.fake.versions.clear()
            at.fake.put(patient(SAM, name=[{"family": "Singh"}]))
            leaving = replace(at.photo(replace(SAM, name=name)), formal=FormalName(family, "X"))
            if family == "Singh":
                await placed(at, leaving)
                continue
            with pytest.raises(Permanent, match="other-name"):
                await placed(at, leaving)


@pytest.mark.parametrize(
    ("there", "why"),
    [
        ([], "no-patient"),
        ([{"birthDate": "1984-07-03"}], "no-patient"),
        ([{"identifier": [{"system": "https://other.example", "value": "10421"}]}], "no-patient"),
        ([{"active": False}], "no-patient"),
        ([{"link": [{"type": "replaced-by", "other": {"reference": "Patient/9"}}]}], "no-patient"),
        ([{"name": [{"use": "old", "family": "Patel"}, {"family": "Singh"}]}], "other-name"),
        ([{}, {}], "several-patients"),
        ([{}, {"name": [{"family": "Singh"}]}], "several-patients"),
        ([{}, {"active": False}], ""),
        ([{}, {"link": [{"type": "replaced-by", "other": {"reference": "Patient/9"}}]}], ""),
    ],
)
async def test_R15_nothing_is_placed_but_under_the_only_patient_on_whom_all_agrees(
    tmp_path: Path, there: list[Resource], why: str
) -> None:
    async with on_a_fake(tmp_path) as at:
        at.fake.versions.clear()
        for differs in there:
            at.fake.put(patient(SAM, **differs))
        known = json.dumps(at.fake.all("Patient"))
        if why:
            with pytest.raises(Permanent, match=why):
                await placed(at, at.photo())
            assert at.fake.all("Binary") == at.fake.all("DocumentReference") == []
        else:
            await placed(at, at.photo())
        assert json.dumps(at.fake.all("Patient")) == known, "patients are never made or changed"


async def test_a_server_that_passes_over_the_date_of_birth_is_not_believed(tmp_path: Path) -> None:
    """R15: a search may answer more than was asked."""
    async with on_a_fake(tmp_path) as at:
        wrong = replace(SAM, born=ANN.born)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("tests.fhir_fake._has", lambda resource, name, value: True)
            with pytest.raises(Permanent, match="no-patient"):
                await placed(at, at.photo(wrong))


@pytest.mark.parametrize("searches_by_post", [True, False])
async def test_a_patients_number_and_birthday_stand_in_no_address_where_the_server_can(
    tmp_path: Path, searches_by_post: bool
) -> None:
    """Addresses stand in the logs of servers and proxies."""
    async with on_a_fake(tmp_path, only(searches_by_post=searches_by_post)) as at:
        await placed(at, at.photo())
        said = [one for one in at.fake.asked if SAM.mrn in one or SAM.born.isoformat() in one]
        assert (said == []) == searches_by_post


@pytest.mark.parametrize("way", [Upload.RAW, Upload.OWN_ID])
async def test_a_token_that_is_not_taken_any_more_is_read_anew(tmp_path: Path, way: Upload) -> None:
    async with on_a_fake(tmp_path, only(takes=frozenset({way}))) as at:
        copy = at.copy()
        await copy.place(at.photo(), at.ref())
        at.fake.ways = only(takes=frozenset({way}), token="the next")
        with pytest.raises(OutsideFailure, match=NOT_LET_IN):
            await copy.place(at.photo(entry_id="i2"), at.ref(entry_id="i2"))
        (tmp_path / "token").write_text("the next")
        await copy.place(at.photo(entry_id="i2"), at.ref(entry_id="i2"))


async def test_patients_are_asked_for_each_time_because_records_are_merged(tmp_path: Path) -> None:
    async with on_a_fake(tmp_path) as at:
        await placed(at, at.photo())
        (sam,) = [known for known in at.fake.all("Patient") if known["birthDate"] == SAM.born.isoformat()]
        survivor = at.fake.put(patient(SAM))
        at.fake.put({**sam, "link": [{"type": "replaced-by", "other": {"reference": f"Patient/{survivor['id']}"}}]})
        ref = await placed(at, at.photo(entry_id="i2"))
        assert ref["patient"] == f"Patient/{survivor['id']}"
        with pytest.raises(Permanent, match="other-record"):
            await placed(at, at.photo())


async def test_R35_a_document_that_somebody_moved_to_another_patient_is_not_verified(tmp_path: Path) -> None:
    async with on_a_fake(tmp_path) as at:
        ref = await placed(at, at.photo())
        (document,) = at.fake.all("DocumentReference")
        at.fake.put({**document, "subject": {"reference": "Patient/somebody-else"}})
        assert await at.copy().confirm(ref) == Assurance(Level.UNKNOWN, "another-patient")


async def test_one_picture_of_two_patients_is_two_objects_of_which_one_can_be_destroyed(tmp_path: Path) -> None:
    async with on_a_fake(tmp_path, only(takes={Upload.OWN_ID})) as at:
        of_sam, of_ann = await placed(at, at.photo(SAM)), await placed(at, at.photo(ANN, entry_id="i2"))
        assert len(at.fake.all("Binary")) == 2
        await at.copy().remove(of_sam)
        assert await at.copy().confirm(of_ann) == VERIFIED


# ---- how


@pytest.mark.parametrize("way", Upload)
@pytest.mark.parametrize("reads_raw", [True, False])
async def test_bytes_go_in_the_first_way_that_the_server_takes_which_is_tried_once(
    tmp_path: Path, way: Upload, reads_raw: bool
) -> None:
    takes = frozenset() if way is Upload.INLINE else frozenset({way})
    async with on_a_fake(tmp_path, only(takes=takes, reads_raw=reads_raw)) as at:
        await placed(at, at.photo())
        assert await at.notes.about(f"upload {at.url}") == {"way": way.value}
        asked = len(at.fake.asked)
        await placed(at, at.photo(entry_id="i2"))
        assert not [one for one in at.fake.asked[asked:] if "trial" in one]
        inline = [one for one in at.fake.all("DocumentReference") if "data" in one["content"][0]["attachment"]]
        assert (len(at.fake.all("Binary")), len(inline)) == ((0, 2) if way is Upload.INLINE else (2, 0))


@pytest.mark.parametrize("way", [Upload.RAW_OWN_ID, Upload.OWN_ID])
async def test_what_a_trial_that_was_killed_left_there_goes_with_the_next(tmp_path: Path, way: Upload) -> None:
    async with on_a_fake(tmp_path, only(takes=frozenset({way}))) as at:
        left = fhir_binaries.trial_id(f"{at.url}\n{MRN}")
        at.fake.put({"resourceType": "Binary", "id": left, "contentType": "application/octet-stream", "data": "eA=="})
        await placed(at, at.photo())
        assert [binary["id"] for binary in at.fake.all("Binary")] == [at.photo().copy_id]


@pytest.mark.parametrize("way", [Upload.RAW, Upload.JSON])
async def test_bytes_whose_place_was_noted_before_the_bot_died_are_used_and_not_sent_again(
    tmp_path: Path, way: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_a_fake(tmp_path, only(takes=frozenset({way}))) as at:

        def dies(*_: object) -> Resource:
            raise RuntimeError("the power failed")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("storage.records.fhir.fhir_copy.document_of", dies)
            with pytest.raises(RuntimeError):
                await placed(at, at.photo())
        await placed(at, at.photo())
        assert len(at.fake.all("Binary")) == 1


@pytest.mark.parametrize("way", [Upload.RAW_OWN_ID, Upload.RAW, Upload.OWN_ID, Upload.JSON])
async def test_bytes_whose_place_was_never_noted_are_left_over_only_where_the_server_chose_it(
    tmp_path: Path, way: Upload
) -> None:
    """A server does not find bytes by anything but their id: what may be left is said when the photo is destroyed (R23)."""
    async with on_a_fake(tmp_path, only(takes=frozenset({way}))) as at:

        async def dies(*told: Any) -> str:
            await fhir_binaries.uploaded(*told)
            raise RuntimeError("the power failed")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("storage.records.fhir.fhir_copy.uploaded", dies)
            with pytest.raises(RuntimeError):
                await placed(at, at.photo())
        ref = await placed(at, at.photo())
        assert await at.copy().confirm(ref) == VERIFIED
        assert len(at.fake.all("Binary")) == (1 if way.is_found_by_our_id else 2)
        for _ in range(2):
            left = await at.copy().remove(ref)
            assert left is (Residue.GONE if way.is_found_by_our_id else Residue.BEYOND_REACH)
        assert len(at.fake.all("Binary")) == (0 if way.is_found_by_our_id else 1)


@pytest.mark.parametrize("way", [Upload.RAW, Upload.OWN_ID])
async def test_addresses_elsewhere_that_a_server_gives_out_are_not_read_but_its_own_bytes_are(
    tmp_path: Path, way: Upload
) -> None:
    async with on_a_fake(tmp_path, only(takes=frozenset({way}), signs_addresses=True)) as at:
        ref = await placed(at, at.photo())
        assert await placed(at, at.photo()) == ref
        (binary,) = at.fake.all("Binary")
        at.fake.put({**binary, "data": "YW5vdGhlcg=="})
        assert await at.copy().confirm(ref) == Assurance(Level.UNKNOWN, "differs")
        moved = await at.copy().move(ref, at.photo(ANN))
        assert len(at.fake.all("Binary")) == 1
        await at.copy().remove(moved.ref)
        assert at.fake.all("Binary") == []


async def test_two_of_one_id_are_refused_and_a_person_looks(tmp_path: Path) -> None:
    """Some servers spread their work, and let two conditional creations through."""
    async with on_a_fake(tmp_path) as at:
        ref = await placed(at, at.photo())
        (document,) = at.fake.all("DocumentReference")
        at.fake.put({name: value for name, value in document.items() if name != "id"})
        with pytest.raises(Permanent, match=TWICE):
            await at.copy().place(at.photo(), at.ref())
        assert await at.copy().confirm(ref) == Assurance(Level.REFUSED, TWICE)
        assert await at.copy().remove(ref) is Residue.GONE
        assert at.fake.all("DocumentReference") == []


@pytest.mark.parametrize("passes_over", [{"entity"}, {"identifier", "entity"}])
async def test_R15_what_a_server_finds_besides_what_was_asked_for_is_neither_changed_nor_removed(
    tmp_path: Path, passes_over: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server may pass over what it does not know of a question, and then finds everybody's."""
    knows = fhir_fake._has

    def has(one: Resource, name: str, value: str) -> bool:
        return (name in passes_over and one["resourceType"] != "Patient") or knows(one, name, value)

    monkeypatch.setattr(fhir_fake, "_has", has)
    async with on_a_fake(tmp_path, only(conditional_creates=False)) as at:
        (ann,) = [f"Patient/{one['id']}" for one in at.fake.all("Patient") if one["birthDate"] == ANN.born.isoformat()]
        letter = {"resourceType": "DocumentReference", "status": "current", "subject": {"reference": ann}}
        theirs = [
            at.fake.put({**letter, "content": [{"attachment": {"title": "A letter"}}]}),
            at.fake.put({"resourceType": "Consent", "status": "active", "patient": {"reference": ann}}),
            at.fake.put({"resourceType": "AuditEvent", "entity": [{"what": {"reference": ann}}]}),
        ]
        shown = words(at, EntryKind.DISCLOSURE, "d1", SHOWN)
        refs = [{"id": shown.copy_id, "entry": shown.entry_id}, at.ref()]
        if "identifier" in passes_over:
            for leaving in (shown, at.photo()):
                with pytest.raises(OutsideFailure, match=NOT_SHOWN):
                    await placed(at, leaving)
            for ref in refs:
                with pytest.raises(OutsideFailure, match=NOT_SHOWN):
                    await at.copy().remove(ref)
        else:
            for _ in range(2):
                refs.append(await placed(at, shown))
            await at.copy().move(await placed(at, at.photo()), at.photo(ANN))
            assert len(at.fake.all("AuditEvent")) == 1
            for ref in refs:
                await at.copy().remove(ref)
        for one in theirs:
            assert at.fake.versions[f"{one['resourceType']}/{one['id']}"] == [one]


async def test_what_is_there_already_is_not_written_again(tmp_path: Path) -> None:
    async with on_a_fake(tmp_path) as at:
        await placed(at, at.photo())
        at.fake.asked.clear()
        await placed(at, at.photo())
        assert not [one for one in at.fake.asked if one.startswith(("POST", "PUT")) and "_search" not in one]


async def test_another_form_of_the_same_entry_takes_the_place_of_the_first(tmp_path: Path) -> None:
    """As after `send` was changed, and the deliveries of before were lost."""
    async with on_a_fake(tmp_path) as at:
        await placed(at, at.photo())
        clean = b"a clean copy"
        await placed(
            at, replace(at.photo(content=clean), sha256=hashlib.sha256(clean).hexdigest(), form=CopyForm.CLEAN)
        )
        assert len(at.fake.all("DocumentReference")) == len(at.fake.all("Binary")) == 1


async def test_what_is_larger_than_a_server_takes_is_refused(tmp_path: Path) -> None:
    async with on_a_fake(tmp_path, only(most_bytes=5000)) as at:
        with pytest.raises(Permanent, match="too-large"):
            await placed(at, at.photo())


async def test_a_server_that_answers_404_to_everything_for_a_while_refuses_nothing_for_good(tmp_path: Path) -> None:
    """As a proxy does whose server is away."""
    async with on_a_fake(tmp_path, only(kinds=frozenset())) as at:
        with pytest.raises(OutsideFailure, match=NOT_FHIR) as failed:
            await placed(at, at.photo())
        assert not isinstance(failed.value, Permanent)
        at.fake.ways = Ways()
        await placed(at, at.photo())


async def test_whom_the_server_does_not_know_is_trouble_and_no_secret_stands_in_it(tmp_path: Path) -> None:
    async with on_a_fake(tmp_path, only(token="another")) as at:
        with pytest.raises(OutsideFailure, match=r"^not-let-in$"):
            await at.copy().there()
        (tmp_path / "key.pem").write_text("-----BEGIN SECRET-----")
        for access in (
            GivenToken(tmp_path / "lost"),
            SmartBackend("consentry", tmp_path / "lost", "scope", None),
        ):
            with pytest.raises(OutsideFailure, match=r"^(no-secret|not-let-in)$"):
                await FhirCopy(FhirServer(at.url, access), MRN, at.notes).there()


async def test_a_signed_statement_goes_only_where_it_is_encrypted_and_a_key_that_is_none_is_not_quoted(
    tmp_path: Path,
) -> None:
    async with on_a_fake(tmp_path) as at:
        (tmp_path / "key.pem").write_text("-----BEGIN SECRET-----")
        copy = FhirCopy(
            FhirServer(at.url, SmartBackend("consentry", tmp_path / "key.pem", "scope", None)), MRN, at.notes
        )
        for endpoint, why in (
            ("http://elsewhere.example/token", NOT_LET_IN),
            ("", NOT_LET_IN),
            ("https://elsewhere.example/token", "no-secret"),
        ):
            at.fake.token_endpoint = endpoint
            with pytest.raises(OutsideFailure, match=f"^{why}$"):
                await copy.there()


@pytest.mark.parametrize("status", [400, 401, 403, 429, 500, 502, 503])
@pytest.mark.parametrize("asked", ["smart-configuration", "token"])
async def test_trouble_of_whoever_gives_out_tokens_is_not_told_as_a_key_that_is_not_good_any_more(
    tmp_path: Path, asked: str, status: int
) -> None:
    async with on_a_fake(tmp_path) as at:
        at.fake.token_endpoint = f"{at.url}/token"
        at.fake.wrong_with_access = {asked: status}
        key = ec.generate_private_key(ec.SECP384R1())
        (tmp_path / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        access = SmartBackend("consentry", tmp_path / "key.pem", "scope", None)
        why = "busy" if status == 429 else "unwell" if status >= 500 else NOT_LET_IN
        with pytest.raises(OutsideFailure, match=f"^{why}$"):
            await FhirCopy(FhirServer(at.url, access), MRN, at.notes).there()


async def test_what_is_no_fhir_server_of_release_4_is_not_taken_into_use(tmp_path: Path) -> None:
    async with on_a_fake(tmp_path) as at:
        at.fake.release = "5.0.0"
        with pytest.raises(OutsideFailure, match="not-fhir"):
            await at.copy().begin()


# ---- consents, disclosures, and the wrong patient


async def test_R12_a_consent_says_for_what_to_whom_and_until_when(tmp_path: Path) -> None:
    async with on_a_fake(tmp_path) as at:
        await placed(at, at.photo())
        await placed(at, words(at, EntryKind.CONSENT, "c1", GRANTED))
        (consent,) = at.fake.all("Consent")
        (image,) = [one for one in at.fake.all("DocumentReference") if len(one["identifier"]) == 2]
        assert consent["status"] == "active" and consent["provision"]["type"] == "deny"
        (permit,) = consent["provision"]["provision"]
        assert permit["period"] == {"start": "2026-03-09", "end": "2026-06-01"}
        assert [actor["reference"]["display"] for actor in permit["actor"]] == ["Dr Derm", "Dr Voss"]
        assert permit["purpose"][0]["code"] == "TRAIN"
        assert permit["data"][0]["reference"]["identifier"]["value"] == image["identifier"][1]["value"]


@pytest.mark.parametrize("late", [False, True])
async def test_R13_a_consent_is_inactive_once_it_was_withdrawn_whichever_answer_arrives_first(
    tmp_path: Path, late: bool
) -> None:
    async with on_a_fake(tmp_path) as at:
        answers = [words(at, EntryKind.CONSENT, "c1", GRANTED), words(at, EntryKind.CONSENT, "c2", WITHDRAWN)]
        other = words(at, EntryKind.CONSENT, "c3", GRANTED | {"use": "u2"})
        for answer in (other, *(reversed(answers) if late else answers)):
            await placed(at, answer)
        states = {one["identifier"][0]["value"][-36:]: one["status"] for one in at.fake.all("Consent")}
        wanted = {answer.copy_id: "inactive" for answer in answers} | {other.copy_id: "active"}
        assert states == wanted


async def test_a_disclosure_has_one_audit_event_and_goes_with_it(tmp_path: Path) -> None:
    async with on_a_fake(tmp_path) as at:
        told = words(at, EntryKind.DISCLOSURE, "d1", SHOWN)
        ref = await placed(at, told)
        assert await placed(at, told) == ref
        (event,) = at.fake.all("AuditEvent")
        assert event["agent"][0]["name"] == "Dr Derm"
        at.fake.versions[ref["beside"]].append(None)
        assert await at.copy().confirm(ref) == Assurance(Level.UNKNOWN, LOST)
        await placed(at, told)
        assert await at.copy().remove(ref) is Residue.GONE
        assert at.fake.all("AuditEvent") == at.fake.all("DocumentReference") == []


async def test_a_server_that_has_only_documents_keeps_the_words_of_consents_and_disclosures(tmp_path: Path) -> None:
    async with on_a_fake(tmp_path, only(kinds=KINDS - {"Consent", "AuditEvent"})) as at:
        for leaving in (
            words(at, EntryKind.CONSENT, "c1", GRANTED),
            words(at, EntryKind.DISCLOSURE, "d1", SHOWN),
        ):
            ref = await placed(at, leaving)
            assert "beside" not in ref
            assert await at.copy().remove(ref) is Residue.GONE


async def test_R15_what_is_left_under_the_wrong_patient_is_empty_and_permits_nothing(tmp_path: Path) -> None:
    async with on_a_fake(tmp_path, only(keeps_versions=True)) as at:
        of_sam = await placed(at, at.photo())
        await placed(at, words(at, EntryKind.CONSENT, "c1", GRANTED))
        moved = await at.copy().move(of_sam, at.photo(ANN))
        assert moved.residue is Residue.OLD_VERSIONS, "a server that keeps history is said to keep it"
        (wrong,) = [one for one in at.fake.all("DocumentReference") if one["status"] == "entered-in-error"]
        assert set(wrong) == {"resourceType", "id", "meta", "identifier", "status", "subject", "content"}
        assert "IMG-7F3K" not in json.dumps(wrong) and len(wrong["identifier"]) == 1
        assert [one["status"] for one in at.fake.all("Consent")] == ["inactive"]
        (right,) = [
            one for one in at.fake.all("DocumentReference") if one["subject"]["reference"] == moved.ref["patient"]
        ]
        shared = {one["value"] for one in right["identifier"]} & {one["value"] for one in wrong["identifier"]}
        assert not shared, "nothing by which the two could be found together"


@pytest.mark.parametrize("keeps_versions", [True, False])
async def test_R23_what_a_server_keeps_is_said_also_by_a_second_try(tmp_path: Path, keeps_versions: bool) -> None:
    wanted = Residue.OLD_VERSIONS if keeps_versions else Residue.GONE
    async with on_a_fake(tmp_path, only(keeps_versions=keeps_versions)) as at:
        await placed(at, at.photo())
        for _ in range(2):
            assert await at.copy().remove(at.ref()) is wanted


async def test_R23_what_a_server_does_not_let_go_of_is_beyond_reach(tmp_path: Path) -> None:
    async with on_a_fake(tmp_path, only(never_deletes=frozenset({"AuditEvent"}))) as at:
        ref = await placed(at, words(at, EntryKind.DISCLOSURE, "d1", SHOWN))
        for _ in range(2):
            assert await at.copy().remove(ref) is Residue.BEYOND_REACH
        assert at.fake.all("DocumentReference") == []


@pytest.mark.parametrize("server", SERVERS_OF_OTHERS)
async def test_a_photo_of_some_megabytes_comes_back_from_servers_of_others(server: str, tmp_path: Path) -> None:
    async with SERVERS_OF_OTHERS[server](tmp_path) as at:
        large = random.Random(1).randbytes(3 << 20)
        await placed(at, at.photo(content=large))
        noted = await at.notes.about(f"upload {at.url}")
        assert noted == {"way": {"sekmet": Upload.OWN_ID, "medplum": Upload.RAW}[server]}, (
            "each takes what the other refuses"
        )


@pytest.mark.parametrize("server", SERVERS_OF_OTHERS)
async def test_servers_of_others_take_all_kinds_and_let_all_of_them_go(server: str, tmp_path: Path) -> None:
    async with SERVERS_OF_OTHERS[server](tmp_path) as at:
        kinds: list[tuple[EntryKind, dict[str, Any]]] = [
            (EntryKind.NOTE, {}),
            (EntryKind.REPLY, {}),
            (EntryKind.ANSWER, {}),
            (EntryKind.CORRECTION, {}),
            (EntryKind.CONSENT, GRANTED),
            (EntryKind.CONSENT, WITHDRAWN),
            (EntryKind.CONSENT, {"basis": "verbal", "by": "the patient", "capacity": "parent"}),
            (EntryKind.DISCLOSURE, {"to": "Dr Derm", "purpose": "legal-or-insurance"}),
            (EntryKind.DISCLOSURE, {"to": "Dr Derm", "purpose": "publication"}),
        ]
        refs = []
        for number, (kind, facts) in enumerate(kinds):
            leaving = words(at, kind, f"e{number}", facts)
            refs.append(await placed(at, leaving))
        assert (len(await at.all("Consent")), len(await at.all("AuditEvent"))) == (3, 2)
        for ref in refs:
            await at.copy().remove(ref)
        assert await at.holds() == {}


def test_every_code_with_which_a_server_fails_is_said_in_words() -> None:
    told = Destination("Harbour Street FHIR", wait=Level.VERIFIED)
    for code in ("away", "hangs", "busy", "unwell", "no-secret", NOT_LET_IN, NOT_FHIR, NOT_SHOWN):
        assert words_of.meaning(code) != code
        assert "can't be written to" not in words_of.trouble(told, code)
    for code in ("too-large", "not-accepted", TWICE, OTHER_RECORD, *OF_THE_PATIENT):
        assert words_of.meaning(code) != code
        assert code not in words_of.needs_a_person(told.name, "IMG-7F3K", Level.REFUSED, code, SAM)


def refusing(unwanted: Callable[[str, bytes], bool]) -> Callable[..., Any]:
    """A server that will not have what is so."""
    create = FhirFake._create

    def refuses(self: FhirFake, kind: str, request: Any, body: bytes) -> Any:
        return web.json_response({}, status=422) if unwanted(kind, body) else create(self, kind, request, body)

    return refuses


async def test_R13_a_withdrawal_ends_the_consent_also_where_its_own_resource_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_a_fake(tmp_path) as at:
        await placed(at, words(at, EntryKind.CONSENT, "w1", GRANTED))
        monkeypatch.setattr(FhirFake, "_create", refusing(lambda kind, body: kind == "Consent" and b"inactive" in body))
        leaving = words(at, EntryKind.CONSENT, "w2", WITHDRAWN)
        with suppress(Permanent, OutsideFailure):
            await at.copy().place(leaving, {"id": leaving.copy_id, "entry": leaving.entry_id})
        assert [one["status"] for one in at.fake.all("Consent")] == ["inactive"]


async def test_what_lies_there_is_asked_for_while_the_patient_is_looked_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow server answers both within the time of one: neither is answered before the other question has come."""
    both, asked, answer = asyncio.Barrier(2), set[str](), FhirFake._answer

    async def answers(self: FhirFake, request: web.Request) -> web.StreamResponse:
        kind = request.match_info["path"].partition("/")[0]
        if kind in {"DocumentReference", "Patient"} - asked:
            asked.add(kind)
            async with asyncio.timeout(PATIENCE):
                await both.wait()
        return await answer(self, request)

    monkeypatch.setattr(FhirFake, "_answer", answers)
    async with on_a_fake(tmp_path) as at:
        await placed(at, at.photo())


@pytest.mark.parametrize("elsewhere", ["", "http://elsewhere.test"])
async def test_R15_a_second_patient_on_the_next_page_of_an_answer_is_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, elsewhere: str
) -> None:
    """A server may give fewer on a page than were asked for, and says with a link that there are more."""
    async with on_a_fake(tmp_path) as at:
        at.fake.put(patient(SAM))
        asked: list[int] = []
        whole = fhir_fake._bundle

        def a_page(resources: list[Resource]) -> Any:
            if not any(one["resourceType"] == "Patient" for one in resources):
                return whole(resources)  # what lies there is asked for meanwhile
            asked.append(len(resources))
            shown, more = resources[:1], [{"relation": "next", "url": f"{elsewhere or at.fake.url}/Patient?page=2"}]
            if len(asked) > 1:
                shown, more = resources[1:], []
            entries = [{"resource": one} for one in shown]
            return web.json_response({"resourceType": "Bundle", "entry": entries, "link": more})

        monkeypatch.setattr(fhir_fake, "_bundle", a_page)
        with pytest.raises(OutsideFailure) as refused:
            await placed(at, at.photo())
        assert str(refused.value).partition(":")[0] == ("unwell" if elsewhere else "several-patients")
        assert len(asked) == (1 if elsewhere else 2)


async def test_R35_a_document_that_lies_there_is_not_called_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server takes the document, and will not have the Consent beside it."""
    async with on_a_fake(tmp_path) as at:
        monkeypatch.setattr(FhirFake, "_create", refusing(lambda kind, body: kind == "Consent"))
        leaving = words(at, EntryKind.CONSENT, "w1", GRANTED)
        ref = await at.copy().place(leaving, {"id": leaving.copy_id, "entry": leaving.entry_id})
        assert "beside" not in ref and len(at.fake.all("DocumentReference")) == 1
        assert await at.copy().confirm(ref) == Assurance(Level.VERIFIED, ALONE), "and what lacks is said"
        monkeypatch.undo()
        assert "beside" in await placed(at, leaving), "once it is accepted, nothing lacks"


async def test_R35_a_document_whose_consent_is_there_twice_is_not_called_refused(tmp_path: Path) -> None:
    """A server that spreads its work kept both of two that were created at once."""
    async with on_a_fake(tmp_path) as at:
        leaving = words(at, EntryKind.CONSENT, "w1", GRANTED)
        await placed(at, leaving)
        (consent,) = at.fake.all("Consent")
        at.fake.put({name: value for name, value in consent.items() if name not in {"id", "meta"}})
        ref = await at.copy().place(leaving, {"id": leaving.copy_id, "entry": leaving.entry_id})
        assert await at.copy().confirm(ref) == Assurance(Level.VERIFIED, BESIDE_TWICE)
        assert await at.copy().remove(ref) is Residue.GONE and at.fake.all("Consent") == [], "both go with it"


async def test_R13_a_withdrawal_is_refused_and_not_put_there_where_the_old_consent_can_not_be_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_a_fake(tmp_path) as at:
        await placed(at, words(at, EntryKind.CONSENT, "w1", GRANTED))
        before = len(at.fake.all("DocumentReference"))

        async def refuses(*_: Any) -> None:
            raise Permanent("not-accepted")

        monkeypatch.setattr(fhir_companions, "end", refuses)
        leaving = words(at, EntryKind.CONSENT, "w2", WITHDRAWN)
        with pytest.raises(Permanent):
            await at.copy().place(leaving, {"id": leaving.copy_id, "entry": leaving.entry_id})
        assert len(at.fake.all("DocumentReference")) == before, "refused means that nothing lies there"
