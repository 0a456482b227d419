"""A person's own words, without what their app quotes before them."""

from __future__ import annotations

import re

_QUOTED = re.compile(r"^> (?:\* )?<@[^>\s]+>")


def quoted_words(body: str) -> str:
    """Return what a reply's fallback quotes, without whom; "" where there is none."""
    quoted = body.removesuffix(own_words(body))
    return "\n".join(_QUOTED.sub("", line).removeprefix(">") for line in quoted.split("\n"))


def own_words(body: str) -> str:
    """Return the body without a reply's fallback: lines of ">" that begin with whom they quote. "> 39 fever" is none."""
    if not _QUOTED.match(body):
        return body
    lines = body.split("\n")
    own = next((at for at, line in enumerate(lines) if not line.startswith(">")), len(lines))
    return "\n".join(lines[own:]).removeprefix("\n")
