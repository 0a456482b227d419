"""What the bot says of the further copies of the record: in the practice's room, in `!status`, in receipts, and at the computer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from bot.domain.assurance import CopyForm, Left, Level, Residue
from bot.domain.delivery_reasons import (
    ALONE,
    BESIDE_TWICE,
    NO_FORMAL_NAME,
    NO_SUCH_PATIENT,
    OF_THE_PATIENT,
    OTHER_FORM,
    OTHER_NAME,
    OTHER_RECORD,
    SEVERAL_PATIENTS,
    TWICE,
    UNREAD,
)
from bot.domain.destination import Destination
from bot.domain.entries import PatientIdentity
from bot.domain.image import State
from bot.domain.staff_deeds import TellNames

from .about_commands import line
from .sentence import sentence

_WHY: Final = {
    "away": "it is not there. Is the disk plugged in, the share mounted, the server running?",
    "hangs": "it does not answer, as a share does whose other end is gone. Is that computer on, the network up?",
    "full": "it is full. Make room there.",
    "differs": "what is read back from it is not what was written. A disk there may be dying: have it looked at.",
    "not-let-in": "it does not let me in. Are the key or token and the rights of my account there still good?",
    "no-secret": "the file with the key or token for it can't be read. Is it still where the configuration says?",
    "not-fhir": "what answers is no FHIR R4 server. Is the address right?",
    "busy": "it has too much to do. I try again.",
    "unwell": "it answers, but with errors. Whoever runs it should look.",
    "not-an-archive": "what answers at its address is no image archive. Is the address right?",
    "not-shown": "it takes copies and does not show them as they were sent. I try again; whoever runs it should look.",
}


MOST_NAMED: Final = 5
HERE: Final = "in the record: verified (original)"
_FORMS: Mapping[CopyForm, str] = MappingProxyType(
    {
        CopyForm.ORIGINAL: "original",
        CopyForm.CLEAN: "clean copy",
        CopyForm.SUMMARY: "summary",
        CopyForm.RENDITION: "rendition",
    }
)
_RESIDUES: Mapping[Residue, str] = MappingProxyType(
    {
        Residue.GONE: "gone",
        Residue.OLD_VERSIONS: "old versions remain there",
        Residue.BEYOND_REACH: "beyond my reach: please have it removed there",
    }
)
_MEANS: Final = {
    "written": "written there and read back; nobody has taken it yet",
    "partly-taken": "some of its files were taken, some still lie there",
    "moving": "it was moved to another record, and its copy follows",
    "unsettled": "whose photo it is must be settled first",
    "no-place": "it was moved to another record, and a copy may lie there as it was: that place is no longer configured",
    "unfinished": "it is about to be put there",
    "not-there": "it was put there, and nothing shows what became of it",
    "lost": "it was put there, and is not found there; it is put there again",
    "lost-again": "it was put there twice, and is not found there",
    "voided": "it is marked there as entered in error",
    "differs": "what lies there is not what was put there",
    "staff-only": "it is held back from somebody, and goes only where staff alone read",
    "anothers-words": "it was written by somebody about a photo that was filed in the wrong record; it stays in ours",
    "received": "the receiving program has got it, and has not said whether it takes it",
    "unacknowledged": "it was taken from there, and the receiving program has not said anything of it yet",
    UNREAD: "it was taken from there, and a file lies among the acknowledgements that can't be read",
    "again": "it was taken from there and nothing was said of it, so it is put there once more",
    "silent": "it was put there three times and taken each time, and nothing was said of it",
    "unclear": "the receiving program answered, but neither that it takes it nor that it does not",
    "turned-down": "the receiving program turned it down, and it is not sent again",
    "no-formal-name": "nobody has said yet which is the patient's family name; !name tells it",
    "not-in-charset": "the patient's name or record number has letters that the place takes only once its charset is configured",
    "not-viewable": "no copy without the file's own details can be made of it",
    "unknown-patient": "nobody knows any more whose it is",
    "damaged": "it can't be read back from the record",
    "away": "the place is not there",
    "hangs": "the place does not answer",
    "full": "the place is full",
    "unwritable": "the place can't be written to",
    "no-patient": "no patient with that record number and date of birth is known there",
    "other-name": "the patient with that record number and date of birth has another family name there",
    "several-patients": "several patients with that record number and date of birth are known there",
    OTHER_RECORD: "it lies there already, under another patient record",
    TWICE: "it lies there twice",
    ALONE: "what programs read beside it was not accepted there",
    BESIDE_TWICE: "what programs read beside it lies there twice",
    "too-large": "it is larger than the place takes",
    "not-accepted": "the place would not take it",
    "not-let-in": "the place does not let the bot in",
    "no-secret": "the file with the key or token can't be read",
    "not-fhir": "no FHIR R4 server answers",
    "busy": "the place has too much to do",
    "unwell": "the place answers with errors",
    "not-an-archive": "no image archive answers",
    "another-patient": "what lies there is under another patient",
    OTHER_FORM: "it lies there already in another form",
    "own-dicom": "it is a DICOM file that names a patient itself; have it sent from where it was made",
    "not-shown": "the place took it, and does not show it as it was sent",
}
_TAKES: Final = {
    "raw-own-id": "photos go there as files",
    "raw": "photos go there as files",
    "own-id": "photos go there as text",
    "json": "photos go there as text",
    "inline": "photos go there within their documents, because it took them in no other way when that was tried",
}
_MORE: Final = (
    "If there are more today, !status counts them; on the computer I run on, consentry destinations list says which."
)
_WHO_TOOK_IT: Final = "who took it, and where it was filed, can't be asked"


def assured(state: Level, form: CopyForm, why: str) -> str:
    """Say how sure a copy is, in the words that stand everywhere (R35)."""
    if state is Level.VERIFIED:
        return f"{state.value} ({_FORMS[form]}{f'; {meaning(why)}' if why else ''})"
    if state is Level.TAKEN:
        return f"{state.value} ({_FORMS[form]}; {_WHO_TOOK_IT})"
    return f"{state.value} ({meaning(why)})" if why else state.value


def meaning(why: str) -> str:
    """Say a short code in words."""
    code = why.partition(":")[0]
    return _MEANS.get(code, why)


def takes(way: str) -> str:
    """Say how a place was found to take photos."""
    return _TAKES[way]


def form(of: CopyForm) -> str:
    return _FORMS[of]


def copy_at(name: str, assurance: str) -> str:
    return f"in “{name}”: {assurance}"


@sentence
def where_photo_is(ref: str, places: Sequence[str], state: State) -> str:
    """Say where it is, a line for each place; of what is nowhere yet, how it stands."""
    return "\n".join([f"{ref}:", *(f"- {place}" for place in places or [f"{state.value}, not in the record"])])


def counted(name: str, counts: Sequence[tuple[int, str]]) -> str:
    return f"Copies in “{name}”: " + ", ".join(f"{number} {assurance}" for number, assurance in counts) + "."


def left_elsewhere(left: Mapping[str, Left]) -> str:
    """Say what is left elsewhere of something that was destroyed; "" when nothing is."""
    return "; ".join(
        f"copy in “{name}”: {_RESIDUES[of.residue]}{_numbered(of.numbers)}" for name, of in sorted(left.items())
    )


def _numbered(numbers: Sequence[str]) -> str:
    """Say by which numbers whoever keeps an archive finds what is meant."""
    return f" ({'its number' if len(numbers) == 1 else 'their numbers'} there: {', '.join(numbers)})" if numbers else ""


def _named(to: Destination) -> str:
    return "The second copy of the record" if to.sealed else f"“{to.name}”, which gets copies of the record"


def well_again(to: Destination, *, has_all: bool = True) -> str:
    if not has_all:
        return f"{_named_before(to)} works again. What still waits for it follows."
    whole = "is complete again" if to.sealed else "works again, and has got all that waited"
    return f"{_named_before(to)} {whole}. Nothing needs to be done."


def fails_alone(to: Destination, refs: Sequence[str], why: str) -> str:
    """Say what does not go there again and again, while others do; what follows, and what to do."""
    chat = " What was sent of it stays in the chat until then." if to.wait is not None else ""
    return (
        f"{_named_before(to)} gets other photos, but not {_listed(refs)} ({meaning(why)}). I go on trying, and it is safe in the record."
        f"{chat} Whoever runs that place should look. On the computer I run on, consentry destinations list says how it stands."
    )


def went_after_all(to: Destination, refs: Sequence[str]) -> str:
    return f"{_named_before(to)} has got {_listed(refs)} after all. Nothing needs to be done."


def _named_before(to: Destination) -> str:
    """Name the place before what it does."""
    return _named(to) if to.sealed else f"{_named(to)},"


def _listed(refs: Sequence[str]) -> str:
    """Name a few, and count the others."""
    named = list(dict.fromkeys(ref for ref in refs if ref))[:MOST_NAMED]
    others = len(refs) - len(named)
    more = (
        [f"{others} {'other ' if named else ''}{'entry' if others == 1 else 'entries'} of the record"] if others else []
    )
    return " and ".join([", ".join(named)] * bool(named) + more)


def trouble(to: Destination, why: str) -> str:
    reason = _WHY.get(why, "it can't be written to.")
    if to.wait is None:
        meanwhile = "Photos are still filed, and their copies wait here until it works."
    else:
        copies = "there are two copies" if to.sealed else "their copy is there"
        meanwhile = f"Photos are still filed, and stay in the chat until {copies}."
    return f"{_named(to)}: {reason} {meanwhile} On the computer I run on, consentry doctor says more."


def needs_a_person(name: str, ref: str, state: Level, why: str, patient: PatientIdentity | None = None) -> str:
    """Say what a person must look at, and what to put right where that is known."""
    what = ref or "Something in the record"
    if state is Level.UNKNOWN:
        return (
            f"{what} may or may not be in “{name}” as it should be ({meaning(why)}): please look there. It is safe in the "
            f"record. {_MORE}"
        )
    if why in OF_THE_PATIENT and patient is not None:
        return _not_matched(name, what, why, patient)
    if why == NO_FORMAL_NAME and patient is not None:
        return (
            f"{what} can't be copied to “{name}” yet: it needs to know which is the patient's family name. At the front desk, please write "
            f"it first, then a comma, such as: {line(TellNames, patient.mrn, 'Morgan, Alex female')}. The sex (female, male or other) may be left out. Then it goes there."
        )
    return f"{what} can't be copied to “{name}” ({meaning(why)}). It is safe in the record. {_MORE}"


def many_need_a_person(name: str, ref: str, why: str, entries: int) -> str:
    """Say that one more is not copied for a reason that is of its patient, as with many others."""
    return (
        f"{ref or 'Something in the record'} is not copied to “{name}” ({meaning(why)}). The same is true of {entries} entries of the record by "
        "now; all are safe there. On the computer I run on, consentry destinations list says which, and whose by record number. I say this "
        "once a day."
    )


def may_lie_there(name: str) -> str:
    """Say, after why something is not copied there, that what was sent before that can't be seen to be gone."""
    return f"What was sent of it before may still be there: please ask whoever runs “{name}” to remove it."


