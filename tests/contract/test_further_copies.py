"""What every place promises that gets further copies of the record, whatever its kind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.domain.assurance import Assurance, Level, Residue
from bot.domain.delivery_reasons import LOST
from bot.domain.errors import OutsideFailure

from .a_place import ANN, SAM, APlace
from .place_kinds import KINDS


@pytest_asyncio.fixture(params=KINDS)
async def at(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[APlace]:
    async with KINDS[request.param](tmp_path) as place:
        yield place


async def test_a_place_is_there_once_it_was_taken_into_use_and_not_when_another_is_in_its_stead(at: APlace) -> None:
    copy = at.copy()
    assert await copy.there() is not at.is_marked
    await copy.begin()
    assert await copy.there() and await at.copy().there()
    await at.goes_away()
    assert not await copy.there()
    if at.is_marked:
        await at.is_replaced()
        assert not await copy.there(), "an empty directory where nothing is mounted"


async def test_R35_nothing_is_claimed_that_the_place_does_not_show(at: APlace) -> None:
    copy = at.copy()
    await copy.begin()
    ref = await copy.place(at.photo(), at.ref())
    assert (await copy.confirm(ref)).level is at.sure
    await at.damage()
    assert (await copy.confirm(ref)).level in {Level.UNKNOWN, Level.WAITING}
    await at.goes_away()
    with pytest.raises(OutsideFailure):
        await copy.confirm(ref)


@pytest.mark.parametrize("bytes_alone", [False, True])
async def test_R35_what_a_place_has_lost_is_called_lost_and_is_there_once_when_it_was_placed_again(
    at: APlace, bytes_alone: bool
) -> None:
    """A server may die before what it took is on its disk, or be restored from a backup."""
    if not at.shows_loss:
        return
    copy = at.copy()
    await copy.begin()
    ref = await copy.place(at.photo(), at.ref())
    before = set(await at.holds())
    await at.loses(bytes_alone)
    assert await copy.confirm(ref) == Assurance(Level.UNKNOWN, LOST)
    for again in (copy, at.copy()):
        ref = await again.place(at.photo(), ref)
        assert await again.confirm(ref) == Assurance(Level.VERIFIED)
        assert len(await at.holds()) == len(before)


async def test_placing_twice_leaves_one_copy_found_by_the_same_reference(at: APlace) -> None:
    copy = at.copy()
    await copy.begin()
    ref = await copy.place(at.photo(), at.ref())
    once = await at.holds()
    assert await copy.place(at.photo(), at.ref()) == ref
    assert await at.copy().place(at.photo(), ref) == ref
    assert await at.holds() == once


async def test_nothing_is_placed_while_it_is_away_and_nothing_is_begun_in_its_stead(at: APlace) -> None:
    copy = at.copy()
    await copy.begin()
    await at.goes_away()
    for instead in (False, True) if at.is_marked else (False,):
        if instead:
            await at.is_replaced()
        for act in (
            lambda: copy.place(at.photo(), at.ref()),
            lambda: copy.move(at.ref(), at.photo(ANN)),
            lambda: copy.remove(at.ref()),
        ):
            with pytest.raises(OutsideFailure, match="away"):
                await act()
        if instead:
            assert await at.holds() == {}


async def test_trying_a_place_out_leaves_nothing_there(at: APlace) -> None:
    before = await at.holds()
    await at.copy().try_out()
    assert await at.holds() == before
    await at.goes_away()
    with pytest.raises(OutsideFailure):
        await at.copy().try_out()


async def test_moving_leaves_the_right_copy_alone_and_neither_names_the_other_patient(at: APlace) -> None:
    """R15."""
    copy = at.copy()
    await copy.begin()
    of_sam = await copy.place(at.photo(SAM), at.ref(SAM))
    moved = await copy.move(of_sam | at.ref(SAM), at.photo(ANN))
    assert moved.residue is at.left_by_moving
    assert (await copy.confirm(moved.ref)).level is at.sure
    for name, content in (await at.holds()).items():
        assert "10421" not in name and b"Sam Patel" not in content and b"10421" not in content
    again = await copy.move(of_sam | at.ref(SAM), at.photo(ANN))
    assert again == moved, "safe to do twice"
    back = await copy.move(moved.ref | at.ref(ANN), at.photo(SAM))
    assert (await copy.confirm(back.ref)).level is at.sure
    for name, content in (await at.holds()).items():
        assert "20771" not in name and b"Ann Other" not in content


async def test_moving_what_was_never_placed_places_it(at: APlace) -> None:
    copy = at.copy()
    await copy.begin()
    moved = await copy.move(at.ref(SAM), at.photo(ANN))
    assert (await copy.confirm(moved.ref)).level is at.sure


async def test_what_is_removed_is_gone_and_gone_already_is_success(at: APlace) -> None:
    """R23."""
    copy = at.copy()
    await copy.begin()
    before = await at.holds()
    ref = await copy.place(at.photo(), at.ref())
    for _ in range(2):
        assert await copy.remove(ref | at.ref()) is at.left
        assert await at.holds() == before
    assert (await copy.confirm(ref)).level is Level.UNKNOWN


async def test_removing_the_wrong_patients_copy_leaves_the_right_ones(at: APlace) -> None:
    copy = at.copy()
    await copy.begin()
    ref = await copy.place(at.photo(ANN), at.ref(ANN))
    assert await copy.remove(at.ref(SAM)) is Residue.GONE
    assert (await copy.confirm(ref)).level is at.sure
