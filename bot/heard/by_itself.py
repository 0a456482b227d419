"""Read what somebody's words say by themselves, whatever is open: once, as they arrive. What they mean there, `in_turn` says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.domain.deeds import Missaid
from bot.domain.errors import Refused
from bot.domain.invitation_codes import looks_like_a_code
from bot.domain.purposes import read_purpose
from bot.domain.references import references_in
from bot.domain.staff_deeds import UseWanted
from bot.domain.words_said import SaidOfPhoto, WordsSaid

from .codes import code_in
from .mentions import with_accounts
from .patient import gives_reason
from .statement_line import form_of, read_line, says_nothing
from .use_details import gives_details, read_details
from .use_named import names_a_yes, names_all, names_what_goes_on, purposes_named
from .whose import says_not_me


def read_words(text: str, content: Mapping[str, Any], today: date, *, of_a_colleague: bool) -> WordsSaid:
    """Return the words with what stands in them; `content` has the accounts that their pills link to."""
    return WordsSaid(
        text,
        refs=references_in(text),
        reason=read_purpose(text),
        purposes=purposes_named(text),
        of_all=names_all(text),
        of_a_yes=names_a_yes(text),
        of_what_goes_on=names_what_goes_on(text),
        not_me=says_not_me(text),
        code=code_in(text),
        is_a_code=looks_like_a_code(text),
        of_photo=_of_photo(text, today) if of_a_colleague else SaidOfPhoto(),
        details=_details(text, content, today) if of_a_colleague else None,
    )


def _of_photo(text: str, today: date) -> SaidOfPhoto:
    line = read_line(text, today)
    counts = line.says_something or line.leave or gives_reason(line.reason())
    return SaidOfPhoto(line, counts and not says_nothing(text), form_of(text))


def _details(text: str, content: Mapping[str, Any], today: date) -> UseWanted | Missaid | None:
    if not gives_details(text):
        return None
    try:
        return read_details(with_accounts(text, content), today)
    except Refused as refused:
        return Missaid(refused.said, refused.rule)
