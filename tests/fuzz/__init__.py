"""Property-based tests of everything that reads what somebody outside wrote.

A short run is part of the suite; `make fuzz EXAMPLES=20000` makes it long. Each property: the reader never raises anything but
the errors it declares, and it ends. Where more can be said (a round trip, a second reading that changes nothing), it is.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

EXAMPLES = int(os.environ.get("CONSENTRY_FUZZ", "60"))


def fuzzed(share: float = 1.0) -> Callable[[Any], Any]:
    """The settings of one property; `share` is less than 1 where one example costs much."""
    return settings(
        max_examples=max(5, int(EXAMPLES * share)),
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
    )


ODD = st.sampled_from(
    ["", " ", "\x00", "\ud800", "é", "🩹", "\u202e", "ı", "İ", "ß", "²", "١", "\n", '"', "“", "'", "\\", "%", "{", "{}"]
)
TEXT = st.one_of(st.text(max_size=60), ODD, st.lists(ODD, max_size=6).map("".join))
NUMBER = st.one_of(st.integers(), st.floats(), st.just(10**400), st.just(-1), st.booleans())
SCALAR = st.one_of(st.none(), NUMBER, TEXT)


def json_of(leaves: st.SearchStrategy[Any], keys: st.SearchStrategy[str] = TEXT) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=5), max_leaves=12
    )


ANYTHING = json_of(SCALAR)


def objects(known: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects that are nearly right: each known key is left out, right, or anything at all."""
    return st.fixed_dictionaries({}, optional={key: value | ANYTHING for key, value in known.items()})


def sentences(words: list[str], most: int = 12) -> st.SearchStrategy[str]:
    """Known words in any order, with anything between them."""
    return st.lists(st.sampled_from(words) | TEXT, max_size=most).flatmap(
        lambda parts: st.sampled_from([" ", "", ", ", "\n", ": "]).map(lambda between: between.join(parts))
    )
