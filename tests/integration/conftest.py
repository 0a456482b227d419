"""What takes its time is done once: five people enrolled through real apps, and a practice with a page for each file of tests.

Each test has a photo of its own, and each test of the page its browser.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot_process import Member
from tests.browser.driver import Page
from tests.browser.installed import Engine
from tests.browser.played import engines_of
from tests.homeserver import Homeserver
from tests.integration.consulting import Consulting, open_consulting
from tests.page_visits import PagePractice, page_practice
from tests.photos import small


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Play what happens on the page in each browser that it is to be played in."""
    if "engine" in metafunc.fixturenames:
        metafunc.parametrize("engine", engines_of(metafunc.function.__name__), ids=str)


@pytest.fixture(scope="session")
def consulting(homeserver: Homeserver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Consulting]:
    with open_consulting(homeserver, tmp_path_factory.mktemp("consulting")) as staffed:
        yield staffed


@pytest.fixture(scope="module")
def opened_practice(homeserver: Homeserver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PagePractice]:
    with page_practice(homeserver, tmp_path_factory.mktemp("page")) as practice:
        yield practice


@pytest.fixture(scope="module")
def lee(opened_practice: PagePractice) -> Member:
    """A clinician of the practice with a page."""
    running = opened_practice.running
    lee = running.accounts["lee"]
    return running.enter(lee, running.enrol(f'!enrol clinician {lee.user_id} "Dr Lee"'))


@pytest.fixture
def practice(opened_practice: PagePractice, engine: Engine) -> PagePractice:
    """The practice with a page of this file, as it is visited in this test's browser."""
    opened_practice.engine = engine
    return opened_practice


@pytest.fixture
def ann(practice: PagePractice) -> Page:
    """Ann is connected already, and has closed her page."""
    return practice.regular("10430", "Ann Lee")


@pytest.fixture
def photo(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A photo that no other test sends: told apart by a checksum of the test's name, which hears the order of its letters."""
    path = tmp_path / "IMG_2034_left_arm.jpg"
    path.write_bytes(small(zlib.crc32(request.node.nodeid.encode())))
    return path
