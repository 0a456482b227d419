"""What screening found in a file: what it is, what it claims about itself, and what may be wrong with it as a picture.

Nothing here decides whether an image is kept: it is filed in any case. All of it comes from a process that hostile bytes
may have taken over, so `read` accepts only known keys, short printable words and numbers within bounds; else `ValueError`.
What a file says about time and device is a claim, and is marked as one wherever it is told (R14).
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum

from .formats import SHOWN_BY_BROWSERS
from .identifiers import ImageId


class Also(StrEnum):
    """Other things that a file can carry and a copy must not."""

    XMP = "xmp"
    IPTC = "iptc"
    COMMENT = "comment"
    CREDENTIALS = "credentials"
    PROFILE = "profile"
    SERIAL = "serial"
    AUTHOR = "author"
    SECOND_PICTURE = "second-picture"
    OTHER = "other"
    SCRIPTS = "scripts"
    ATTACHMENTS = "attachments"
    MEDIA = "media"
    HIDDEN = "hidden"
    PATIENT = "patient"


class Hint(StrEnum):
    """What may be wrong with the picture: a tip to the sender, never a refusal."""

    DARK = "dark"
    BRIGHT = "bright"
    BLURRED = "blurred"
    SMALL = "small"
    SECONDARY = "secondary"  # looks like a film or a screen: for those who look at it (R20), no fault of the sender's


class NotShown(StrEnum):
    """Why a file is not shown here. The original is filed all the same."""

    DAMAGED = "damaged"
    TOO_MANY_PIXELS = "too many pixels"
    MOVING = "moving picture"
    SEVERAL = "several pictures"
    RAW = "raw photo, or a preview of one"
    CODED = "stored in a way that is not read here"
    NOT_SHOWN_HERE = "a kind of file that is not shown here"
    PROTECTED = "protected by a password"
    TOO_MANY_PAGES = "too many pages"
    LETTERS = "letters whose font is not in the file"
    NOTES_WITHOUT_LOOKS = "drawings that only some programs show"
    FOR_ONE_PROGRAM = "a form that only Adobe Reader shows"
    COLLECTION = "a collection of files"
    TOO_LARGE = "pages that are too large for one file"
    REFUSED = "it takes more than is allowed here"  # memory, or what the confinement refuses: no fault of the file's
    CRASHED = "ended by a limit"
    TOO_LONG = "took too long"


LONGEST = 100
SMALL_SIDE = 320  # pixels, the longer side of a thumbnail
LONGEST_SMALL = 500_000  # letters of base64: more than noise of that size needs
_GREATEST = 2**31


@dataclass(frozen=True, slots=True)
class Findings:
    """What screening found. `why` is set when it can't be viewed. `small` is a thumbnail in base64.

    `frames` counts the pages of a document, and the photos in a file, but no map of depth or light beside one.
    """

    viewable: bool = True
    why: str = ""
    format: str = ""
    width: int = 0
    height: int = 0
    frames: int = 1
    orientation: int = 1
    camera: str = ""
    taken: str = ""
    software: str = ""
    place: bool = False
    thumbnail: bool = False
    trailing: int = 0
    also: tuple[Also, ...] = ()
    hints: tuple[Hint, ...] = ()
    small: str = ""

    @property
    def only_the_first_is_shown(self) -> bool:
        return self.viewable and self.frames > 1 and self.format != "PDF"

    @property
    def small_picture(self) -> bytes:
        return b64decode(self.small, validate=True)

    def as_json(self) -> dict[str, object]:
        return {
            field.name: list(value) if isinstance(value := getattr(self, field.name), tuple) else value
            for field in fields(self)
        }


@dataclass(frozen=True, slots=True)
class Screening:
    """Screening and acknowledgement of an image, under its id: whichever comes first waits here for the other.

    `answered`: the acknowledgement as it was sent, kept until the line about the file is added to it.
    """

    id: ImageId
    findings: dict[str, object] | None = None  # once it was screened
    answered: str = ""
    version: int = 0

    @property
    def found(self) -> Findings | None:
        return None if self.findings is None else read(self.findings)


def screened(screening: Screening, found: Findings) -> Screening:
    """Return it with what was found, but for the small picture, which goes to the record alone."""
    return replace(screening, findings=replace(found, small="").as_json())


def nothing_to_add(screening: Screening) -> Screening:
    """Return it as the line about the file was added to the acknowledgement, or none will be."""
    return replace(screening, answered="")


def dropped_screening(screening: Screening) -> Screening:
    """Return it as if nobody had looked: its image is not kept, so nothing is said of it."""
    return replace(screening, findings=None, answered="")


def emptied_screening(screening: Screening) -> Screening:
    """Return what is left of it once its image is destroyed: that somebody looked (R23)."""
    return replace(screening, findings={}, answered="")


def read(raw: object) -> Findings:
    """Return the findings in this JSON; raise `ValueError` for anything that honest findings can't be."""
    if not isinstance(raw, Mapping) or not raw.keys() <= {field.name for field in fields(Findings)}:
        raise ValueError("not findings")
    values: dict[str, object] = {}
    for name, value in raw.items():
        values[name] = _READERS[name](value)
    return Findings(**values)  # type: ignore[arg-type]  # each was read as what its name stands for


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("not a flag")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < _GREATEST:
        raise ValueError("not a number")
    return value


