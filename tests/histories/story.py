"""Write a little history down by hand, in a few words, for the tests of the oracle."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

from . import observed as o
from .oracle import Oracle

BEGIN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
KIM, LEE, CHEN, MAY = (o.Account(f"@{name}:practice") for name in ("kim", "lee", "chen", "may"))
SAM, ANN, RITA, MIA = (o.Account(f"@{name}:practice") for name in ("sam", "ann", "rita", "mia"))
DERM = o.Account("@derm:elsewhere")
NAMES = {
    KIM: "Kim Frost",
    LEE: "Dr Lee",
    CHEN: "Dr Chen",
    MAY: "May Stone",
    SAM: "Sam Patel",
    ANN: "Ann Burke",
    RITA: "Rita Vale",
    MIA: "Mia Holt",
    DERM: "Dr Derm",
}
SAMS, ANNS, MIAS = o.Mrn("7000001"), o.Mrn("7000002"), o.Mrn("7000003")
BORN = {SAMS: date(1984, 3, 7), ANNS: date(1990, 3, 7), MIAS: date(2010, 3, 12)}


class Story:
    """Tell a history to an oracle; each sentence returns the rules it broke."""

    def __init__(self) -> None:
        """Begin with a practice: Kim at the desk, Dr Lee and Dr Chen, May who manages, and Dr Derm outside."""
        self.oracle = Oracle()
        self.at = BEGIN
        self._number = 0
        self._linked: dict[o.Mrn, set[str]] = defaultdict(set)  # the names of whom codes were for, by patient
        roles = {KIM: "RECEPTION", LEE: "CLINICIAN", CHEN: "CLINICIAN", MAY: "MANAGER", DERM: "OUTSIDE"}
        for account, name in NAMES.items():
            self.take(o.Held(at=self.at, account=account, person=o.Person(name), name=name))
        for account, role in roles.items():
            self.take(o.Hired(at=self.at, account=account, role=o.Role[role]))
        for mrn, whose in ((SAMS, SAM), (ANNS, ANN), (MIAS, MIA)):
            self.take(o.PatientKnown(at=self.at, mrn=mrn, name=NAMES[whose], born=BORN[mrn]))
        self.take(o.Matured(at=self.at, mrn=MIAS, by=LEE))

    def take(self, event: o.Event) -> list[str]:
        """Add an event; return the rules it broke."""
        return [violation.rule for violation in self.oracle.take(event)]

    def wait(self, **how: float) -> None:
        """Let time pass."""
        self.at += timedelta(**how)

    def next(self, kind: str) -> str:
        """Return a name nobody has had."""
        self._number += 1
        return f"{kind}{self._number}"

    def invite(
        self, account: o.Account, mrn: o.Mrn, relation: str = "SELF", by: o.Account = KIM, tell: bool = False
    ) -> o.Code:
        """Have a code made; *tell* is chosen of whom it is for, to all who are linked by now."""
        code = o.Code(self.next("code"))
        self.take(o.Invited(at=self.at, code=code, by=by, mrn=mrn, relation=o.Relation[relation], name=NAMES[account]))
        if tell:
            self.choose_to_tell(code, by, sorted(self._linked[mrn]))
        return code

    def choose_to_tell(self, code: o.Code, by: o.Account, whom: list[str]) -> None:
        """Have it chosen that these are told of whom a code is for."""
        asked, _ = self.say_to(by, f"{', '.join(whom)}: may they be told?", taps=True)
        self.take(o.TellChosen(at=self.at, code=code, event_id=asked))
        self.tap(by, asked, "Tell them", yes=True)

    def redeem(self, code: o.Code, account: o.Account) -> None:
        """Have a code written."""
        self.take(o.Redeemed(at=self.at, code=code, account=account))
        made = self.oracle.history.last(o.Invited, self.oracle.history.now, code=code)
        if made is not None:
            self._linked[made[1].mrn].add(made[1].name)

    def link(
        self, account: o.Account, mrn: o.Mrn, relation: str = "SELF", by: o.Account = KIM, tell: bool = False
    ) -> None:
        """Have a code made and written."""
        self.redeem(self.invite(account, mrn, relation, by, tell), account)

    def second(self, by: o.Account, account: o.Account) -> None:
        """Have somebody of the staff confirm whom a code is for."""
        self.tap(by, self.say_to(by, f"Is it right that {NAMES[account]} is let in?", taps=True)[0], "Yes", yes=True)

    def photo(self, account: o.Account, mrn: o.Mrn | None = None, **how: object) -> o.Photo:
        """Have a picture sent, and filed if it says under whom."""
        photo = o.Photo(self.next("pattern"))
        self.take(o.PhotoSent(at=self.at, account=account, photo=photo, **how))  # type: ignore[arg-type]
        if mrn:
            self.file(mrn, pictures=[photo])
        return photo

    def refile(self, photo: o.Photo, mrn: o.Mrn, by: o.Account = KIM) -> list[str]:
        """Have a picture moved to another patient."""
        self.take(o.Placed(at=self.at, by=by, photo=photo, mrn=mrn))
        return self.file(mrn, pictures=[photo])

    def file(self, mrn: o.Mrn, body: str = "", pictures: list[o.Photo] | None = None) -> list[str]:
        """See an entry in the record."""
        shown = frozenset(pictures or [])
        return self.take(o.Filed(at=self.at, entry=self.next("entry"), mrn=mrn, body=body, pictures=shown))

    def say(self, account: o.Account, manner: str = "REPLY", photo: o.Photo | None = None) -> o.Nonce:
        """Have somebody write words."""
        nonce = o.Nonce(self.next("word"))
        self.take(o.Said(at=self.at, account=account, nonce=nonce, manner=o.Manner[manner], photo=photo))
        return nonce

    def ask(
        self, photo: o.Photo, purpose: str = "education", by: o.Account = LEE, until: date | None = None
    ) -> o.Nonce:
        """Have a clinician ask that a picture goes to Dr Derm."""
        nonce = o.Nonce(self.next("plan"))
        asked = o.Asked(at=self.at, by=by, nonce=nonce, photos=(photo,), purpose=purpose, recipient=DERM, until=until)
        self.take(asked)
        return nonce

    def say_to(
        self, account: o.Account, body: str = "", pictures: list[o.Photo] | None = None, taps: bool = False
    ) -> tuple[str, list[str]]:
        """See something delivered; return its event and the rules it broke."""
        event_id = self.next("$event")
        both = (o.Tap("yes", "Yes"), o.Tap("no", "No")) if taps else ()
        shown = frozenset(pictures or [])
        seen = o.Delivered(
            at=self.at, event_id=event_id, readers=frozenset({account}), body=body, taps=both, pictures=shown
        )
        return event_id, self.take(seen)

    def hear(self, account: o.Account, body: str = "", pictures: list[o.Photo] | None = None) -> list[str]:
        """See something delivered; return the rules it broke."""
        return self.say_to(account, body, pictures)[1]

    def tap(self, account: o.Account, event_id: str, label: str, yes: bool | None = None) -> None:
        """Have somebody choose an answer."""
        self.take(o.Tapped(at=self.at, account=account, event_id=event_id, label=label, yes=yes))

    def answer(self, account: o.Account, nonce: str, yes: bool) -> list[str]:
        """Have somebody asked in full, and answer; return the rules that asking broke."""
        event_id, broken = self.say_to(account, f"They ask for {nonce}", taps=True)
        self.tap(account, event_id, "Yes" if yes else "No", yes=yes)
        return broken

    def attest(self, nonce: o.Nonce, by: o.Account = LEE) -> None:
        """Have the clinician say that what they ask is related."""
        self.tap(by, self.say_to(by, f"Is {nonce} related?", taps=True)[0], "Yes", yes=True)
