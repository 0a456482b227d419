"""Keys that are right each by itself and wrong together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.domain.assurance import Level
from bot.domain.destination import SECOND_COPY
from bot.domain.hours import MIDNIGHT
from bot.domain.identifiers import Account

from .sections import Config
from .values import server_of


def contradictions(config: Config) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield each contradiction as its key and the sentence that says what to do."""
    data, keys = config.data.directory, config.data.keys_directory
    if _inside(data, keys) or _inside(keys, data):
        yield (
            ("data", "keys_directory"),
            "must lie apart from data.directory, neither inside the other: who copies the data must not get its keys",
        )
    if _inside(config.homeserver.password_file, data):
        yield ("homeserver", "password_file"), "must lie outside data.directory; data.keys_directory is a good place"
    for place in (data, keys):
        if config.audit.checkpoints is not None and _inside(config.audit.checkpoints, place):
            yield (
                ("audit", "checkpoints"),
                "must lie outside data.directory and data.keys_directory, best on another machine: "
                "who can change the log must not reach them",
            )
    mirror = config.record.mirror
    if mirror is not None and any(_inside(mirror, place) or _inside(place, mirror) for place in (data, keys)):
        yield ("record", "mirror"), "must lie apart from data and keys, best on another disk: it is the second copy"
    yield from _of_destinations(config)
    if config.page.url is not None and not config.homeserver.makes_accounts:
        yield (
            ("page", "url"),
            "needs homeserver.embedded and homeserver.registration_tokens: a link makes an account for whoever opens it, so "
            "without them none would be given out",
        )
    if config.reminders.unread_duty <= config.reminders.unread_first:
        yield ("reminders", "unread_duty"), "must be longer than reminders.unread_first: the practice is told first"
    for number, entry in enumerate(config.practice.hours):
        if entry.closes != MIDNIGHT and entry.closes <= entry.opens:
            until = ("practice", "hours", str(number), "until")
            yield until, "must be later than `from`; for hours past midnight write two entries"
    named: dict[tuple[str, ...], tuple[Account, ...]] = {
        ("homeserver", "user"): (config.homeserver.user,),
        ("duty", "person"): (config.duty.person,),
        ("managers", "accounts"): config.managers.accounts,
    }
    for key, accounts in named.items():
        strangers = sorted({server_of(a) for a in accounts} - set(config.homeserver.allowed))
        if strangers:
            servers = ", ".join(strangers)
            yield key, f"names someone on {servers}: add that to homeserver.allowed or choose another account"


def _of_destinations(config: Config) -> Iterator[tuple[tuple[str, ...], str]]:
    taken = {SECOND_COPY}
    kept = [config.data.directory, config.data.keys_directory, config.record.mirror, config.audit.checkpoints]
    others = [place for place in kept if place is not None]
    for number, to in enumerate(config.destinations):
        key = ("destinations", str(number))
        if to.name.casefold() in taken:
            yield (*key, "name"), "must be another name than that of every other destination, and than “second copy”"
        taken.add(to.name.casefold())
        for named, directory in to.directories.items():
            if any(_inside(directory, other) or _inside(other, directory) for other in others):
                yield (
                    (*key, named),
                    "must lie apart from the data, the keys, the second copy, the checkpoints and other destinations: what is "
                    "put there is not sealed",
                )
        others += to.directories.values()
        for named, secret in to.secrets.items():
            if _inside(secret, config.data.directory):
                yield (*key, named), "must lie outside data.directory; data.keys_directory is a good place"
        shows = to.shows
        if to.wait != "nothing" and Level(to.wait) not in shows:
            able = " or ".join(f'"{level.value}"' for level in sorted(shows))
            yield (
                (*key, "wait"),
                f'must be {able}, or "nothing": a place of kind "{to.kind}" can\'t show more, so the chat would never be cleared',
            )


def _inside(inner: Path, outer: Path) -> bool:
    return inner.resolve().is_relative_to(outer.resolve())
