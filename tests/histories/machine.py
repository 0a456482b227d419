"""The histories: everything that people do, in any order."""

from .deeds.uses import Uses
from .deeds.words import Words


class Histories(Uses, Words):
    """One history of a practice. It never fails: what it breaks is kept in the table, with all that led to it."""
