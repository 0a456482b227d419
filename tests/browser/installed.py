"""Which browser a test is played in: the ones that Debian installs, and what stands in where one of them is missing.

In continuous integration a missing browser is a failure. Elsewhere the headless Chromium that npm brings stands in, and the
run says so in its warnings.
"""

from __future__ import annotations

import os
import shutil
import warnings
from enum import StrEnum

from tests.peer.driver import MissingPart


class Engine(StrEnum):
    CHROMIUM = "chromium"
    FIREFOX = "firefox"


PROGRAMS = {Engine.CHROMIUM: ("chromium", "google-chrome"), Engine.FIREFOX: ("firefox-esr", "firefox")}


class StandIn(UserWarning):
    """A browser is missing, and another was taken."""


def program_of(engine: Engine) -> str | None:
    """Return the browser's path; None where the stand-in has to be taken. Raise `MissingPart` for that where CI is set."""
    for name in PROGRAMS[engine]:
        if found := shutil.which(name):
            return found
    missing = f"{engine.capitalize()} is not installed: make packages"
    if os.environ.get("CI"):
        raise MissingPart(missing)
    warnings.warn(f"{missing}. A headless Chromium from npm stands in for it.", StandIn, stacklevel=2)
    return None
