"""A short soak: thirty photos and three forwards while bot, purger and homeserver are killed. `make soak` is the long one."""

from __future__ import annotations

from pathlib import Path

from tests.soak import Soak


def test_killed_at_moments_nobody_chose_everything_is_filed_once_and_nothing_is_left(tmp_path: Path) -> None:
    soak = Soak(images=30, forwards=3, seed=18)
    assert soak.run(tmp_path) == {}, soak.figures()
    assert all(soak.kills[victim] for victim in ("bot", "purger", "homeserver"))
