"""One practice for all tests of use, for enrolling five people through real apps takes its time; and a photo for each test."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.homeserver import Homeserver
from tests.integration.consulting import Consulting, open_consulting
from tests.photos import small


@pytest.fixture(scope="session")
def consulting(homeserver: Homeserver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Consulting]:
    with open_consulting(homeserver, tmp_path_factory.mktemp("consulting")) as staffed:
        yield staffed


@pytest.fixture
def photo(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A photo that no other test sends: told apart by a checksum of the test's name, which hears the order of its letters."""
    path = tmp_path / "IMG_2034_left_arm.jpg"
    path.write_bytes(small(zlib.crc32(request.node.nodeid.encode())))
    return path
