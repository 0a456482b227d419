"""Take every address out of lock files; the hashes say what is right, so that any mirror may serve it.

    python3 requirements/strip_addresses.py requirements/*.lock tests/peer/package-lock.json

Fails when an address is left.
"""

import json
import re
import sys
from pathlib import Path

ADDRESS = re.compile(r"\b(?:https?|file|git\+\w+)://")
OPTION = re.compile(r"^--(?:index-url|extra-index-url|find-links|trusted-host)\b.*\n", re.MULTILINE)


def stripped(path: Path) -> str:
    """The text of a lock without addresses."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".json":
        return OPTION.sub("", text)
    lock = json.loads(text)
    for package in lock["packages"].values():
        package.pop("resolved", None)
        package.pop("funding", None)
    return json.dumps(lock, indent=2) + "\n"


for name in sys.argv[1:]:
    lock_file = Path(name)
    lock_file.write_text(stripped(lock_file), encoding="utf-8")
    if ADDRESS.search(lock_file.read_text(encoding="utf-8")):
        sys.exit(f"{name} still names an address")
