"""What a refusal says, for tests: the exception itself names only the sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.domain.errors import Refused
from bot.words.sentence import in_words


@contextmanager
def refused(words: str) -> Iterator[None]:
    """Expect a refusal whose words hold this, a regular expression."""
    with pytest.raises(Refused) as caught:
        yield
    assert re.search(words, in_words(caught.value.said)), caught.value.said