def right_after_all(name: str, ref: str, state: Level, of: CopyForm, before: str) -> str:
    """Say that what people were asked to look at is right, and what else there stood so."""
    return (
        f"{ref or 'Something in the record'} is in “{name}” as it should be: {assured(state, of, '')}. I asked you to look there "
        f"({meaning(before)}); that is over, for everything there. Nothing needs to be done."
    )


def answer_unread(name: str) -> str:
    """Say that something can't be read that may be an answer, what follows, and what to do."""
    return (
        f"Among the acknowledgements for “{name}” lies a file that I can't read. It may say what became of photos that were taken from "
        "there, so none of those is put there again until it is read or gone. Please let the account I run under read that folder, or "
        "close the program that holds the file. I look again by myself. It is said once a day."
    )


def lacks_beside(name: str, ref: str, why: str) -> str:
    """Say that a document lies there and what belongs beside it, for programs, does not; what follows, and what to do."""
    said = (
        "is there twice: please have one of the two removed there"
        if why == BESIDE_TWICE
        else "was not accepted there, so programs there don't know of it: please ask whoever runs it"
    )
    return (
        f"What was agreed or shown of {ref or 'a patient'} is in “{name}” as a document that people can read. The entry beside it that "
        f"programs read {said}. Then, on the computer I run on, consentry destinations retry tries again. This is said once; "
        "consentry destinations list says of which it is so."
    )


