"""Judge a history as it goes: every delivery, filing and release, by the rules alone."""

from zoneinfo import ZoneInfo

from .called_back import judge_called_back
from .copies import judge_lying
from .deliveries import judge_delivered
from .filings import judge_filed
from .history import History
from .observed import CalledBack, Delivered, Event, Filed, Lying, Released, Step, Violation
from .questions import judge_guess, judge_numbers
from .staff import works_here

PRACTICE_TIME = ZoneInfo("Australia/Sydney")


class Oracle:
    """Take what was done and seen, one after the other; return what of it breaks a rule."""

    def __init__(self, zone: ZoneInfo = PRACTICE_TIME) -> None:
        """Begin with a practice in which nothing happened."""
        self.history = History(zone)
        self.violations: list[Violation] = []

    def take(self, event: Event) -> list[Violation]:
        """Take the next step or observation; return the violations it shows."""
        self.history.add(event)
        moment = self.history.now
        found: list[Violation] = []
        if isinstance(event, Delivered):
            found = judge_delivered(self.history, event, moment) + judge_numbers(self.history, event, moment)
        elif isinstance(event, Filed):
            found = judge_filed(self.history, event, moment)
        elif isinstance(event, Lying):
            found = judge_lying(self.history, event, moment)
        elif isinstance(event, CalledBack):
            found = judge_called_back(self.history, event, moment)
        elif isinstance(event, Step):
            found = judge_guess(self.history, moment)
        new = [violation for violation in found if violation not in self.violations]
        self.violations += new
        return new

    def released(self) -> list[Released]:
        """Return every picture that reached somebody who is not of the staff."""
        return [
            Released(at=seen.at, event_id=seen.event_id, photo=photo, account=account)
            for index, seen in self.history.of(Delivered, self.history.now)
            for photo in sorted(seen.pictures)
            for account in sorted(seen.readers)
            if not works_here(self.history, account, index)
        ]
