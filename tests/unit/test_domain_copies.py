"""The law of one chat copy: media before its message, nothing called gone that was not seen gone, what is settled stays so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.copies import (
    SETTLED,
    Copy,
    CopyState,
    ErasureBegun,
    Event,
    OutOfReach,
    Redacted,
    SeenGone,
    What,
    after,
    media_before,
)
from bot.domain.identifiers import CopyId, EventId, MediaId

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
EVENTS: tuple[Event, ...] = (ErasureBegun(), SeenGone(AT), Redacted(AT, timedelta(days=7)), OutOfReach(AT, "forbidden"))


def test_every_state_and_event_is_decided() -> None:
    assert {type(event) for event in EVENTS} == set(Event.__args__)
    for state, event in product(CopyState, EVENTS):
        assert isinstance(after(Copy(CopyId("id"), What.FILE, state=state), event), Copy)


@given(st.lists(st.sampled_from(EVENTS), max_size=8))
def test_R17_what_is_settled_stays_settled_and_gone_is_only_what_was_seen_gone(events: list[Event]) -> None:
    copy = Copy(CopyId("id"), What.FILE)
    seen_gone = False
    for event in events:
        before, copy = copy, after(copy, event)
        seen_gone = seen_gone or isinstance(event, SeenGone)
        assert (copy.state is CopyState.GONE) == seen_gone
        if before.state in SETTLED:
            assert copy.state in {before.state, CopyState.GONE}
        if copy.state in SETTLED:
            assert copy.settled_at == AT
        assert (copy.hidden_until is not None) == (copy.state is CopyState.HIDDEN)
        assert bool(copy.because) == (copy.state is CopyState.BEYOND_REACH)


def test_R17_what_is_hidden_says_until_when_and_later_than_the_homeserver_s_clean_up() -> None:
    hidden = after(Copy(CopyId("id"), What.MESSAGE), Redacted(AT, timedelta(days=7)))
    assert hidden.hidden_until is not None and hidden.hidden_until > AT + timedelta(days=7, minutes=5)


def test_what_is_seen_gone_later_is_accounted_for_again() -> None:
    receipted = replace(after(Copy(CopyId("id"), What.FILE), OutOfReach(AT, "no-purger")), receipted=True)
    assert not after(receipted, SeenGone(AT)).receipted


def test_R17_media_goes_before_its_message_and_messages_wait_for_nothing_else() -> None:
    message = Copy(CopyId("message"), What.MESSAGE, event_id=EventId("$one"))
    file = Copy(CopyId("file"), What.FILE, event_id=EventId("$one"), mxc=MediaId("mxc://hs/one"))
    thumbnail = Copy(CopyId("thumbnail"), What.THUMBNAIL, event_id=EventId("$one"), mxc=MediaId("mxc://hs/two"))
    other = Copy(CopyId("other"), What.FILE, event_id=EventId("$other"), mxc=MediaId("mxc://hs/three"))
    everything = [message, file, thumbnail, other]
    assert media_before(message, everything) == [file, thumbnail]
    assert media_before(file, everything) == []
    gone = [message, after(file, SeenGone(AT)), after(thumbnail, OutOfReach(AT, "not-local")), other]
    assert media_before(message, gone) == []


def test_a_picture_the_bot_posted_goes_before_its_post_though_no_event_names_it() -> None:
    picture = Copy(CopyId("picture"), What.RENDITION, mxc=MediaId("mxc://hs/one"), post_key="key")
    post = Copy(CopyId("post"), What.POST, event_id=EventId("$post"), post_key="key")
    unkeyed = Copy(CopyId("unkeyed"), What.POST, event_id=EventId("$words"))
    assert media_before(post, [picture, post, unkeyed]) == [picture]
    assert media_before(unkeyed, [picture, post, unkeyed]) == []
