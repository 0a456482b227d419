"""What a patient may do from a browser, on real parts: hear a reply, agree, see what is held, and take a copy away (R8, R24)."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot_process import until
from tests.browser.driver import Page
from tests.homeserver import Homeserver
from tests.page_visits import PagePractice, page_practice, send
from tests.photos import small


@pytest.fixture(scope="module")
def practice(homeserver: Homeserver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PagePractice]:
    with page_practice(homeserver, tmp_path_factory.mktemp("page")) as practice:
        running = practice.running
        lee = running.accounts["lee"]
        running.lee = running.enter(lee, running.enrol(f'!enrol clinician {lee.user_id} "Dr Lee"'))
        yield practice


@pytest.fixture(scope="module")
def sam(practice: PagePractice) -> Page:
    page = practice.visitor(practice.link("10421"))
    page.waits("You are connected")
    page.close()
    return page


@pytest.fixture
def photo(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    path = tmp_path / "IMG_2034_left_arm.jpg"
    path.write_bytes(small(sum(request.node.name.encode())))
    return path


def test_a_reply_a_request_what_is_held_and_a_copy(
    practice: PagePractice, sam: Page, photo: Path, tmp_path: Path
) -> None:
    lee = practice.running.lee
    with practice.again(sam) as page:
        page.waits("You are connected")
        send(page, photo, "itchy rash, three days")
        ref = practice.filed(photo).ref
        page.waits(f"Take back {ref[:3]}")
        lee.says(f"!reply {ref} Please come in on Friday.")
        page.waits("Please come in on Friday", "#list")
        wanted = f'!use {ref} for education "registrar teaching, 12 March" seen by "registrars of the clinic" until 2031-03-31'
        lee.says(f"{wanted} recipient {lee.app.user_id} recognisable no")
        page.waits("registrar teaching", "#asked")
    with practice.again(sam) as page:
        page.waits("Waiting for your answer.*registrar teaching.*Yes.*No.*Ask me later.*Send", "main")
        assert page.sees("#list").count("registrar teaching") == 0
        until(lambda: page.run("document.activeElement.id") == "waiting-title", "the focus is on what waits")
        assert page.violations() == []
        page.tap("#asked button", "Yes")
        page.waits("Thank you", "#list")
        page.tap("#held")
        page.waits("registrar teaching", "#list")
        page.downloads(tmp_path / "saved")
        page.tap("#copy")
        page.waits("Save copy-of", "#list")
        page.tap("#list button", "Save")
        page.waits("Saved where", "#list")
        [saved] = until(lambda: list((tmp_path / "saved").glob("*.zip")), "the copy is saved")
        with zipfile.ZipFile(saved) as copy:
            assert photo.read_bytes() in [copy.read(name) for name in copy.namelist()]
        page.tap("#lost")
        assert page.violations() == []
