"""A folder from which practice software imports HL7 messages, and, where it has one, the folder of its acknowledgements.

Each message is one file of a name never used again, which appears whole or not at all. Guarantees: a message that was turned down
is never sent again; one that was taken and not acknowledged is, under the same numbers, and at most three times; nothing else
is put there twice, also not after a crash at any step, or when an older backup was restored (`own_corner`).

What is claimed is what the folders show (R35): *waiting* while it lies there; *accepted* once the receiving program said so of
this very message; *taken* once it is gone, where nobody says more. In whose record it is can't be asked. A copy that was taken is
beyond reach. It is taken back by a message under its own order number, from the patient it was sent for; people must look all
the same, for nobody knows what the receiver makes of that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from stat import S_ISREG
from typing import Final

from bot.domain.assurance import Assurance, Level, Residue
from bot.domain.consignment import Consignment, Ref
from bot.domain.delivery_reasons import AGAIN, DIFFERS, NOT_THERE, SILENT, UNCLEAR, UNREAD
from bot.domain.errors import OutsideFailure
from bot.durable import appearing, sync_directory
from bot.ports import Clock, Moved
from storage.outside.far_disk import FarDisk

from .hl7_acknowledgement import Acknowledgement, acknowledged_in, weight
from .hl7_message import Hl7Message, Sender, TakenBack, control_id, result, taking_back
from .on_disk import failing, tried_out
from .own_corner import READY, REMOVING, WRITING, Note, OwnCorner, destroy, opened_as
from .shared_folder import PATIENCE, WRITTEN

MOST_SENT: Final = 3
SILENCE: Final = timedelta(days=1)  # since it was seen to be gone
LOCKED_FOR_A_MOMENT: Final = timedelta(minutes=1)  # as by whoever writes it
LARGEST_ACKNOWLEDGEMENT: Final = 1_000_000  # bytes

_SAID = {
    Acknowledgement.ACCEPTED: Assurance(Level.ACCEPTED),
    Acknowledgement.RECEIVED: Assurance(Level.WAITING, "received"),
    Acknowledgement.UNCLEAR: Assurance(Level.UNKNOWN, UNCLEAR),
    Acknowledgement.TURNED_DOWN: Assurance(Level.REFUSED, "turned-down"),
}


class Hl7Folder:
    """The port `FurtherCopy` on a directory.

    A note holds the `file` that was put there last and its `sha256`, the `control` number of the message, how often it was
    `sent`, the `number` of all files put there for the copy, and `round`: a copy taken back may be sent anew.
    """

    def __init__(
        self, directory: Path, sender: Sender, clock: Clock, *, acknowledged: Path | None = None, ending: str = "hl7"
    ) -> None:
        self.directory = directory
        self._sender = sender
        self._clock = clock
        self._acknowledged = acknowledged
        self._ending = ending
        self._corner = OwnCorner(directory)
        self._far = FarDisk("hangs", PATIENCE)
        self._looked_into: set[tuple[str, int, int]] = set()
        self._said: dict[str, Acknowledgement] = {}
        self._unread: dict[str, datetime] = {}  # since when what may be an answer to anything can't be read

    async def there(self) -> bool:
        return await self._far.do(lambda: self._corner.is_there() and self._is_acknowledged_there())

    async def begin(self) -> None:
        """Take the directory into use; it must exist."""
        await self._far.do(self._begin)

    async def try_out(self) -> bool:
        await self._far.do(self._try_out)
        return True

    async def place(self, consignment: Consignment, ref: Ref) -> dict[str, str]:
        return await self._far.do(lambda: self._place(consignment))

    async def confirm(self, ref: Ref) -> Assurance:
        return await self._far.do(lambda: self._confirm(ref["id"]))

    async def move(self, ref: Ref, to: Consignment) -> Moved:
        placed = await self.place(to, {})
        if (await self.confirm(placed)).level is Level.UNKNOWN:
            raise OutsideFailure("differs")
        return Moved(placed, await self._far.do(lambda: self._take_back(ref, TakenBack.WRONG)))

    async def remove(self, ref: Ref) -> Residue:
        return await self._far.do(lambda: self._take_back(ref, TakenBack.DELETED))

    # ---- on the disk

    def _begin(self) -> None:
        self._require_acknowledged()
        self._corner.begin()

    def _try_out(self) -> None:
        self._require_acknowledged()
        tried_out(self.directory)

    def _place(self, leaving: Consignment) -> dict[str, str]:
        self._corner.require()
        with failing():
            self._corner.sweep()
            copy = leaving.copy_id
            ready, before = self._corner.aside(copy, READY), self._corner.note(copy)
            note: Note = before or {"round": 0, "number": 0, "left": ""}
            begins = "left" in note  # never put there, or taken back since
            if begins:
                note = {"round": note["round"] + 1, "number": note["number"], "sent": 0}
            message = result(leaving, self._sender, control_id(copy, note["round"]), self._clock.now())
            if begins or note.get("silent"):
                note = self._prepare(copy, note, message)
            if ready.exists():
                self._corner.appear(ready, str(note["file"]))
        return {"id": copy, "entry": leaving.entry_id, "patient": message.patient, "order": message.order}

    def _prepare(self, copy: str, note: Note, message: Hl7Message) -> Note:
        """Write a message whole under a hidden name, and then the note that it is going there."""
        number = int(note["number"]) + 1
        destroy(self._corner.aside(copy, REMOVING))  # of an earlier copy: it says nothing of this one
        self._write_aside(copy, message.content)
        prepared: Note = {
            "round": note["round"],
            "sent": note["sent"] + 1,
            "number": number,
            "file": self._named(copy, number),
            "control": message.control_id,
            "sha256": hashlib.sha256(message.content).hexdigest(),
        }
        self._corner.write_note(copy, prepared)
        return prepared

    def _confirm(self, copy: str) -> Assurance:
        self._corner.require()
        self._require_acknowledged()
        with failing():
            note = self._corner.note(copy)
            if note is None or "left" in note:
                return Assurance(Level.UNKNOWN, NOT_THERE)
            if self._corner.aside(copy, READY).exists():
                return Assurance(Level.WAITING, "unfinished")
            if (said := self._acknowledgement(copy, note)) is not None:
                return _SAID[said]
            found = self._corner.digest(self.directory / str(note["file"]))
            self._corner.require()  # it may have gone away in the middle, with all that lies there
            if found is not None:
                same = found == note["sha256"]
                return Assurance(Level.WAITING, WRITTEN) if same else Assurance(Level.UNKNOWN, DIFFERS)
            return Assurance(Level.TAKEN) if self._acknowledged is None else self._while_silent(copy, note)

    def _while_silent(self, copy: str, note: Note) -> Assurance:
        """Say what follows from a message that is gone, and of which nobody said anything yet."""
        now = self._clock.now()
        if "gone" not in note:
            note["gone"] = now.isoformat()
            self._corner.write_note(copy, note)
        if any(now - since >= LOCKED_FOR_A_MOMENT for since in self._unread.values()):
            return Assurance(Level.WAITING, UNREAD)
        if self._unread or now - datetime.fromisoformat(str(note["gone"])) < SILENCE:
            return Assurance(Level.WAITING, "unacknowledged")
        if note["sent"] >= MOST_SENT:
            return Assurance(Level.UNKNOWN, SILENT)
        if not note.get("silent"):
            note["silent"] = True
            self._corner.write_note(copy, note)
        return Assurance(Level.WAITING, AGAIN)

    def _take_back(self, ref: Ref, why: TakenBack) -> Residue:
        self._corner.require()
        copy = ref["id"]
        with failing():
            note = self._corner.note(copy)
            if note is None or "left" not in note:
                if not self._note_what_is_left(copy, note):
                    return Residue.GONE
                note = self._corner.note(copy)
            assert note is not None
            destroy(self._corner.aside(copy, REMOVING))
            if note["left"] == Residue.GONE.value:
                self._corner.forget(copy)
            else:
                self._send_back(ref, why, note)
            return Residue(str(note["left"]))

    def _note_what_is_left(self, copy: str, note: Note | None) -> bool:
        """Hide it, then note what was found, before anything of it goes: a second try must not say otherwise.

        Return whether it was ever put there.
        """
        ready, removing = self._corner.aside(copy, READY), self._corner.aside(copy, REMOVING)
        was_put = note is not None and (note["sent"] > 1 or not ready.exists())
        for hidden in (WRITING, READY):
            destroy(self._corner.aside(copy, hidden))
        if note is None:
            destroy(removing)
            return False
        file = self.directory / str(note["file"])
        if file.exists():
            file.rename(removing)  # in one step: whoever looks there sees all of it or nothing
            sync_directory(self.directory)
        untaken = note["sent"] == 1 and removing.exists() and not note.get("said")
        note["left"] = (Residue.GONE if untaken or not was_put else Residue.BEYOND_REACH).value
        self._corner.write_note(copy, note)
        return True

    def _send_back(self, ref: Ref, why: TakenBack, note: Note) -> None:
        """Put a message there that takes the other one back, where it is known whose that was."""
        copy = ref["id"]
        if "back" not in note and "patient" in ref and "order" in ref:
            number = int(note["number"]) + 1
            control = control_id(copy, note["round"], why.value)
            content = taking_back(ref["patient"], ref["order"], why, self._sender, control, self._clock.now())
            self._write_aside(copy, content)
            note |= {"back": self._named(copy, number), "number": number}
            self._corner.write_note(copy, note)
        ready = self._corner.aside(copy, READY)
        if "back" in note and ready.exists():
            self._corner.appear(ready, str(note["back"]))

    def _write_aside(self, copy: str, content: bytes) -> None:
        writing, ready = self._corner.aside(copy, WRITING), self._corner.aside(copy, READY)
        destroy(writing)
        with appearing(ready, beside=writing) as file:
            file.write(content)
        opened_as(self.directory, ready)

    def _named(self, copy: str, number: int) -> str:
        return f"consentry-{copy.replace('-', '')[:16]}-{number}.{self._ending}"

    # ---- what the receiver said

    def _is_acknowledged_there(self) -> bool:
        with suppress(OSError):
            return self._acknowledged is None or self._acknowledged.is_dir()
        return False

    def _require_acknowledged(self) -> None:
        if not self._is_acknowledged_there():
            raise OutsideFailure("away")

    def _acknowledgement(self, copy: str, note: Note) -> Acknowledgement | None:
        """Return what was said of this very message; it is noted, because the files don't lie there for ever."""
        for control, said in self._new_acknowledgements():
            self._said[control] = max(said, self._said.get(control, said), key=weight)
        before = Acknowledgement(note["said"]) if "said" in note else None
        said_now = self._said.get(str(note["control"]))
        if said_now is None or (before is not None and weight(said_now) <= weight(before)):
            return before
        note["said"] = int(said_now)
        self._corner.write_note(copy, note)
        return said_now

    def _new_acknowledgements(self) -> Iterator[tuple[str, Acknowledgement]]:
        if self._acknowledged is None:
            return
        seen: set[tuple[str, int, int]] = set()
        unread: set[str] = set()
        for path in sorted(self._acknowledged.iterdir()):
            try:
                looked_at = _looked_at(path)
                if looked_at is None:
                    continue
                if looked_at not in self._looked_into and looked_at[-1] <= LARGEST_ACKNOWLEDGEMENT:
                    yield from acknowledged_in(path.read_bytes())
                seen.add(looked_at)
            except FileNotFoundError:  # whoever wrote it took it away
                continue
            except OSError:  # locked, or not for us: it is looked at again, and says nothing of the others
                unread.add(path.name)
        now = self._clock.now()
        self._unread = {name: self._unread.get(name, now) for name in unread}
        self._looked_into = seen


def _looked_at(path: Path) -> tuple[str, int, int] | None:
    """Return what a file is known by until it changes; None of what is no file."""
    status = path.stat()
    return (path.name, status.st_mtime_ns, status.st_size) if S_ISREG(status.st_mode) else None
