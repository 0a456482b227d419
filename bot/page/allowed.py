"""What of the homeserver the page may reach: a list of questions by method and path; nothing else is there.

Rules:
- There is one way to send into a room: `m.room.encrypted`. A page that forgot to encrypt is answered 404.
- To devices goes what is encrypted, a request for a key, or word that none is given.
- Nobody writes state, account data, names or pictures, and nothing of `/_synapse` is passed on.

Pure. The path is judged as it came, escapes and all: what is matched is what the homeserver is asked.
"""

from __future__ import annotations

import re
from typing import Final

_CLIENT: Final = "/_matrix/client/"
# One part of a path, never `.` or `..`. What may be escaped is what ids are made of: `!`, `$`, `+`, `:`, `=`, `@`; no slash.
_ID: Final = r"(?!\.{1,2}(?:/|\Z))(?:[A-Za-z0-9!$+:=@._~-]|%(?:21|24|2B|3A|3D|40))+"

_QUESTIONS: Final = (
    # who I am
    ("GET", "versions"),
    ("POST", "v3/register"),
    # what is new
    ("GET", "v3/pushrules/"),  # without an answer the library never begins to listen
    ("GET", "v3/sync"),
    ("POST", f"v3/user/{_ID}/filter"),
    ("GET", f"v3/user/{_ID}/filter/{_ID}"),
    # keys
    ("POST", "v3/keys/(?:upload|query|claim|signatures/upload|device_signing/upload)"),
    ("PUT", rf"v3/sendToDevice/m\.(?:room\.encrypted|room_key_request|room_key\.withheld)/{_ID}"),
    ("GET", rf"v3/user/{_ID}/account_data/m\.(?:secret_storage|cross_signing)\.{_ID}"),
    # rooms
    ("POST", "v3/createRoom"),
    ("GET", "v3/joined_rooms"),
    ("POST", f"v3/join/{_ID}"),
    ("POST", f"v3/rooms/{_ID}/(?:leave|forget)"),
    ("PUT", rf"v3/rooms/{_ID}/send/m\.room\.encrypted/{_ID}"),
    ("POST", rf"v3/rooms/{_ID}/receipt/m\.read/{_ID}"),
    ("GET", f"v3/rooms/{_ID}/messages"),
    # pictures
    ("GET", f"v1/media/download/{_ID}/{_ID}"),
)
UPLOAD: Final = "/_matrix/media/v3/upload"
_PASSED_ON: Final = tuple((method, re.compile(re.escape(_CLIENT) + path)) for method, path in _QUESTIONS)


def is_passed_on(method: str, path: str) -> bool:
    """Return whether the homeserver may be asked this; `path` is as it stood in the request, without its query."""
    if path == UPLOAD:
        return method == "POST"
    return any(method == asked and pattern.fullmatch(path) for asked, pattern in _PASSED_ON)
