"""Why the purger does not serve, or could not erase just now. Texts hold paths, states and codes, never a token."""


class CannotServe(Exception):
    """It must not start or go on: something it stands on is missing, lax or altered. Shown to the operator."""


class HomeserverAway(Exception):
    """No answer, or one that says nothing about the media. Worth another try."""


class Forbidden(Exception):
    """The token is not an administrator's (any more). A person must mend it."""
