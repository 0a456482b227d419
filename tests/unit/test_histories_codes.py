"""Who is handed a code in the histories: whoever it was made for, and not who has their account by now (R31, R33)."""

from collections.abc import Iterator

import pytest

from tests.histories import observed as o
from tests.histories.cast import LEE, RITA, SIDS
from tests.histories.machine import Histories


@pytest.fixture
def history() -> Iterator[Histories]:
    """Begin a history, and throw it away uncounted."""
    begun = Histories()
    yield begun
    begun.do(begun.world.close())


def redeemed(history: Histories) -> int:
    """Return how many codes for Sid were redeemed from Rita's account."""
    told = history.world.oracle.history
    codes = {made.code for _, made in told.of(o.Invited, told.now) if made.mrn == SIDS}
    return sum(done.account == RITA and done.code in codes for _, done in told.of(o.Redeemed, told.now))


def test_a_code_made_for_somebody_is_not_handed_to_who_has_their_account_now(history: Histories) -> None:
    history.do(history._capacity_lost(LEE))
    assert redeemed(history) == 1
    history.do(history._passes_on(RITA))
    told = history.world.oracle.history
    assert len([wrote for _, wrote in told.of(o.CodeWritten, told.now) if wrote.account == RITA]) == 2  # their own
    history.do(history._capacity_lost(LEE))
    assert redeemed(history) == 1
    assert history.world.oracle.violations == []
