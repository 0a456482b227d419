"""Practice software as far as a folder shows it: takes every message that it sees at once, and answers as it was told to.

It works in steps for tests that hold the clock, or as a process of its own:
`python hl7_receiver.py FOLDER ACKNOWLEDGEMENTS HOW BESIDE`.
It knows nothing of consentry and removes what it has read, as importers do. What it took stands in `taken`, as a process also
beside, in a directory of its own: whole, and before it is answered.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Receiver:
    """`how`: the code of its answer, or "silent"; "torn AA" writes the half of an answer, and the rest at its next look."""

    folder: Path
    acknowledgements: Path
    how: str = "AA"
    ending: str = "hl7"
    taken: list[bytes] = field(default_factory=list)
    beside: Path | None = None
    _rest: dict[Path, str] = field(default_factory=dict)

    def look(self) -> int:
        """Take all that lies there; return how many messages it has had."""
        for path, whole in self._rest.items():
            path.write_text(whole)
        self._rest.clear()
        for path in sorted(self.folder.glob(f"*.{self.ending}")):
            message = path.read_bytes()
            path.unlink()
            self.taken.append(message)
            if self.beside is not None:
                unready = self.beside.with_name("unready")
                unready.write_bytes(message)
                unready.rename(self.beside / f"{len(self.taken)}.hl7")
            if self.how != "silent":
                self._answer(path.stem, message)
        return len(self.taken)

    def _answer(self, stem: str, message: bytes) -> None:
        control = message.split(b"\r", 1)[0].split(b"|")[9].decode()
        code = self.how.removeprefix("torn ")
        said = (
            f"MSH|^~\\&|BP|Hill|consentry|Hill|20261201||ACK^R01|{len(self.taken)}|P|2.4\rMSA|{code}|{control}|said\r"
        )
        path = self.acknowledgements / f"{stem}-{len(self.taken)}.ACK"
        if self.how.startswith("torn "):
            self._rest[path] = said
            said = said[: -len(control)]
        path.write_text(said)

    @property
    def numbers(self) -> list[tuple[str, str]]:
        """Return message number and order number of all that it took."""
        found = []
        for message in self.taken:
            segments = {segment[:3]: segment.split("|") for segment in message.decode("latin-1").split("\r")}
            found.append((segments["MSH"][9], segments["OBR"][3]))
        return found


def main() -> None:
    """Look again and again until it is ended."""
    receiver = Receiver(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], beside=Path(sys.argv[4]))
    while True:
        receiver.look()
        time.sleep(0.05)


if __name__ == "__main__":
    main()
