"""What goes wrong and what changes, through real apps against the real bot: called back, required by law, the wrong record, a
copy, a lost phone, somebody leaves, a child turns 18. One practice of their own: people leave it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.entries import EntryKind
from bot.domain.people import eighteenth_birthday
from bot.domain.use import UseState
from tests.bot_process import Member, until
from tests.homeserver import Homeserver
from tests.integration.consulting import (
    Consulting,
    asks,
    is_clean,
    open_consulting,
    picture_in,
    pictures_in,
    poll_of,
    taps,
)

LAW = 'basis "subpoena 12/2026" authority "Local Court" recipient "Registrar"'


@pytest.fixture(scope="module")
def incidents(homeserver: Homeserver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Consulting]:
    with open_consulting(homeserver, tmp_path_factory.mktemp("incidents")) as staffed:
        yield staffed


def in_case(incidents: Consulting, ref: str, asker: Member, adviser: Member) -> tuple[str, dict[str, Any]]:
    """The room of a case about this image, and the picture the adviser is shown in it."""
    mark = asker.app.mark()
    asker.says(f"!forward {ref} {adviser.app.user_id} is this a melanoma?")
    taps(asker, poll_of(asker, ref, after=mark), "Yes")
    room = adviser.invited()
    assert asker.invited() == room
    return room, picture_in(adviser, room)


def is_put_out(member: Member, room: str) -> None:
    def out() -> bool:
        membership = {one["room"]: one["membership"] for one in member.app.call("rooms")["rooms"]}
        return membership.get(room) not in {"join", "invite"}

    until(out, f"{member.app.user_id} is out of the room")


def test_R25_a_recall_takes_the_picture_back_asks_the_recipient_and_is_assessed(incidents: Consulting) -> None:
    lee, derm, kim = incidents.lee, incidents.derm, incidents.practice.kim
    ref = incidents.photo()
    room, shown = in_case(incidents, ref, lee, derm)
    mark, kims = derm.app.mark(), kim.app.mark()
    assert "Dr Derm is asked to delete" in asks(lee, f"!recall {ref}", "called back")
    derm.sees_redacted(shown["id"])
    derm.sees_gone(shown["content"]["file"]["url"])
    taps(derm, poll_of(derm, "by mistake", after=mark), "Never opened")
    derm.hears("That is noted", after=mark)
    is_put_out(derm, room)
    breach = kim.hears("^BR-", after=kims)[:7]
    assert "Never opened" in asks(kim, f"!breach {breach}", "answers:")
    assert "closed" in asks(kim, f'!breach {breach} outcome "unopened, no harm"', breach)
    assert incidents.use_of(ref).state is UseState.RECALLED


def test_R13a_what_the_law_requires_goes_to_the_manager_and_the_patient_hears_unless_it_is_forbidden(
    incidents: Consulting, tmp_path: Path
) -> None:
    lee, sam, kim = incidents.lee, incidents.sam, incidents.practice.kim
    ref = incidents.photo()
    assert "manager" in asks(lee, f"!required-by-law {ref} {LAW}", "manager")
    mark, sams = kim.app.mark(), sam.app.mark()
    assert "The patient is told" in asks(kim, f"!required-by-law {ref} {LAW}", "Recorded")
    there = tmp_path / "copy.jpg"
    shown = picture_in(kim, kim.room, after=mark)
    kim.app.download(kim.room, shown["id"], there)
    assert is_clean(there.read_bytes())
    assert "subpoena 12/2026" in sam.hears("The law requires", after=sams)
    assert "as the law requires" in asks(sam, "my images", ref)

    other = incidents.photo("a mole that grew")
    mark, sams = kim.app.mark(), sam.app.mark()
    asks(kim, f"!required-by-law {other} {LAW} without telling the patient", "not told")
    picture_in(kim, kim.room, after=mark)
    told = asks(sam, "my images", other)
    assert "as the law requires" not in next(part for part in told.split("\n\n") if other in part)
    assert not sam.heard("The law requires", after=sams)


def test_R15_a_photo_in_the_wrong_record_moves_to_the_right_one_after_one_tap(incidents: Consulting) -> None:
    sam, kim = incidents.sam, incidents.practice.kim
    ref = incidents.photo()
    assert "both this number" in asks(kim, f"!refile {ref} 10422 1990-01-03", "number")
    mark, sams = kim.app.mark(), sam.app.mark()
    kim.says(f"!refile {ref} 10422 1990-01-02")
    poll = poll_of(kim, "Sam Patel.*Noor Haddad", after=mark)
    taps(kim, poll, "Move")
    kim.hears("in the right record now", after=mark)
    taps(kim, poll, "Move")
    kim.hears("answered already", after=mark)
    told = sam.hears("put right how", after=sams)
    assert ref in told and "wrong" not in told and "Noor" not in told, "the record it went to is none of Sam's (R29)"
    assert [one.kind for one in incidents.entries(ref)] == [EntryKind.CORRECTION], "only the trace stays"
    assert ref in asks(incidents.noor, "my images", ref)


def test_R24_what_is_held_is_told_copied_and_taken_back(incidents: Consulting, tmp_path: Path) -> None:
    sam, lee = incidents.sam, incidents.lee
    ref = incidents.photo("blisters after the hike")
    told = asks(sam, "my images", ref)
    assert "blisters after the hike" in told and "for nothing else" in told
    mark = sam.app.mark()
    sam.says("my copy")
    file = sam.app.wait(sam.room, msgtype="m.file", utd=False, after=mark)
    there = tmp_path / "copy.zip"
    sam.app.download(sam.room, file["id"], there)
    with zipfile.ZipFile(io.BytesIO(there.read_bytes())) as copy:
        names = copy.namelist()
        assert any(name.endswith(".html") for name in names) and any(ref in name for name in names)
    assert file["wire_type"] == "m.room.encrypted"
    answer = asks(sam, f"withdraw {ref}", "health record")
    assert "stays" in answer
    assert "Any other use was stopped" in asks(sam, "my images", ref)
    assert "may not be used" in asks(lee, f"!forward {ref} {incidents.derm.app.user_id} and now?", "used")


def test_a_lost_phone_is_emptied_not_heard_and_replaced(incidents: Consulting) -> None:
    derm, kim = incidents.derm, incidents.practice.kim
    mark, kims = derm.app.mark(), kim.app.mark()
    said = poll_of(derm, "by mistake")
    kim.says(f"!lost {derm.app.user_id}")
    invitation = kim.hears("Code: ", after=kims)
    derm.hears("reported lost", after=mark)
    derm.sees_redacted(said["id"])
    mark = derm.app.mark()
    derm.says("!help")
    derm.hears("reported lost|security identity", after=mark)
    assert not derm.heard("this list", after=mark), "whoever holds the phone is not served"

    derm.app.close()
    app = incidents.practice.app_of(incidents.derm_account, reset_cross_signing=True)
    fresh = Member(app, incidents.practice.bot_account)
    fresh.room, lobby = derm.room, app.create_dm(incidents.practice.bot_account)
    fresh.hears("code from your invitation", room=lobby)
    fresh.says(invitation.partition("Code: ")[2].split()[0], lobby)
    fresh.hears("the code is right", room=lobby)
    fresh.says("yes", lobby)
    fresh.hears("our own private chat", room=lobby)
    assert "!device" in asks(fresh, "!help", "this list")
    incidents.derm = fresh


def test_a_clinician_leaves_and_what_was_theirs_passes_on(incidents: Consulting) -> None:
    practice, lee = incidents.practice, incidents.lee
    kim, account = practice.kim, practice.homeserver.account("chen")
    chen = practice.enter(account, practice.enrol(f'!enrol clinician {account.user_id} "Dr Chen"'))
    team = chen.invited(team=True)
    ref = incidents.photo()
    asks(chen, f"!mine {ref}", "is yours")
    mark, chens = lee.app.mark(), chen.app.mark()
    assert "1 photos" in asks(kim, f"!leaves {account.user_id} to {lee.app.user_id}", "has left")
    assert ref in lee.hears("You take over from Dr Chen", after=mark)
    chen.hears("You have left", after=chens)
    is_put_out(chen, team)
    is_put_out(chen, chen.room)
    assert "yours" in asks(lee, f"!mine {ref}", "yours")


def test_a_patient_leaves_is_thanked_and_not_heard_any_more(incidents: Consulting, tmp_path: Path) -> None:
    noor, kim = incidents.noor, incidents.practice.kim
    mark, noors = kim.app.mark(), noor.app.mark()
    kim.says("!patient-leaves 10422")
    taps(kim, poll_of(kim, "Noor Haddad", after=mark), "Leaves")
    assert "consentry record export 10422" in kim.hears("Done for Noor", after=mark)
    noor.hears("ended this chat", after=noors)
    mark = noor.app.mark()
    noor.says("my images")
    noor.hears("I kept nothing", after=mark)
    assert not noor.heard("IMG-", after=mark)


def test_days_later_a_child_has_turned_18_and_a_device_check_is_overdue(incidents: Consulting) -> None:
    """Who may answer, and R21: the same bot, its clock fifteen days on."""
    practice, lee = incidents.practice, incidents.lee
    kim, account = practice.kim, practice.homeserver.account("ann")
    born = date.today() + timedelta(days=10)
    born = born.replace(year=born.year - 18, day=min(born.day, 28))
    assert eighteenth_birthday(born) > date.today()
    ann = practice.enter(
        account, practice.enrol(f'!enrol patient 20001 "Ada Patel" {born.isoformat()} parent "Ann Patel"')
    )
    ref = incidents.photo("a burn")
    kims, anns, mark = kim.app.mark(), ann.app.mark(), lee.app.mark()
    practice.later("15d")
    ann.hears("Ada Patel has turned 18", after=anns)
    assert "Code: " in kim.hears("Ada Patel.*has turned 18", after=kims)
    poll_of(lee, "wiped from afar", after=mark)  # asked when it came due; what `!show` asks takes its place
    mark = ann.app.mark()
    ann.says("my images")
    assert "no images" in ann.hears("hold", after=mark)

    mark = lee.app.mark()
    assert "one tap" in asks(lee, f"!show {ref}", "overdue")
    taps(lee, poll_of(lee, "wiped from afar", after=mark), "All four")
    lee.hears("again in 6 months", after=mark)
    assert not pictures_in(lee, lee.room, mark)
    lee.says(f"!show {ref}")
    picture_in(lee, lee.room, after=mark)
