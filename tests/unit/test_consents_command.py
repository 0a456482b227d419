"""`consentry consents`: who agreed to what, when, in which words; and a page to sign off."""

from __future__ import annotations

import asyncio
import re
import stat
from pathlib import Path

import pytest

from bot.domain.identifiers import Account
from bot.operate.agreements.listing import Wanted, agreements
from bot.operate.setup import write_practice
from tests.cases import TEACHING, taps
from tests.unit.test_commands import ANSWERS, Consentry, consentry
from tests.unit.test_uses import with_derm

__all__ = ["consentry"]

DERM = Account("@derm:hs.test")


async def _live(directory: Path) -> str:
    """Advice under the implied consent; education granted, then withdrawn; a request left open."""
    async with with_derm(directory) as (practice, people, _, image):
        second = TEACHING.replace("{ref}", "{other}").replace("education", "quality-audit")
        await people.sam.sends_photo(b"\xff\xd8\xff\xe0 another", caption="<b>toe</b>")
        other = next(one.ref for one in await practice.images() if one.id != image.id)
        for someone, words, tap in (
            (people.lee, f"!forward {image.ref} {DERM} melanoma?", people.lee),
            (people.lee, TEACHING.format(ref=image.ref), people.sam),
            (people.lee, second.format(other=other), None),
            (people.sam, f"withdraw {image.ref}", None),
        ):
            await practice.after(minutes=1)
            await someone.writes(words)
            if tap:
                await taps(tap, "Yes")
        return image.ref


@pytest.fixture
def ref(consentry: Consentry, tmp_path: Path) -> str:
    """A practice in which all that has happened; the reference of the first image."""
    write_practice(tmp_path / "config.toml", ANSWERS)
    for name in ("data", "keys"):
        for file in (tmp_path / name).iterdir():
            file.unlink()
        (tmp_path / name).rmdir()
    ref = asyncio.run(_live(tmp_path / "data"))
    (tmp_path / "data" / "keys").rename(tmp_path / "keys")
    return ref


def test_the_list_has_every_answer_and_the_withdrawal_beside_the_consent_it_ends(
    consentry: Consentry, ref: str
) -> None:
    out = consentry("consents", "list", "--image", ref).out
    answers = re.findall(r"implied by|granted|withdrawn|no answer", out)
    assert answers == ["implied by", "granted", "withdrawn"]
    assert out.count("Dr Derm") == 3, "advice was shown to Dr Derm under the implied consent, and that is told too"


async def test_nobody_is_said_to_have_seen_what_was_only_about_to_be_sent(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, _, image):
        await people.lee.writes(f"!forward {image.ref} {DERM} melanoma?")
        await people.sam.writes(f"withdraw {image.ref}")
        async with practice.journal.reading() as rows:
            (implied,) = await agreements(rows, Wanted())
            assert implied.recipients == () and await agreements(rows, Wanted(recipient=DERM)) == []


def test_each_is_shown_in_the_exact_words_with_who_and_when(consentry: Consentry, ref: str) -> None:
    out = consentry("consents", "show", "--patient", "10421").out
    for words in (
        "nothing else",
        "“registrar teaching, 12 March”",
        "makes no difference to Sam Patel's care",
        "by: Sam Patel",
    ):
        assert words in out
    assert re.search(r"wording: request_for_consent@[0-9a-f]{12}", out) and "asked by: Dr Lee" in out


def test_of_a_recipient_only_what_concerns_them(consentry: Consentry, ref: str) -> None:
    out = consentry("consents", "list", "--recipient", DERM).out
    assert "4 in all" in out and "no answer yet" in out
    assert "Nothing was agreed" in consentry("consents", "list", "--recipient", "@lee:hs.test").out
    assert "Nobody is enrolled" in consentry("consents", "list", "-r", "@nobody:hs.test").err


def test_the_page_is_whole_private_and_runs_nothing(consentry: Consentry, ref: str, tmp_path: Path) -> None:
    page = tmp_path / "sam.html"
    assert consentry("consents", "show", "--patient", "10421", "--export", str(page)).code == 0
    text = page.read_text()
    for words in ("Sam Patel, MRN 10421", "granted", "withdrawn", "Signature", "Last hash", "SamIdentity", "audit"):
        assert words in text
    assert "<script" not in text and "http" not in text.replace("http-equiv", "") and "default-src 'none'" in text
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    again = consentry("consents", "show", "--patient", "10421", "--export", str(page))
    assert again.code == 1 and "never replaced" in again.err


def test_whose_must_be_said_and_must_be_known(consentry: Consentry, ref: str) -> None:
    assert "Whose?" in consentry("consents", "show").err
    assert "record number" in consentry("consents", "show", "-p", "99999").err
    assert "reference" in consentry("consents", "list", "-i", "IMG-ZZZZ").err