def chat_keeps_it(name: str) -> str:
    """Say that the chat is not cleared because a copy is not where it must be first, and what to do (R17)."""
    return (
        f"Because the chat waits for “{name}”, what is still in the chat stays there until the copy is there. On the computer I run on, "
        f"consentry destinations retry tries once what is wrong was put right. If it can't go there at all, take wait for "
        f"“{name}” out of the configuration and start me again."
    )


def chat_keeps_it_shortly(name: str) -> str:
    return f"what is still in the chat stays there until the copy is in “{name}”"


def chat_keeps(name: str, entries: str) -> str:
    """Say how much the chat keeps because its copies don't get to a place before a person looks (R17)."""
    return (
        f"Still in the chat because it waits for “{name}”, which does not get the copies: what was sent of {entries}. On the computer "
        "I run on, consentry destinations list says which and why; destinations retry tries again."
    )


def _not_matched(name: str, what: str, why: str, patient: PatientIdentity) -> str:
    """Say which patient is not known there as here, and what to put right (R15)."""
    whose = f"{patient.mrn} born {patient.born.day} {patient.born:%B %Y}"
    found = {
        NO_SUCH_PATIENT: f"knows no patient {whose}",
        OTHER_NAME: f"knows patient {whose} under another family name than {patient.name}",
        SEVERAL_PATIENTS: f"knows several patients {whose}",
    }[why]
    return (
        f"“{name}” {found}, so {what} is not copied to it. It is safe in the record. Correct it there, or move "
        f"what is filed for the wrong patient with !refile. I ask again tomorrow; `consentry destinations retry` asks at once. {_MORE}"
    )


def wrong_copy_stays(name: str, ref: str, residue: Residue, numbers: Sequence[str] = ()) -> str:
    """Say that a copy under the wrong patient is still out there; whose record it was is not said."""
    how = "keeps older versions of it" if residue is Residue.OLD_VERSIONS else "is out of my reach"
    return (
        f"{ref or 'An entry'} was moved to another record. Its copy in “{name}” {how}: "
        f"please have it removed there from the patient it was first filed for{_numbered(numbers)}."
    )
