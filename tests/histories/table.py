"""Count how often each thing that was broken once came up in the histories, and keep what they broke."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from . import observed as o
from .apart import is_apart
from .hearing import hears, patient_of, speaks
from .history import History
from .observed import Delivered, Step
from .oracle import Oracle
from .releases import implied_faults
from .speaking import MADE_THEMSELVES, invitation_faults, is_minors_own, links
from .staff import was_somebody

ENDS = (
    o.Died, o.PatientLeft, o.StaffLeft, o.PhoneLost, o.IdentityChanged, o.Held, o.CapacityBack, o.Withdrew, o.Recalled, o.Placed,
    o.LinkEnded, o.NeverTheirs,
)  # fmt: skip


def _replies_to_who_speaks_no_more(history: History) -> int:
    found = 0
    for index, said in history.of(o.Said, history.now):
        if said.manner is o.Manner.REPLY and said.photo:
            sent = history.sent(said.photo, index)
            found += bool(
                sent and not was_somebody(history, sent[1].account, index) and hears_not(history, said.photo, index)
            )
    return found


def hears_not(history: History, photo: o.Photo, moment: int) -> bool:
    """Say whether the sender of a picture may not hear of it."""
    sent = history.sent(photo, moment)
    return sent is not None and bool(hears(history, sent[1].account, photo, moment))


def _words_about_somebody_elses(history: History) -> int:
    found = 0
    for index, said in history.of(o.Said, history.now):
        mrn = patient_of(history, said.photo, index) if said.manner is o.Manner.WORDS and said.photo else None
        found += bool(mrn and speaks(history, said.account, mrn, index))
    return found


def _codes_by_who_made_them_or_from_afresh(history: History) -> int:
    """Count codes written by who made them, and codes for a patient written from an account that had none before."""
    found = 0
    known: set[o.Account] = set()
    for link in links(history, history.now):
        own = any(fault.why == MADE_THEMSELVES for fault in invitation_faults(history, link))
        found += own or (link.account not in known and link.redeemed > 30)
        known.add(link.account)
    return found


def _late_codes(history: History) -> int:
    return sum(
        any(fault.why != MADE_THEMSELVES for fault in invitation_faults(history, link))
        for link in links(history, history.now)
    )


def _minors_beside_parents(history: History) -> int:
    return sum(is_minors_own(history, sent.photo, index + 1) for index, sent in history.of(o.PhotoSent, history.now))


def _asked_again_after_a_no(history: History) -> int:
    found, refused = 0, False
    for event in history.events:
        if isinstance(event, o.Tapped) and event.yes is False:
            refused = True
        found += refused and isinstance(event, o.Asked)
    return found


def _lost_texts(history: History) -> int:
    return _count(history, o.Dropped)


def _stretched(history: History) -> int:
    """Count the yeses after which a capacity ended, an account passed on, or another thing was asked for the same picture."""
    yes = [index for index, tapped in history.of(o.Tapped, history.now) if tapped.yes]
    after = yes[0] if yes else history.now
    return sum(isinstance(event, o.CapacityBack | o.Held | o.Asked) for event in history.events[after:])


def _advice_without_implied_consent(history: History) -> int:
    return sum(
        asked.purpose == o.ADVICE and any(implied_faults(history, photo, index) for photo in asked.photos)
        for index, asked in history.of(o.Asked, history.now)
    )


def _leavings(history: History) -> int:
    return _count(history, o.StaffLeft, o.PatientLeft, o.Died, o.PhoneLost)


def _staff_who_write_patients_codes(history: History) -> int:
    return sum(was_somebody(history, link.account, link.redeemed) for link in links(history, history.now))


def _questions_open_together(history: History) -> int:
    found = 0
    last: dict[str, str] = {}
    for event in history.events:
        if isinstance(event, Delivered) and event.taps:
            for account in event.readers:
                found += account in last
                last[account] = event.event_id
        if isinstance(event, o.Tapped):
            last.pop(event.account, None)
    return found


def _guesses(history: History) -> int:
    return sum(guess.right for _, guess in history.of(o.Guessed, history.now))


def _ended_on_the_way(history: History) -> int:
    """Count what ended, or was refused, while something was held back that rested on it."""
    found, held = 0, False
    for event in history.events:
        held = isinstance(event, o.HeldBack) or (held and not isinstance(event, o.LetThrough))
        refused = isinstance(event, o.Tapped) and event.yes is False
        found += held and (refused or isinstance(event, ENDS))
    return found


def _given_back(history: History) -> int:
    return _count(history, o.CapacityBack, o.DeathUndone)


def _ended_or_never_theirs(history: History) -> int:
    return _count(history, o.LinkEnded, o.NeverTheirs)


def _moved_or_gone(history: History) -> int:
    """Count copies that lay elsewhere, and at the next look lay under another patient or nowhere."""
    found = 0
    lay: dict[str, dict[str, o.Mrn]] = {}
    for _, lying in history.of(o.Lying, history.now):
        now = {copy.entry: copy.mrn for copy in lying.copies}
        found += sum(now.get(entry) != mrn for entry, mrn in lay.get(lying.place, {}).items())
        lay[lying.place] = now
    return found


def _asks_beside_another(history: History) -> int:
    """Count how often somebody asked for what is held, after another, of whom they may not know, sent or wrote words."""
    words = [(at, sent.account, sent.photo) for at, sent in history.of(o.PhotoSent, history.now) if sent.caption]
    words += [
        (at, said.account, said.photo)
        for at, said in history.of(o.Said, history.now)
        if said.photo and said.manner is o.Manner.WORDS
    ]
    found = 0
    for index, asked in history.of(o.AskedForTheirs, history.now):
        whose = [(at, by, patient_of(history, photo, index)) for at, by, photo in words if at < index]
        found += any(mrn and is_apart(history, by, at, mrn, asked.account, index) for at, by, mrn in whose)
    return found


def _count(history: History, *kinds: type[Step]) -> int:
    return sum(isinstance(event, kinds) for event in history.events)


ROWS: dict[str, Callable[[History], int]] = {
    "1 a reply about a picture whose sender may not hear of it": _replies_to_who_speaks_no_more,
    "2 words about a picture that is somebody else's by now": _words_about_somebody_elses,
    "3 a code written by who made it, or from a fresh account": _codes_by_who_made_them_or_from_afresh,
    "4 a code confirmed too late": _late_codes,
    "5 a mature minor's own picture": _minors_beside_parents,
    "6 asked again after a no": _asked_again_after_a_no,
    "7 a text that never arrives": _lost_texts,
    "8 a consent that could stretch": _stretched,
    "9 advice where nothing was implied": _advice_without_implied_consent,
    "10 leaving, dying, a lost phone": _leavings,
    "11 somebody who works here writes a patient's code": _staff_who_write_patients_codes,
    "12 two questions open together": _questions_open_together,
    "13 a right guess": _guesses,
    "14 something ends while what rests on it is on its way": _ended_on_the_way,
    "15 a capacity is given back, or a death undone": _given_back,
    "16 a copy elsewhere moves after its entry, or goes with it": _moved_or_gone,
    "17 somebody answers no more, or never was one of the patient's people": _ended_or_never_theirs,
    "18 somebody asks for what is held beside another, of whom they may not know": _asks_beside_another,
}
OFTEN = 50  # in a long run each row comes up at least so many times


@dataclass
class Table:
    """What a run of histories had in it."""

    histories: int = 0
    steps: int = 0
    counted: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)
    end_at_first: bool = False  # whether a run ends at the first rule that is broken

    def add(self, oracle: Oracle) -> None:
        """Count one history."""
        self.histories += 1
        self.steps += sum(isinstance(event, Step) for event in oracle.history.events)
        for row, count in ROWS.items():
            self.counted[row] += count(oracle.history)
        for violation in oracle.violations:
            key = f"{violation.rule}: {violation.why}"
            self.broken[key] += 1
            if key not in self.examples or len(self.examples[key]) > violation.step:
                self.examples[key] = [*map(_line, oracle.history.events[: violation.step]), f"==> {violation}"]

    def add_table(self, other: Table) -> None:
        """Add what another run counted; of each rule that was broken the shorter history is kept."""
        self.histories += other.histories
        self.steps += other.steps
        self.counted += other.counted
        self.broken += other.broken
        for key, lines in other.examples.items():
            if key not in self.examples or len(self.examples[key]) > len(lines):
                self.examples[key] = lines

    @property
    def too_rare(self) -> list[str]:
        """Return what a long run must have had in it more often than this one had."""
        return [row for row in ROWS if self.counted[row] < OFTEN]

    def to_json(self) -> str:
        """Write the table for another process, in one line."""
        return json.dumps(vars(self))

    @classmethod
    def from_json(cls, line: str) -> Table:
        """Read what `to_json` wrote."""
        read = cls(**json.loads(line))
        return replace(read, counted=Counter(read.counted), broken=Counter(read.broken))

    def with_examples(self) -> str:
        """Write the table, and the shortest history of each rule that was broken."""
        shown = [f"### {key}\n" + "\n".join(lines) for key, lines in self.examples.items()]
        return "\n\n".join((str(self), *shown))

    def __str__(self) -> str:
        """Write the table."""
        lines = [f"{self.histories} histories, {self.steps} steps"]
        lines += [f"{self.counted[row]:8}  {row}" for row in ROWS]
        lines += [f"{count:8}  broken: {key}" for key, count in self.broken.most_common()]
        return "\n".join(lines)


def _line(event: o.Event) -> str:
    """Write an event in a line."""
    if isinstance(event, Delivered):
        to = ", ".join(sorted(event.readers)) or "nobody"
        labels = " | ".join(tap.label for tap in event.taps)
        shown = " ".join(sorted(event.pictures))
        return f"    to {to} [{event.event_id}]: {event.body[:300]!r} {labels} {shown}"
    if isinstance(event, o.Lying):
        lies = ", ".join(f"{copy.entry} of {copy.mrn}" for copy in sorted(event.copies, key=lambda copy: copy.entry))
        return f"    in “{event.place}”: {lies or 'nothing'}"
    return ("    " if isinstance(event, o.Filed | o.Unfiled) else "") + str(event)


TABLE = Table()
