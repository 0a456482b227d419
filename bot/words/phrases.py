"""What the bot says to anybody, and how names, dates and somebody's own words are written in everything it says.

Every sentence that the bot says is in one of the files beside this one, by whom it is said to or what it is about:
`to_patients`, `to_colleagues`, `about_uses` … They are short, kind and plain, with no name where a name is not needed. Those
that a practice may replace are templates (`built_in_texts`), which get from here the values they speak of; a consent keeps the
exact words that somebody saw, and their version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from bot.domain.choices import told_apart
from bot.domain.image import Image
from bot.domain.people import Relation
from bot.domain.purposes import NOT_STATED
from bot.domain.texts import DIRECTION

from .sentence import sentence


@sentence
def as_configured(words: str) -> str:
    """Say words of the practice's own configuration."""
    return words


@sentence
def unknown_reference(ref: str) -> str:
    return f"I don't know {ref}. References look like IMG-7F3K; !list shows them."


QUESTION_CLOSED = "This question is closed."
TAKEN_BACK = "What was to be said or shown here was taken back before it was sent."


def day(born: date) -> str:
    return f"{born.day} {born:%B %Y}"


def moment(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local.day} {local:%b %Y, %H:%M}"


def quoted(text: str, longest: int = 300) -> str:
    """Return somebody's own words inside ours: one line, bounded, and unable to reorder or hide the words around them."""
    visible = "".join(c if c.isprintable() and c not in DIRECTION else " " for c in text)
    line = " ".join(visible.split())
    return f"“{line if len(line) <= longest else line[: longest - 1].rstrip() + '…'}”"


def many(refs: Sequence[str]) -> str:
    return refs[0] if len(refs) == 1 else ", ".join(refs[:-1]) + " and " + refs[-1]


def is_are(refs: Sequence[object]) -> str:
    return "is" if len(refs) == 1 else "are"


def reason_of(image: Image) -> str:
    """Return what it was sent for, in its sender's words; read after "sent for"."""
    return quoted(image.reason) if _says_why(image) else "no stated reason"


MISFILED = "care, under another name by mistake"


def sent_for(image: Image) -> str:
    """Return the same for people who use the image under its right name.

    They never read the words of somebody in whose record it lay by mistake (R15, R29).
    """
    return MISFILED if image.misfiled else reason_of(image)


# Where somebody reads who may not read the sender's own words (R33a).
A_REASON_WAS_GIVEN = "a reason was given"


def with_reason(image: Image, longest: int = 300, *, said_why: bool = True) -> str:
    """Return the same as a sentence of its own, without its full stop; without the words where not `said_why`."""
    if not _says_why(image):
        return "Reason not stated"
    return (
        f"Reason: {quoted(image.reason, longest)}" if said_why else f"For those who may read it, {A_REASON_WAS_GIVEN}"
    )


def _says_why(image: Image) -> bool:
    return image.reason not in {"", NOT_STATED}


# In what capacity somebody answers for a patient.
CAPACITY: Mapping[Relation, str] = MappingProxyType(
    {
        Relation.PARENT: "parent",
        Relation.GUARDIAN: "guardian",
        Relation.CHILD: "grown-up child",
        Relation.DECISION_MAKER: "decision maker",
    }
)

REVIEW_ORIGINAL = "Please review the original on its own platform."


def see_original(image: Image) -> str:
    """Ask to review the original, wherever a secondary or third-party image is shown (R20); "" for others."""
    return f" {REVIEW_ORIGINAL}" if image.needs_its_original else ""


SENT_IN_CLEAR = (
    "Your message came without encryption, so I did not act on it. Please update your app, or write from another one."
)
UNSIGNED = (
    "Your message came from a device that isn't verified as yours, so I did not act on it. Please verify this device in your "
    "app's settings (“Encryption” or “Security”), then send it again."
)
UNREADABLE = "I couldn't read your last message: its key never reached me. Please send it again."
MALFORMED = "I couldn't read your last message: your app wrote it in a way I don't understand. Please send it again, or use another app."
MALFORMED_HERE = "A message here could not be read, so I did nothing with it."
IDENTITY_CHANGED = (
    "Your app's security identity has changed, so I can't be sure it is you. Nothing is lost. Please ask {practice} for a new "
    "code, then start a new chat with me and write it there. Or verify me by emoji in your app, with the practice on the phone."
)
STRANGER = (
    "I don't know you here, so I kept nothing. If you belong to {practice}, please ask them for an invitation code."
)


MOST_IN_A_LINE = 3  # answers that are read at a glance on a phone


def asked_in_words(question: str, labels: Sequence[str], number: str) -> str:
    """Return a question as it stands for apps that show no polls, with what to write for each answer."""
    said = [f"“{answer} {number}”" for answer in told_apart(labels)]
    if len(said) > MOST_IN_A_LINE:
        return "\n".join((question, "Please tap below, or write one of these:", *said))
    return f"{question}\nPlease tap below, or write {' or '.join(said)}."


@sentence
def which_answer(said: Sequence[str], number: str) -> str:
    """Ask somebody who works here which question they mean, when their words may answer an open one."""
    if not number:
        return "I didn't understand that. If it answers a question above, please tap the answer, or write it as it stands there."
    return f"I can't tell which question that answers. Please tap, or write {' or '.join(f'“{answer} {number}”' for answer in said)}."


@sentence
def one_answer() -> str:
    return "I need exactly one answer. Please tap one of them."


@sentence
def edited() -> str:
    return "I don't follow edits: what I have recorded stays. Please write it anew, as a new message."


@sentence
def not_your_question() -> str:
    return "That question wasn't yours to answer, so nothing was done."


@sentence
def answered_already() -> str:
    return "That question is answered already; the first answer stays. If it was a slip, please tell the practice."


@sentence
def not_in_this_room() -> str:
    return "Others read here, so I don't answer that in this room. Please write it in your own chat with me."


@sentence
def not_in_this_case() -> str:
    """Say the same in the room of a case, where the message is taken out."""
    did = "Others read here, so I did nothing, and I am taking your message out. Anyone here may have read it."
    return f"{did} Please write it in your own chat with me."


@sentence
def answer_in_your_chat() -> str:
    return "That is to be answered in your own chat with me, where your app signs what you answer. Nothing was done."


@sentence
def question_expired() -> str:
    return "That question has expired, so nothing was done. It can be asked again."


@sentence
def too_many_questions() -> str:
    return "There are too many open questions. Please answer some of them first."


@sentence
def no_reference_left() -> str:
    return "I have run out of references. Please call the practice."
