"""What is written in a lobby, where nobody is known yet: a code, or the answer to what is asked after one (R15, R34)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.domain.conversation import Open
from bot.domain.deeds import GiveAnswer, PlainAnswer, RedeemCode, SaidInLobby, WriteBirthday
from bot.domain.errors import Refused
from bot.domain.invitation_codes import read_code
from bot.domain.invitations import Invitation
from bot.domain.people import Relation

from .alarm import alarm_words
from .codes import code_in
from .kin import names_kin
from .patient import Written, deed_of
from .plain import plain
from .whose import says_not_me
from .written_days import birthday_in, without_days


def hear_in_lobby(text: str, asked: Invitation | None, today: date, more_alarms: Iterable[str] = ()) -> SaidInLobby:
    """Return what the words are, where `asked` is the invitation whose code they wrote before."""
    return SaidInLobby(_code(text, asked) or _answer(text, asked, today), alarm=bool(alarm_words(text, more_alarms)))


def _code(text: str, asked: Invitation | None) -> RedeemCode | None:
    """Return the code that stands in the words; eleven letters are one where nothing else is waited for."""
    alone = read_code(text) if asked is None else None
    return code_in(text) or (RedeemCode(*alone) if alone is not None else None)


def _answer(text: str, asked: Invitation | None, today: date) -> WriteBirthday | GiveAnswer | None:
    if asked is None:
        return None
    if asked.patient_id:
        return _birthday(text, asked, today)
    deed = deed_of(Written(text, frozenset({Open.CONFIRM}), name=asked.name))
    return deed if isinstance(deed, GiveAnswer) and deed.answer is not PlainAnswer.LATER else None


def _birthday(text: str, asked: Invitation, today: date) -> WriteBirthday:
    try:
        born = birthday_in(text, today)
    except Refused as unclear:
        return WriteBirthday(unclear=unclear.said)
    return WriteBirthday(born, is_anothers=_is_anothers(without_days(text), asked))


def _is_anothers(words: str, asked: Invitation) -> bool:
    """Return whether the words beside a date say that it is somebody else's: "my wife's, 7 March 1984" lets nobody in (R34)."""
    for_others = asked.relation is not Relation.SELF
    deed = deed_of(Written(words, frozenset({Open.CONFIRM}), name=asked.name, answers_for_others=for_others))
    said_no = isinstance(deed, GiveAnswer) and deed.answer is PlainAnswer.NO
    return said_no or says_not_me(words) or (not for_others and names_kin(plain(words)))
