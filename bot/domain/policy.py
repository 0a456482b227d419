"""The practice's policy, as far as decisions need it. It tightens the rules marked L and never loosens them (R22)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from .built_in_texts import AS_THEY_COME
from .hours import OpeningHours
from .identifiers import Account
from .retention_rules import RetentionRule
from .texts import Texts
from .use_rules import UsePolicy

MEGABYTE = 1_000_000  # bytes: in the configuration, in every limit, and wherever somebody is told of one


@dataclass(frozen=True, slots=True)
class Policy:
    practice: str
    bot_account: Account
    emergency_text: str
    hours: tuple[OpeningHours, ...]
    timezone: ZoneInfo
    managers: frozenset[Account] = frozenset()
    alarm_words: tuple[str, ...] = ()  # phrases that bring the emergency text, beside those that are built in (R34)
    allowed_homeservers: frozenset[str] = frozenset()
    duty: str = ""
    has_purger: bool = True
    own_homeserver: str | None = None  # the address where newcomers make an account with a registration token
    redaction_retention: timedelta = timedelta(days=7)
    keep_rendition: timedelta = timedelta(minutes=15)
    keep_messages: timedelta = timedelta(hours=24)
    keep_shared: timedelta = timedelta(days=30)  # what was shared for a use: at most this long
    keep_copy: timedelta = timedelta(days=3)  # a copy of a record, sent to somebody who may have it
    consent_deadline: timedelta = timedelta(days=7)
    case_reminder: timedelta = timedelta(days=7)
    keep_transcripts: bool = False
    verify_clinicians: bool = False  # emoji compared before any image comes or goes
    uses: UsePolicy = field(default_factory=UsePolicy)
    texts: Texts = AS_THEY_COME
    retention: RetentionRule = field(default_factory=RetentionRule)
    unread_first: timedelta = timedelta(minutes=30)
    unread_duty: timedelta = timedelta(minutes=60)
    reason_deadline: timedelta = timedelta(minutes=15)
    written_consent_only: bool = False  # from colleagues (R2)
    attest_reminder: timedelta = timedelta(hours=1)
    attest_deadline: timedelta = timedelta(hours=24)  # then it is held for the practice
    note_reminder: timedelta = timedelta(days=7)  # the note of a discussion with an outside clinician (R5)
    device_check_months: int = 6  # 0 = no device checks (R21)
    device_grace: timedelta = timedelta(days=14)
    withdraw_deadline: timedelta = timedelta(hours=24)
    code_lifetime: timedelta = timedelta(days=7)
    largest_image: int = 50 * MEGABYTE
    fingerprint: str = field(default="")  # the bot's own master key
    names_apart: tuple[str, ...] = ()  # destinations that file by family and given names, so that these are asked for
    waits_for: tuple[str, ...] = ()  # destinations that must have a copy before the chat is cleared (R17)
    page_url: str | None = None  # where patients send from without an app

    def allows(self, account: Account) -> bool:
        """Return whether people of this account's homeserver may take part (R26)."""
        return on_one_of(self.allowed_homeservers, account)


def on_one_of(homeservers: Collection[str], account: Account) -> bool:
    """Return whether an account is on one of these homeservers; where none is named, any will do."""
    return not homeservers or account.partition(":")[2] in homeservers
