"""The link that opens the page: whoever holds it needs no app, and nothing of it reaches any server.

All of it stands behind `#`, which browsers send to nobody. It carries the bot's master key, so the page compares who
answers with it before anything is sent. Base64url: a `+` would be read as a space.
"""

from __future__ import annotations

from urllib.parse import quote

from .identifiers import Account

_AS_THEY_ARE = "@:"  # in an account, so that it can be read


def page_link(page_url: str | None, code: str, token: str, bot_account: Account, fingerprint: str) -> str | None:
    """Return the link; None where the practice has no page, or there is no token to make an account with."""
    if page_url is None or not token:
        return None
    key = fingerprint.rstrip("=").replace("+", "-").replace("/", "_")
    return f"{page_url}/#c={quote(code)}&t={quote(token)}&b={quote(bot_account, safe=_AS_THEY_ARE)}&k={key}"
