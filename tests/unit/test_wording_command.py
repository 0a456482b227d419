"""`consentry wording`: a practice finds the texts, reads one, and hears what its own lack; with a lack the bot does not start."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import Config, load
from bot.config.practice_texts import WordingInvalid
from bot.domain.built_in_texts import REQUEST_FOR_CONSENT
from bot.operate.app import assembled
from tests.unit.test_commands import Consentry, consentry, practice

__all__ = ["consentry", "practice"]


@pytest.fixture
def own(practice: Config, tmp_path: Path) -> Path:
    """The practice names a directory of its own texts, with a good welcome in it."""
    directory = tmp_path / "wording"
    directory.mkdir()
    with (tmp_path / "config.toml").open("a") as config:
        config.write('\n[wording]\ndirectory = "wording"\n')
    (directory / "welcome_patient.txt").write_text("Hello from $practice.\n")
    return directory


def test_the_list_says_which_texts_are_the_practices_own(consentry: Consentry, own: Path) -> None:
    ended = consentry("wording", "list")
    (mine,) = [line for line in ended.out.splitlines() if "yours" in line]
    assert "welcome_patient" in mine and ended.out.count("built in") == 7


def test_a_text_is_shown_with_what_must_stand_in_it_and_how_it_reads(consentry: Consentry, own: Path) -> None:
    ended = consentry("wording", "show", "welcome_patient")
    assert "Hello from $practice." in ended.out and "Hello from Hill Street Practice." in ended.out
    ended = consentry("wording", "show", "request_for_consent")
    assert "$until" in ended.out and "for how long" in ended.out and "must stand in it" in ended.out
    assert "did you mean terms?" in consentry("wording", "show", "term").err


def test_a_good_directory_passes_the_check(consentry: Consentry, own: Path) -> None:
    assert consentry("wording", "check").out == "1 of 8 texts are yours, and may be used: welcome_patient.\n"


async def test_a_consent_text_without_a_required_element_is_refused_and_the_bot_does_not_start(
    own: Path, tmp_path: Path
) -> None:
    (own / "request_for_consent.txt").write_text(REQUEST_FOR_CONSENT.body.replace("$freedom", "Thank you."))
    with pytest.raises(WordingInvalid, match="without difference to their care"):
        async with assembled(load(tmp_path / "config.toml")):
            raise AssertionError("it started")


def test_the_check_names_the_file_and_the_element(consentry: Consentry, own: Path) -> None:
    (own / "request_for_consent.txt").write_text(REQUEST_FOR_CONSENT.body.replace("$until", "a while"))
    ended = consentry("wording", "check")
    assert ended.code == 1
    assert "request_for_consent.txt: must say for how long: put $until where it belongs" in ended.err
