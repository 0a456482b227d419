"""One practice for all tests of use: enrolling five people through real apps takes its time, so it is done once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.homeserver import Homeserver
from tests.integration.consulting import Consulting, open_consulting


@pytest.fixture(scope="session")
def consulting(homeserver: Homeserver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Consulting]:
    with open_consulting(homeserver, tmp_path_factory.mktemp("consulting")) as staffed:
        yield staffed
