"""What is promised of copies in an image archive, over two that differ: Orthanc takes much and can remove, tiny-pacs neither.

Whatever the line or the archive does: never called verified when it is not, never lost, never there twice, never under another
patient. A client of its own looks at what lies there.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import pytest
import pytest_asyncio
from PIL import Image
from pydicom.encaps import generate_frames

from bot.domain.assurance import Assurance, CopyForm, Level, Residue
from bot.domain.consignment import Consignment, archive_number
from bot.domain.delivery_reasons import LOST
from bot.domain.entries import PatientIdentity
from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.formal_names import FormalName, Sex
from bot.domain.identifiers import PatientId
from storage.records.dicom.archive_web import ArchiveWeb, Credentials, Found
from storage.records.dicom.dicom_instance import uids_of
from storage.records.dicom.image_archive import ImageArchive, RemovedBy
from tests.archives import consignments
from tests.archives.archive_process import ArchiveProcess
from tests.archives.consignments import NAME, PAGE, SOURCE
from tests.archives.faulty_line import Fault, FaultyLine, faulty_line
from tests.archives.orthanc import Orthanc, require_orthanc
from tests.archives.other_maker import OtherMaker
from tests.archives.tiny_pacs import TinyPacs
from tests.patience import PATIENCE
from tests.photos import encoded, small

KINDS: dict[str, type[ArchiveProcess]] = {"orthanc": Orthanc, "tiny-pacs": TinyPacs}
PHOTO = small()
ODD = PHOTO if len(PHOTO) % 2 else encoded(Image.effect_noise((61, 47), 60).convert("RGB"), quality=83)


@dataclass
class Running:
    process: ArchiveProcess
    by_another: OtherMaker

    def credentials(self) -> Credentials:
        if self.process.user:
            return Credentials(self.process.user, self.process.password_file())
        return Credentials(token_file=self.process.password_file())

    def copy(self, over: FaultyLine | None = None, **different: object) -> ImageArchive:
        url = self.process.url if over is None else self.process.url.replace(str(self.process.port), str(over.port))
        ours = ImageArchive(NAME, url, SOURCE, self.credentials(), adds_patients=True, patience=20.0)
        return replace(ours, **different)  # type: ignore[arg-type]

    def lies_there(self, ref: dict[str, str]) -> int:
        found = self.by_another.search(f"/studies/{ref['study']}/series/{ref['series']}/instances?limit=10")
        return sum(one["00080018"]["Value"] == [ref["instance"]] for one in found)


@pytest.fixture(scope="module", params=KINDS)
def archive(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    if request.param == "orthanc":
        require_orthanc()
    process = KINDS[request.param](tmp_path_factory.mktemp(request.param))
    process.start()
    try:
        yield Running(process, OtherMaker(process))
    finally:
        process.kill()


@pytest_asyncio.fixture
async def line(archive: Running) -> AsyncIterator[FaultyLine]:
    async with faulty_line(archive.process.port) as between:
        yield between


def somebody() -> PatientIdentity:
    """Nobody whom an earlier test made known."""
    number = f"M{uuid4().hex[:8]}"
    return PatientIdentity(PatientId(number), number, "Sam Patel", date(1984, 3, 7))


def photo(whose: PatientIdentity, content: bytes = PHOTO) -> Consignment:
    return consignments.photo(content, whose, entry_id=uuid4().hex)


async def test_R35_a_photo_and_a_page_come_back_as_they_were_and_another_client_finds_them_so(archive: Running) -> None:
    sam, copy = somebody(), archive.copy()
    for content in (PHOTO, ODD):
        leaving = photo(sam, content)
        ref = await copy.place(leaving, {})
        assert (await copy.confirm(ref)).level is Level.VERIFIED
        read = archive.by_another.read(ref["study"], ref["series"], ref["instance"])
        assert read is not None and read.PatientID == sam.mrn and read.PatientBirthDate == "19840307"
        (frame,) = generate_frames(read.PixelData, number_of_frames=1)
        assert frame[: read.EncapsulatedPixelDataValueTotalLength] == content
    consent = consignments.page(sam, uuid4().hex)
    ref = await copy.place(consent, {})
    assert (await copy.confirm(ref)).level is Level.VERIFIED
    read = archive.by_another.read(ref["study"], ref["series"], ref["instance"])
    assert read is not None and read.EncapsulatedDocument[: read.EncapsulatedDocumentLength] == PAGE


async def test_what_is_placed_again_is_there_once_and_was_sent_once(archive: Running, line: FaultyLine) -> None:
    leaving, copy = photo(somebody()), archive.copy(line)
    refs = [await copy.place(leaving, {}) for _ in range(3)]
    assert refs[0] == refs[1] == refs[2]
    assert archive.lies_there(refs[0]) == 1
    assert [method for method, _ in line.sent].count("POST") == 1


async def test_a_patient_is_known_by_number_birth_date_and_family_name_and_named_as_the_archive_spells_it(
    archive: Running,
) -> None:
    """R15: and no name is guessed apart."""
    sam, copy = somebody(), archive.copy(adds_patients=False)
    with pytest.raises(Permanent, match="no-patient"):
        await copy.place(photo(sam), {})
    archive.by_another.stores_a_study(sam.mrn, "PATEL^SAMANTHA", "19840307", "HILL STREET")
    ref = await copy.place(photo(sam), {})
    read = archive.by_another.read(ref["study"], ref["series"], ref["instance"])
    assert read is not None and str(read.PatientName) == "PATEL^SAMANTHA"
    for asked in (copy, archive.copy()):
        with pytest.raises(Permanent, match="no-patient"):
            await asked.place(photo(replace(sam, born=date(1985, 3, 7))), {})
        other = photo(replace(sam, name="Patel Patterson"))
        for formal in (None, FormalName("Patterson", "Patel")):
            with pytest.raises(Permanent, match="other-name"):
                await asked.place(replace(other, formal=formal), {})


@pytest.mark.parametrize("names", [("PATEL^SAM", "SINGH^RAVI"), ("SINGH^RAVI", "PATEL^SAM")])
async def test_R15_two_family_names_under_one_number_and_birth_date_wait_for_a_person(
    archive: Running, names: tuple[str, str]
) -> None:
    """Whichever the archive names first. One family name with two given names is one patient, spelt in two ways."""
    sam, copy = somebody(), archive.copy()
    for name in names:
        archive.by_another.stores_a_study(sam.mrn, name, "19840307", "HILL STREET")
    found = archive.by_another.search(f"/studies?PatientID={sam.mrn}&limit=10")
    if len({str(one["00100010"]["Value"]) for one in found}) == 1:
        assert isinstance(archive.process, TinyPacs), "it shows one name for all studies of a number"
        return
    with pytest.raises(Permanent, match="several-patients"):
        await copy.place(photo(sam), {})
    ann = somebody()
    for name in ("PATEL^SAMANTHA", "PATEL^SAM"):
        archive.by_another.stores_a_study(ann.mrn, name, "19840307", "HILL STREET")
    await copy.place(photo(ann), {})


async def test_somebody_new_is_added_by_family_and_given_name_and_waits_until_these_are_known(archive: Running) -> None:
    leaving, copy = photo(somebody()), archive.copy()
    with pytest.raises(Permanent, match="no-formal-name"):
        await copy.place(replace(leaving, formal=None), {})
    ref = await copy.place(replace(leaving, sex=Sex.FEMALE), {})
    read = archive.by_another.read(ref["study"], ref["series"], ref["instance"])
    assert read is not None and (str(read.PatientName), read.PatientSex) == ("Patel^Sam", "F")


async def test_a_number_that_another_practice_gave_out_is_another_patients(archive: Running) -> None:
    """Orthanc does not say who gave it out: then the date of birth decides."""
    sam = somebody()
    archive.by_another.stores_a_study(sam.mrn, "ELSE^SOMEBODY", "19500101", "ANOTHER CLINIC")
    with pytest.raises(Permanent, match="no-patient"):
        await archive.copy(adds_patients=False).place(photo(sam), {})


async def test_a_study_keeps_the_day_it_began(archive: Running) -> None:
    sam, copy = somebody(), archive.copy()
    first = photo(sam)
    ref = await copy.place(first, {})
    later = await copy.place(consignments.page(sam, uuid4().hex), {})
    read = archive.by_another.read(later["study"], later["series"], later["instance"])
    assert later["study"] == ref["study"] and read is not None
    assert (read.StudyDate, read.StudyTime, read.ContentDate) == ("20260309", "203000", "20260310")


async def test_where_nothing_can_be_removed_that_is_said_and_nothing_is_called_gone(archive: Running) -> None:
    """R23."""
    copy = archive.copy()
    leaving = photo(somebody())
    ref = await copy.place(leaving, {})
    for _ in range(2):
        assert await copy.remove(ref) is Residue.BEYOND_REACH
    assert (await copy.confirm(ref)).level is Level.VERIFIED
    assert ref["instance"] == archive_number(leaving.copy_id), "so its number can be said without asking the archive"
    never = await copy.remove({"id": photo(somebody()).copy_id, "entry": "i"})
    assert never is (Residue.GONE if isinstance(archive.process, Orthanc) else Residue.BEYOND_REACH)


async def test_an_archive_that_knows_no_delete_is_believed_by_what_it_serves(archive: Running) -> None:
    copy = archive.copy(removal=RemovedBy.DELETE)
    ref = await copy.place(photo(somebody()), {})
    assert await copy.remove(ref) is Residue.BEYOND_REACH
    assert archive.lies_there(ref) == 1


@pytest.mark.parametrize(
    ("status", "reason", "why"),
    [
        (409, 0x0110, "unwell"),
        (409, 0x0111, "unwell"),
        (409, None, "unwell"),
        (409, 0x0122, "not-accepted"),
        (200, 0xC000, "not-accepted"),
        (409, 0xA700, "full"),
        (400, None, "not-accepted"),
        (413, None, "too-large"),
        (404, None, "not-an-archive"),
        (401, None, "not-let-in"),
        (200, None, None),
    ],
)
async def test_what_is_not_taken_is_refused_only_where_trying_again_can_not_help(
    archive: Running, line: FaultyLine, status: int, reason: int | None, why: str | None
) -> None:
    """The last: it says that it took it, and has not. Then it is lost, and goes there again."""
    failed = {"00081198": {"vr": "SQ", "Value": [{"00081197": {"vr": "US", "Value": [reason]}}]}}
    line.fault = lambda asked, path: Fault.SAYS if asked == "POST" else None
    line.says = (status, json.dumps(failed if reason else {}).encode())
    copy, leaving = archive.copy(line), photo(somebody())
    if why is None:
        assert await copy.confirm(await copy.place(leaving, {})) == Assurance(Level.UNKNOWN, LOST)
    else:
        with pytest.raises(OutsideFailure, match=f"^{why}$") as raised:
            await copy.place(leaving, {})
        assert isinstance(raised.value, Permanent) is (why in {"not-accepted", "too-large"})
    line.fault = lambda asked, path: None
    assert (await copy.confirm(await copy.place(leaving, {}))).level is Level.VERIFIED


@pytest.mark.parametrize("says", [200, 204, 500])
async def test_R23_what_a_delete_removed_is_gone_whatever_the_archive_answers(
    archive: Running, line: FaultyLine, says: int
) -> None:
    """Over an archive that knows one, which this line makes of Orthanc."""
    if not isinstance(archive.process, Orthanc):
        return
    ref = await archive.copy().place(photo(somebody()), {})

    async def removes(path: str) -> int:
        assert path.endswith(f"/studies/{ref['study']}/series/{ref['series']}/instances/{ref['instance']}")
        assert await archive.copy(removal=RemovedBy.ORTHANC).remove(ref) is Residue.GONE
        return says

    line.removes = removes
    copy = archive.copy(line, removal=RemovedBy.DELETE)
    if says == 500:
        with pytest.raises(OutsideFailure, match="unwell"):
            await copy.remove(ref)
    for _ in range(2):
        assert await copy.remove(ref) is Residue.GONE
    assert archive.lies_there(ref) == 0


async def test_R15_a_moved_photo_is_verified_under_the_right_patient_before_the_wrong_one_is_touched(
    archive: Running, line: FaultyLine
) -> None:
    sam, ann = somebody(), replace(somebody(), name="Ann Other", born=date(1990, 1, 2))
    orthanc = isinstance(archive.process, Orthanc)
    copy = archive.copy(line, removal=RemovedBy.ORTHANC if orthanc else RemovedBy.NONE)
    wrong = photo(sam)
    right = replace(consignments.photo(PHOTO, ann, wrong.entry_id), patient=ann)
    ref = await copy.place(wrong, {})
    line.flips_in = PHOTO
    line.fault = lambda method, path: Fault.FLIP if right_number in path and method == "GET" else None
    right_number = archive_number(right.copy_id)
    with pytest.raises(OutsideFailure, match="differs"):
        await copy.move(ref, right)
    assert archive.lies_there(ref) == 1, "the right one was not read back yet"
    line.fault = lambda method, path: None
    for _ in range(2):
        moved = await copy.move(ref, right)
        assert moved.residue is (Residue.GONE if orthanc else Residue.BEYOND_REACH)
        assert (await copy.confirm(moved.ref)).level is Level.VERIFIED
    read = archive.by_another.read(moved.ref["study"], moved.ref["series"], moved.ref["instance"])
    assert read is not None and read.PatientID == ann.mrn
    assert sam.mrn not in str(read) and "Sam Patel" not in str(read), "neither names the other"


MOST_REQUESTS = 60  # of a move and a removal
TRIES = 20  # only the first can fail, but for a machine so busy that an answer seems to be stalled
T = TypeVar("T")
FAULTS = [fault for fault in Fault if fault not in {Fault.FLIP, Fault.SAYS}]


@pytest.mark.parametrize("at", ["search", "store", "read"])
@pytest.mark.parametrize("fault", FAULTS)
async def test_however_the_line_fails_it_is_there_once_in_the_end_and_not_called_verified_before(
    archive: Running, line: FaultyLine, fault: Fault, at: str
) -> None:
    copy, leaving = archive.copy(line, patience=0.6), photo(somebody())
    here = {
        "search": ("GET", "/instances"),
        "store": ("POST", "/studies"),
        "read": ("GET", archive_number(leaving.copy_id)),
    }
    method, end = here[at]
    line.fault = lambda asked, path: fault if asked == method and path.endswith(end) else None
    with pytest.raises(OutsideFailure) as failed:
        ref = await copy.place(leaving, {})
        assert (await copy.confirm(ref)).level is not Level.VERIFIED
        raise OutsideFailure("unknown")
    assert not any(words in str(failed.value) for words in ("Patel", leaving.patient.mrn, "http", "127.0.0.1"))
    line.fault = lambda asked, path: None
    await line.quiet()  # it may take longer than the patience of this test
    copy = replace(copy, patience=20.0)
    ref = await copy.place(leaving, {})
    assert (await copy.confirm(ref)).level is Level.VERIFIED
    assert archive.lies_there(ref) == 1
    assert [asked for asked, _ in line.sent].count("POST") == 1, "nothing was sent that may have been there"


@pytest.mark.parametrize("fault", [*FAULTS, Fault.FLIP])
async def test_R15_a_move_and_a_removal_that_fail_at_any_request_come_to_their_end_and_lose_nothing(
    archive: Running, line: FaultyLine, fault: Fault
) -> None:
    """The fault is at one request after another: each with CONSENTRY_COPIES (`make copies`), else every third."""
    orthanc = isinstance(archive.process, Orthanc)
    gone = Residue.GONE if orthanc else Residue.BEYOND_REACH
    line.flips_in = PHOTO
    for number in range(0, MOST_REQUESTS, 1 if "CONSENTRY_COPIES" in os.environ else 3):
        wrong, ann = photo(somebody()), replace(somebody(), name="Ann Other")
        right = replace(consignments.photo(PHOTO, ann, wrong.entry_id), patient=ann)
        ref, uids, asked = await archive.copy().place(wrong, {}), uids_of(right, NAME), list[str]()
        there = {"study": uids.study, "series": uids.series, "instance": uids.instance}

        def chosen(_method: str, path: str, asked: list[str] = asked, number: int = number) -> Fault | None:
            asked.append(path)
            return fault if len(asked) == number + 1 else None

        line.fault = chosen
        moved = await in_the_end(
            partial(ImageArchive.move, ref=ref, to=right), archive, line, asked, number, (ref, there)
        )
        assert moved.residue is gone and (await archive.copy().confirm(moved.ref)).level is Level.VERIFIED
        assert (archive.lies_there(ref), archive.lies_there(there)) == (0 if orthanc else 1, 1)
        left = await in_the_end(partial(ImageArchive.remove, ref=moved.ref), archive, line, asked, number)
        assert left is gone and archive.lies_there(there) == (0 if orthanc else 1)
        if len(asked) <= number:
            return
    raise AssertionError("it never came to its end")


async def in_the_end(
    doing: Callable[[ImageArchive], Awaitable[T]],
    archive: Running,
    line: FaultyLine,
    asked: list[str],
    number: int,
    one_of: tuple[dict[str, str], ...] = (),
) -> T:
    """Try until it works, with little patience until the fault was; one of these lies there all the time."""
    removal = RemovedBy.ORTHANC if isinstance(archive.process, Orthanc) else RemovedBy.NONE
    for _ in range(TRIES):
        try:
            return await doing(archive.copy(line, removal=removal, patience=0.6 if len(asked) <= number else 20.0))
        except OutsideFailure:
            await line.quiet()
            assert not one_of or any(archive.lies_there(ref) for ref in one_of), "it is lost"
    raise AssertionError("it never worked")


async def test_R35_a_byte_flipped_on_the_way_back_is_never_verified(archive: Running, line: FaultyLine) -> None:
    copy = archive.copy(line)
    for leaving in (photo(somebody()), consignments.page(somebody(), uuid4().hex)):
        ref = await copy.place(leaving, {})
        line.fault, line.flips_in = lambda asked, path: Fault.FLIP, leaving.content
        assert await copy.confirm(ref) == Assurance(Level.UNKNOWN, "differs")
        line.fault = lambda asked, path: None
        assert (await copy.confirm(ref)).level is Level.VERIFIED


async def test_R35_nothing_is_verified_under_another_patient(archive: Running) -> None:
    copy = archive.copy()
    ref = await copy.place(photo(somebody()), {})
    other = await copy.place(photo(somebody()), {})
    shown = await copy.confirm(ref | {"whose": other["whose"]})
    assert (shown.level, shown.why) == (Level.UNKNOWN, "another-patient")


async def test_what_an_earlier_version_painted_otherwise_is_taken_for_what_it_is(archive: Running) -> None:
    """Placed, never noted, and painted anew with other bytes: it lies there once, and its own bytes are what is claimed."""
    sam, copy = somebody(), archive.copy()
    before = photo(sam)
    placed = await copy.place(before, {})
    anew = replace(before, content=ODD, sha256="of other bytes")
    ref = await copy.place(anew, {})
    assert ref["sha256"] == placed["sha256"] == before.sha256
    assert (await copy.confirm(ref)).level is Level.VERIFIED and archive.lies_there(ref) == 1
    with pytest.raises(Permanent, match="another-form"):
        await copy.place(replace(anew, form=CopyForm.RENDITION), {})


async def test_who_is_not_let_in_hears_so_and_the_secret_stands_nowhere(archive: Running, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hunter2")
    wrong = Credentials("filer", secret) if archive.process.user else Credentials(token_file=secret)
    copy = archive.copy(credentials=wrong)
    for act in (copy.there, copy.try_out, lambda: copy.place(photo(somebody()), {})):
        with pytest.raises(OutsideFailure, match=r"^not-let-in$"):
            await act()
    assert "hunter2" not in repr(copy)
    secret.unlink()
    with pytest.raises(OutsideFailure, match=r"^no-secret$"):
        await copy.there()


async def test_the_patient_is_looked_up_while_the_archive_is_searched_for_the_copy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A slow archive answers both within the time of one: neither is answered before the other question has come."""
    both, asked = asyncio.Barrier(2), set[bool]()

    async def search(self: ArchiveWeb, path: str, **filters: str) -> Sequence[Found]:
        if (of_patient := path == "/studies") not in asked:
            asked.add(of_patient)
            async with asyncio.timeout(PATIENCE):
                await both.wait()
        return []

    async def store(*_: object) -> None:
        return None

    monkeypatch.setattr(ArchiveWeb, "search", search)
    monkeypatch.setattr(ArchiveWeb, "store", store)
    placed = await ImageArchive(NAME, "http://127.0.0.1:1", SOURCE, adds_patients=True).place(
        consignments.photo(PHOTO), {}
    )
    assert placed["instance"]
