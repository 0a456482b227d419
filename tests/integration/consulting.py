"""A practice for the tests of use: beside Kim, Dr Lee and Sam also Dr Derm from outside, and Noor, another patient.

Everyone acts and looks through the independent client. The journal is read only to say what was decided, never to make it so.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from bot.domain.entries import EntryKind
from bot.domain.use import Use
from bot.operate.kept import opened
from tests.bot_process import PATIENT, Member, RunningPractice, practice_of, until
from tests.homeserver import Homeserver, finish
from tests.photos import CAMERA, COMMENT, TAKEN, small

POLL = "org.matrix.msc3381.poll.start"
TEXT = "org.matrix.msc1767.text"


class Consulting:
    """The practice, staffed; `photo` gives each test an image of its own."""

    def __init__(self, practice: RunningPractice) -> None:
        practice.enrol_sam()
        derm, noor = (practice.homeserver.account(name) for name in ("derm", "noor"))
        self.derm_account = derm
        self.derm = practice.enter(derm, practice.enrol(f'!enrol outside-clinician {derm.user_id} "Dr Derm"'))
        self.noor = practice.enter(noor, practice.enrol('!enrol patient 10422 "Noor Haddad" 1990-01-02'))
        self.practice = practice
        self.lee, self.sam = practice.lee, practice.sam
        self._numbers = count(1)

    def photo(self, caption: str = "rash on my arm, three days") -> str:
        """Sam sends a photo; its reference, once it is in the record and gone from the chat."""
        number = next(self._numbers)
        path = self.practice.home / f"IMG_sam_{number}.jpg"
        path.write_bytes(small(number))
        mark = self.sam.app.mark()
        sent = self.sam.app.send_image(self.sam.room, path, caption=caption)
        ref = self.practice.image_of(sent).ref
        self.sam.hears(f"^I have your photo.*{ref}", after=mark)
        self.sam.sees_redacted(sent)
        return ref

    def use_of(self, ref: str) -> Use:
        return use_of(self.practice, ref)

    def entries(self, ref: str) -> list[Any]:
        """What is filed about this image of Sam's."""
        return [entry for entry in entries_of(self.practice, PATIENT[0]) if entry.about == ref]

    def has_filed(self, ref: str, kind: EntryKind, words: str) -> None:
        """The record holds these words about this image; what is said of it in a chat may come before."""

        def texts() -> list[str]:
            return [str(entry.text) for entry in self.entries(ref) if entry.kind is kind]

        until(lambda: words in texts(), f"“{words}” about {ref}", observed=texts)


def use_of(practice: RunningPractice, ref: str) -> Use:
    """The last use asked of this image, as the journal has it."""

    async def read() -> Use:
        async with opened(practice.config, read_only=True) as kept, kept.journal.reading() as rows:
            image = await rows.images.first(ref=ref)
            assert image is not None
            return [use for use in await rows.uses.find() if image.id in use.image_ids][-1]

    return finish(read())


def entries_of(practice: RunningPractice, mrn: str) -> list[Any]:
    """What is filed about this patient."""

    async def read() -> list[Any]:
        async with opened(practice.config, read_only=True) as kept:
            patient = await kept.record.find(mrn)
            assert patient is not None
            return list(await kept.record.entries(patient.patient_id))

    return finish(read())


@contextmanager
def open_consulting(homeserver: Homeserver, directory: Path, through: str = "") -> Iterator[Consulting]:
    with practice_of(homeserver, directory, through) as practice:
        yield Consulting(practice)


def asks(someone: Member, text: str, answer: str, room: str = "") -> str:
    """Write, and wait for the bot's answer."""
    mark = someone.app.mark()
    someone.says(text, room)
    return someone.hears(answer, room=room, after=mark)


def asks_to_teach(lee: Member, ref: str, recipient: str, answer: str) -> None:
    """Dr Lee asks that this image may be used for teaching, and hears this."""
    asks(
        lee,
        f'!use {ref} for education "registrar teaching" seen by "registrars of the clinic" until 2031-03-31 '
        f"recipient {recipient} recognisable no",
        answer,
    )


def confirmed(by: Member, mrn: str, whom: str) -> str:
    """A second person says yes to an account that waits; what they were asked."""
    mark = by.app.mark()
    by.says(f"!confirm {mrn}")
    poll = poll_of(by, whom, after=mark)
    taps(by, poll, "Yes")
    return str(poll["content"][POLL])


def said_to(member: Member, room: str = "", after: int = 0) -> str:
    """Everything this app can read there, polls and captions too."""
    return "\n".join(str(event["content"]) for event in member.app.timeline(room or member.room, after=after))


def copy_of(member: Member, directory: Path) -> str:
    """All that stands in a copy of the record they ask for, and in its file names."""
    mark = member.app.mark()
    member.says("my copy")
    file, there = member.app.wait(member.room, msgtype="m.file", utd=False, after=mark), directory / "copy.zip"
    member.app.download(member.room, file["id"], there)
    with zipfile.ZipFile(there) as copy:
        return "".join(name + copy.read(name).decode(errors="replace") for name in copy.namelist())


def polls_of(member: Member, after: int) -> list[dict[str, Any]]:
    return [event for event in member.app.timeline(member.room, after=after) if POLL in event["content"]]


def poll_of(someone: Member, question: str, *, room: str = "", after: int = 0) -> dict[str, Any]:
    """The bot's poll as this app shows it."""
    where = room or someone.room
    return someone.app.wait(where, type=POLL, content_regex=question, utd=False, after=after)


def secret_of(poll: dict[str, Any], label: str) -> str:
    answers = poll["content"][POLL]["answers"]
    return str(next(one["id"] for one in answers if one[TEXT].startswith(label)))


def taps(someone: Member, poll: dict[str, Any], label: str) -> str:
    return someone.app.poll_answer(poll["room"], poll["id"], secret_of(poll, label))


def picture_in(someone: Member, room: str, *, after: int = 0) -> dict[str, Any]:
    """The next picture this person is shown there."""
    return someone.app.wait(room, msgtype="m.image", utd=False, after=after)


def is_clean(picture: bytes) -> bool:
    """Nothing of what the camera wrote travels with it; the terms it is shared under do."""
    traces = (*CAMERA, TAKEN, COMMENT, b"http://ns.adobe.com", b"Photoshop")
    return picture.startswith(b"\xff\xd8") and b"IMG-" in picture and not any(one in picture for one in traces)


def pictures_in(someone: Member, room: str, after: int) -> list[dict[str, Any]]:
    return [e for e in someone.app.timeline(room, after=after) if e["content"].get("msgtype") == "m.image"]
