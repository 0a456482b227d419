"""Signed JSON as Matrix does it: Ed25519 over canonical JSON, without `signatures` and `unsigned`.

Checking never raises, whatever is handed in: what cannot be checked is not signed. Pure.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from canonicaljson import encode_canonical_json
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from bot.domain.identifiers import Account


def unpadded(octets: bytes) -> str:
    return base64.b64encode(octets).decode().rstrip("=")


def public_key(key: Ed25519PrivateKey) -> str:
    return unpadded(key.public_key().public_bytes_raw())


def signable(value: Mapping[str, Any]) -> bytes:
    """Return the octets that a signature of this object covers."""
    return encode_canonical_json({key: item for key, item in value.items() if key not in ("signatures", "unsigned")})


def signature(value: Mapping[str, Any], key: Ed25519PrivateKey) -> str:
    return unpadded(key.sign(signable(value)))


def is_signed(value: Mapping[str, Any], user_id: Account, key_name: str, public: str) -> bool:
    """Return whether `ed25519:<key_name>` of the user, with this public key, signed the object."""
    try:
        text = value["signatures"][user_id][f"ed25519:{key_name}"]
        Ed25519PublicKey.from_public_bytes(_octets(public)).verify(_octets(text), signable(value))
    except (InvalidSignature, KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return False
    return True


def _octets(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
