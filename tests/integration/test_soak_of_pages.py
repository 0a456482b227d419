"""A short soak: bot, page process and homeserver are killed while ten pages send, under Node. `make pages` is the long one."""

from __future__ import annotations

from pathlib import Path

from tests.pages_soak import soak


def test_whoever_is_killed_while_ten_pages_send_each_photo_is_filed_once_and_each_page_is_told_of_its_own(
    tmp_path: Path,
) -> None:
    assert soak(tmp_path, seed=1, deaths=3, people=10, each=2) == {"bot": 1, "page_process": 1, "homeserver": 1}
