"""The histories: everything that people do, in any order."""

from .deeds.admitted import Admitted
from .deeds.parents import Parents
from .deeds.siblings import Siblings
from .deeds.unread import Unread
from .deeds.words import Words


class Histories(Unread, Admitted, Parents, Siblings, Words):
    """One history of a practice. It never fails: what it breaks is kept in the table, with all that led to it."""
