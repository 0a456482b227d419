"""Why the purger does not serve, or could not erase just now. The texts hold paths, states and codes, never a token."""


class CannotServe(Exception):
    """The purger must not start or go on: something it depends on is missing, lax or altered. Shown to the operator."""


class HomeserverAway(Exception):
    """The homeserver gave no answer, or one that says nothing about the media. Worth another try."""


class Forbidden(Exception):
    """The token is not an administrator's, or not any more. A person must mend it."""
