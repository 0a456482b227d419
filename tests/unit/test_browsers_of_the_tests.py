"""The page is played in real browsers; where one is missing, the run says so, and continuous integration fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.installed import PROGRAMS, Engine, StandIn, program_of
from tests.peer.driver import MissingPart


@pytest.mark.parametrize("engine", Engine)
def test_a_missing_browser_is_said_and_in_continuous_integration_a_failure(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CI", raising=False)
    with pytest.warns(StandIn, match="make packages"):
        assert program_of(engine) is None
    monkeypatch.setenv("CI", "true")
    with pytest.raises(MissingPart, match="make packages"):
        program_of(engine)


@pytest.mark.parametrize(("engine", "name"), [(engine, name) for engine in Engine for name in PROGRAMS[engine]])
def test_an_installed_browser_is_taken(
    engine: Engine, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / name
    program.touch(mode=0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert program_of(engine) == str(program)
