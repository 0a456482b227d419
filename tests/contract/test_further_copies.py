"""What every place promises that gets further copies of the record, whatever its kind."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.domain.assurance import Level, Residue
from bot.domain.delivery import Consignment, copy_id
from bot.domain.entries import EntryKind, PatientIdentity
from bot.domain.errors import OutsideFailure
from bot.domain.identifiers import PatientId
from bot.ports import FurtherCopy
from storage.records.mirror import Mirror
from storage.records.shared_folder import SharedFolder
from storage.vault.key_ring import KeyRing

SAM = PatientIdentity(PatientId("p1"), "10421", "Sam Patel", date(1984, 3, 7))
ANN = PatientIdentity(PatientId("p2"), "20771", "Ann Other", date(1990, 1, 2))
PHOTO = b"\xff\xd8 a photo of a rash" * 500
KINDS: dict[str, tuple[str, Callable[[Path, Path], FurtherCopy]]] = {
    "mirror": ("second copy", lambda place, keys: Mirror(place, KeyRing.load(keys))),
    "folder": ("share", lambda place, keys: SharedFolder(place)),
}
SURE = {"mirror": Level.VERIFIED, "folder": Level.WAITING}  # once it is placed


class At:
    """A place in a directory, and copies on their way there."""

    def __init__(self, kind: str, directory: Path) -> None:
        self.kind, self.directory, self._keys = kind, directory / "place", directory / "keys"
        self.name, self._make = KINDS[kind]
        KeyRing.create(self._keys)
        self.directory.mkdir()

    def copy(self) -> FurtherCopy:
        """As after a start."""
        return self._make(self.directory, self._keys)

    def photo(self, whose: PatientIdentity = SAM, content: bytes = PHOTO) -> Consignment:
        return Consignment(
            copy_id("i1", whose.patient_id, self.name),
            "i1",
            EntryKind.IMAGE,
            whose,
            "IMG-7F3K",
            datetime(2026, 3, 9, 9, 30, tzinfo=UTC),
            f"{whose.name}, patient",
            {"purpose": "care"},
            "image/jpeg",
            False,
            content,
            hashlib.sha256(content).hexdigest(),
            summary=b"%PDF a page",
        )

    def ref(self, whose: PatientIdentity = SAM) -> dict[str, str]:
        return {"id": copy_id("i1", whose.patient_id, self.name), "entry": "i1"}

    def files(self) -> dict[str, bytes]:
        return {
            str(path.relative_to(self.directory)): path.read_bytes()
            for path in self.directory.rglob("*")
            if path.is_file()
        }


@pytest.fixture(params=KINDS)
def at(request: pytest.FixtureRequest, tmp_path: Path) -> At:
    return At(request.param, tmp_path)


async def test_a_place_is_there_once_it_was_taken_into_use_and_not_when_another_is_in_its_stead(at: At) -> None:
    copy = at.copy()
    assert not await copy.there()
    await copy.begin()
    assert await copy.there() and await at.copy().there()
    at.directory.rename(at.directory.with_name("unplugged"))
    assert not await copy.there()
    at.directory.mkdir()
    assert not await copy.there(), "an empty directory where nothing is mounted"


async def test_R35_nothing_is_claimed_that_the_place_does_not_show(at: At) -> None:
    copy = at.copy()
    await copy.begin()
    ref = await copy.place(at.photo(), at.ref())
    assert (await copy.confirm(ref)).level is SURE[at.kind]
    for name in at.files():
        path = at.directory / name
        if path.stat().st_size > len(PHOTO) // 2:
            path.write_bytes(path.read_bytes()[:-1])
    assert (await copy.confirm(ref)).level in {Level.UNKNOWN, Level.WAITING}
    at.directory.rename(at.directory.with_name("unplugged"))
    with pytest.raises(OutsideFailure):
        await copy.confirm(ref)


async def test_placing_twice_leaves_one_copy_found_by_the_same_reference(at: At) -> None:
    copy = at.copy()
    await copy.begin()
    ref = await copy.place(at.photo(), at.ref())
    once = at.files()
    assert await copy.place(at.photo(), at.ref()) == ref
    assert await at.copy().place(at.photo(), ref) == ref
    assert at.files() == once


async def test_nothing_is_placed_while_it_is_away_and_nothing_is_begun_in_its_stead(at: At) -> None:
    copy = at.copy()
    await copy.begin()
    at.directory.rename(at.directory.with_name("unplugged"))
    for instead in (False, True):
        if instead:
            at.directory.mkdir()
        for act in (
            lambda: copy.place(at.photo(), at.ref()),
            lambda: copy.move(at.ref(), at.photo(ANN)),
            lambda: copy.remove(at.ref()),
        ):
            with pytest.raises(OutsideFailure, match="away"):
                await act()
    assert list(at.directory.iterdir()) == []


async def test_moving_leaves_the_right_copy_alone_and_neither_names_the_other_patient(at: At) -> None:
    """R15."""
    copy = at.copy()
    await copy.begin()
    of_sam = await copy.place(at.photo(SAM), at.ref(SAM))
    moved = await copy.move(of_sam | at.ref(SAM), at.photo(ANN))
    assert moved.residue is Residue.GONE
    assert (await copy.confirm(moved.ref)).level is SURE[at.kind]
    for name, content in at.files().items():
        assert "10421" not in name and b"Sam Patel" not in content and b"10421" not in content
    again = await copy.move(of_sam | at.ref(SAM), at.photo(ANN))
    assert again == moved, "safe to do twice"
    back = await copy.move(moved.ref | at.ref(ANN), at.photo(SAM))
    assert (await copy.confirm(back.ref)).level is SURE[at.kind]
    for name, content in at.files().items():
        assert "20771" not in name and b"Ann Other" not in content


async def test_moving_what_was_never_placed_places_it(at: At) -> None:
    copy = at.copy()
    await copy.begin()
    moved = await copy.move(at.ref(SAM), at.photo(ANN))
    assert (await copy.confirm(moved.ref)).level is SURE[at.kind]


async def test_what_is_removed_is_gone_and_gone_already_is_success(at: At) -> None:
    """R23."""
    copy = at.copy()
    await copy.begin()
    before = at.files()
    ref = await copy.place(at.photo(), at.ref())
    for _ in range(2):
        assert await copy.remove(ref | at.ref()) is Residue.GONE
        assert at.files() == before
    assert (await copy.confirm(ref)).level is Level.UNKNOWN


async def test_removing_the_wrong_patients_copy_leaves_the_right_ones(at: At) -> None:
    copy = at.copy()
    await copy.begin()
    ref = await copy.place(at.photo(ANN), at.ref(ANN))
    assert await copy.remove(at.ref(SAM)) is Residue.GONE
    assert (await copy.confirm(ref)).level is SURE[at.kind]
