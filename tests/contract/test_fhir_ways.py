"""How bytes go to a FHIR server, which no server says: found out, kept, and found out anew when it does not hold any more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from bot.domain.errors import OutsideFailure, Permanent
from bot.words import about_further_copies as words_of
from storage.records.fhir.fhir_binaries import Upload
from tests.fhir_between import Fault, between
from tests.fhir_fake import KINDS, FhirFake, only

from .fhir_places import on_a_fake
from .test_fhir_copies import SERVERS_OF_OTHERS, placed, refusing


@pytest.mark.parametrize("before", Upload)
@pytest.mark.parametrize("after", [Upload.RAW, Upload.OWN_ID])
async def test_a_server_that_takes_bytes_in_another_way_than_before_is_asked_anew_and_refuses_nothing(
    tmp_path: Path, before: Upload, after: Upload
) -> None:
    """Another version of it, or a gateway before it. One that takes nothing any more refuses all the same."""
    takes = frozenset() if before is Upload.INLINE else frozenset({before})
    async with on_a_fake(tmp_path, only(takes=takes)) as at:
        await placed(at, at.photo())
        at.fake.ways = replace(at.fake.ways, takes=frozenset({after}))
        with pytest.MonkeyPatch.context() as patch:
            if before is Upload.INLINE:
                patch.setattr(FhirFake, "_create", refusing(lambda kind, body: b'"data"' in body and kind != "Binary"))
            ref = await placed(at, at.photo(entry_id="i2"))
        assert await at.notes.about(f"upload {at.url}") == {"way": after.value}
        assert len([one for one in at.fake.all("Binary") if f"Binary/{one['id']}" == ref["bytes"]]) == 1
        at.fake.ways = replace(at.fake.ways, kinds=KINDS - {"Binary"})
        with pytest.MonkeyPatch.context() as patch, pytest.raises(Permanent, match="not-accepted"):
            patch.setattr(FhirFake, "_create", refusing(lambda kind, _: kind == "DocumentReference"))
            await at.copy().place(at.photo(entry_id="i3"), at.ref(entry_id="i3"))


def fails_at_binaries(_number: int, request: web.Request) -> Fault | None:
    return Fault.FAILING if "/Binary" in request.path else None


async def test_a_fault_of_the_server_makes_no_poorer_way_be_kept(tmp_path: Path) -> None:
    async with on_a_fake(tmp_path) as at, between(at.url) as proxy:
        copy, about = at.copy(proxy.url), f"upload {proxy.url}"
        proxy.chooses = fails_at_binaries
        assert "bytes" not in await copy.place(at.photo(), at.ref())
        assert await at.notes.about(about) == {}
        proxy.chooses = lambda _number, _request: None
        ref = await copy.place(at.photo(entry_id="i2"), at.ref(entry_id="i2"))
        assert ref["bytes"].startswith("Binary/")
        assert await at.notes.about(about) == {"way": Upload.RAW.value}
        proxy.chooses = fails_at_binaries
        with pytest.raises(OutsideFailure, match=r"^unwell$"):
            await copy.place(at.photo(entry_id="i3"), at.ref(entry_id="i3"))
        assert await at.notes.about(about) == {"way": Upload.RAW.value}


async def test_a_trial_finds_out_anew_how_bytes_go_there_and_says_whether_any_came_back(tmp_path: Path) -> None:
    async with on_a_fake(tmp_path, only(takes=frozenset())) as at:
        await placed(at, at.photo())
        copy = at.copy()
        assert await copy.ways.noted() == Upload.INLINE and not await copy.try_out()
        at.fake.ways = only(takes=frozenset({Upload.OWN_ID}))
        assert await copy.try_out() and await copy.ways.noted() == Upload.OWN_ID
        assert at.fake.all("Binary") == []
        await copy.ways.forget()
        assert await copy.ways.noted() == ""


@pytest.mark.parametrize("way", Upload)
def test_each_way_is_said_in_words(way: Upload) -> None:
    assert words_of.takes(way)


@pytest.mark.parametrize("server", SERVERS_OF_OTHERS)
async def test_R23_of_a_photo_whose_document_is_refused_no_bytes_are_left_on_servers_of_others(
    server: str, tmp_path: Path
) -> None:
    """The bytes are there by then: a removal by our own id finds them, also where the server chose theirs."""

    def refuses_documents(_number: int, request: web.Request) -> Fault | None:
        return Fault.TOO_LARGE if request.method == "POST" and request.path.endswith("/DocumentReference") else None

    async with SERVERS_OF_OTHERS[server](tmp_path) as at, between(at.url) as proxy:
        proxy.chooses = refuses_documents
        with pytest.raises(Permanent, match="too-large"):
            await at.copy(proxy.url).place(at.photo(), at.ref())
        assert len(await at.all("Binary")) == 1
        assert await at.copy(proxy.url).remove(at.ref()) is at.left
        assert await at.all("Binary") == [] == await at.all("DocumentReference")
