"""Who the homeserver is: its name, its signing key and its secrets, made once per directory and never again.

A homeserver cannot be renamed, because its name is in every user id and signature. Another name is refused.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
from pathlib import Path

from bot.domain.errors import Permanent
from bot.durable import write_durably

SERVER_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?(?::[0-9]{1,5})?")
_FILE = "identity.yaml"


def ensure_identity(directory: Path, server_name: str) -> None:
    """Make the identity unless there is one; raise `Permanent("server-name")` if it has another name."""
    if not SERVER_NAME.fullmatch(server_name):
        raise Permanent("server-name", "not a valid homeserver name")
    path = directory / _FILE
    if not path.exists():
        key = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        write_durably(directory / "signing.key", f"ed25519 a_{secrets.token_hex(3)} {key}\n".encode())
        identity = {
            "server_name": server_name,
            "registration_shared_secret": secrets.token_urlsafe(32),
            "macaroon_secret_key": secrets.token_urlsafe(32),
            "form_secret": secrets.token_urlsafe(32),
        }
        write_durably(path, f"{json.dumps(identity, indent=2)}\n".encode())
    if _read(directory, "server_name") != server_name:
        raise Permanent("server-name", "this directory belongs to a homeserver of another name")


def registration_secret(directory: Path) -> str:
    """Return the secret with which accounts are made, administrators' accounts too."""
    return _read(directory, "registration_shared_secret")


def _read(directory: Path, key: str) -> str:
    try:
        value = json.loads((directory / _FILE).read_text(encoding="utf-8"))[key]
    except (OSError, ValueError, KeyError) as error:
        raise Permanent("identity", f"{_FILE} cannot be read: {type(error).__name__}") from None
    return str(value)