def _words(value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST or not value.isprintable():
        raise ValueError("not a short word")
    return value


def _base64(value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_SMALL:
        raise ValueError("not a small picture")
    b64decode(value, validate=True)
    return value


def _alsos(value: object) -> tuple[Also, ...]:
    return tuple(dict.fromkeys(Also(_words(word)) for word in _listed(value)))


def _hints(value: object) -> tuple[Hint, ...]:
    return tuple(dict.fromkeys(Hint(_words(word)) for word in _listed(value)))


def _listed(value: object) -> list[object]:
    if not isinstance(value, list) or len(value) > LONGEST:
        raise ValueError("not a list")
    return value


_READERS = {
    **dict.fromkeys(("viewable", "place", "thumbnail"), _flag),
    **dict.fromkeys(("width", "height", "frames", "orientation", "trailing"), _number),
    **dict.fromkeys(("why", "format", "camera", "taken", "software"), _words),
    "also": _alsos,
    "hints": _hints,
    "small": _base64,
}


# ---- in words, for the record

_CARRIED = {
    Also.XMP: "XMP",
    Also.IPTC: "IPTC",
    Also.COMMENT: "a comment",
    Also.CREDENTIALS: "content credentials",
    Also.PROFILE: "a colour profile",
    Also.SERIAL: "the serial number of the device",
    Also.AUTHOR: "the name of an author",
    Also.SECOND_PICTURE: "a second picture",
    Also.OTHER: "other data",
    Also.SCRIPTS: "scripts",
    Also.ATTACHMENTS: "attached files",
    Also.MEDIA: "sound, film or a 3D model",
    Also.HIDDEN: "hidden parts",
    Also.PATIENT: "the name or number of a patient",
}
_QUALITY = {
    Hint.DARK: "rather dark",
    Hint.BRIGHT: "very bright",
    Hint.BLURRED: "perhaps blurred",
    Hint.SMALL: "small",
    Hint.SECONDARY: "perhaps a photo of a film or a screen",
}
CLAIMED = "as the file claims"
_PLAIN = {kind.name for kind in SHOWN_BY_BROWSERS}  # of these nothing need be said that one look at them tells


def carried(found: Findings) -> list[str]:
    """Return everything the file carried besides its picture, in words."""
    things = ["the place where it was taken"] if found.place else []
    things += ["a small embedded picture"] if found.thumbnail else []
    things += [_CARRIED[thing] for thing in found.also]
    return things + ([f"{found.trailing:,} bytes behind the picture"] if found.trailing else [])


def origin(found: Findings) -> dict[str, object]:
    """Return what goes into the record about where the file comes from (R14); empty when there is nothing to say."""
    told: dict[str, object] = {}
    if found.taken:
        told["taken"] = f"{_moment(found.taken)}, {CLAIMED}"
    if found.camera:
        told["device"] = f"{found.camera}, {CLAIMED}"
    if found.software:
        told["software"] = f"{found.software}, {CLAIMED}"
    if told or found.place:
        told["place"] = "told in the file" if found.place else "not told in the file"
    if things := carried(found):
        told["carried"] = f"{', '.join(things)}; copies that are sent on carry none of it"
    if found.hints:
        told["quality"] = ", ".join(_QUALITY[hint] for hint in found.hints)
    if not found.viewable:
        told["viewable"] = f"not here: {found.why}"
    if (told or found.format not in _PLAIN) and (found.width or found.frames > 1):
        told["file"] = ", ".join(_file(found))
    return told


def _file(found: Findings) -> list[str]:
    told = [found.format] + ([f"{found.width} × {found.height} pixels"] if found.width else [])
    return told + ([f"{found.frames} {'pages' if found.format == 'PDF' else 'pictures'}"] if found.frames > 1 else [])


def in_words(found: Findings) -> str:
    """Return the same as `origin`, as a few lines to read; "" when there is nothing to say."""
    return "\n".join(f"{name.capitalize()}: {told}" for name, told in origin(found).items())


def _moment(claimed: str) -> str:
    """Return EXIF's way of writing a time, made readable; any other way is left as it is."""
    try:
        at = datetime.strptime(claimed[:19], "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - the file does not say where
    except ValueError:
        return claimed
    return f"{at.day} {at:%B %Y, %H:%M:%S}{claimed[19:]}"
