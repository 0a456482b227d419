"""Encrypted attachments (EncryptedFile version 2): AES-256-CTR, with the SHA-256 of the ciphertext.

Guarantees: nothing is decrypted before the hash of the ciphertext matched, and a file description that is not exactly version 2
is refused. The hash is only as trustworthy as the message that carried it; the sender of that message is judged elsewhere. Pure:
no network, no files. Neither key nor hash appears in an exception.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.domain.errors import Permanent
from bot.domain.identifiers import MediaId


def encrypt_attachment(data: bytes) -> tuple[bytes, dict[str, Any]]:
    """Encrypt `data`; return the ciphertext and its EncryptedFile description, which still lacks the `url`."""
    key = os.urandom(32)
    # The counter half starts at zero, as the specification asks, so that it cannot overflow into the nonce.
    iv = os.urandom(8) + bytes(8)
    encryptor = Cipher(algorithms.AES(key), modes.CTR(iv)).encryptor()
    ciphertext = encryptor.update(data) + encryptor.finalize()
    described = {
        "v": "v2",
        "key": {
            "kty": "oct",
            "alg": "A256CTR",
            "ext": True,
            "key_ops": ["encrypt", "decrypt"],
            "k": base64.urlsafe_b64encode(key).decode().rstrip("="),
        },
        "iv": base64.b64encode(iv).decode().rstrip("="),
        "hashes": {"sha256": base64.b64encode(hashlib.sha256(ciphertext).digest()).decode().rstrip("=")},
    }
    return ciphertext, described


def decrypt_attachment(file: Mapping[str, Any], ciphertext: bytes, sha256: bytes | None = None) -> bytes:
    """Decrypt an attachment and return its content.

    `sha256` is the digest of the ciphertext, if it was computed during the download. Raises `Permanent("bad-attachment")` for a
    malformed description and `Permanent("wrong-hash")` for other bytes than those described.
    """
    key, iv, digest = _described(file)
    if not hmac.compare_digest(sha256 or hashlib.sha256(ciphertext).digest(), digest):
        raise Permanent("wrong-hash")
    decryptor = Cipher(algorithms.AES(key), modes.CTR(iv)).decryptor()
    return decryptor.update(ciphertext) + decryptor.finalize()


def media_id(file: Mapping[str, Any]) -> MediaId:
    """Return the mxc the description points at; `Permanent("bad-attachment")` when there is none."""
    url = file.get("url")
    if not isinstance(url, str) or not url.startswith("mxc://"):
        raise Permanent("bad-attachment", "no media id")
    return MediaId(url)


def _described(file: Mapping[str, Any]) -> tuple[bytes, bytes, bytes]:
    key, hashes = file.get("key"), file.get("hashes")
    if not isinstance(key, Mapping) or not isinstance(hashes, Mapping):
        raise Permanent("bad-attachment", "no key or hashes")
    if file.get("v") != "v2" or key.get("kty") != "oct" or key.get("alg") != "A256CTR":
        raise Permanent("bad-attachment", "not version 2")
    return _octets(key.get("k"), 32, urlsafe=True), _octets(file.get("iv"), 16), _octets(hashes.get("sha256"), 32)


def _octets(text: object, length: int, *, urlsafe: bool = False) -> bytes:
    if not isinstance(text, str) or len(text) > 64:
        raise Permanent("bad-attachment", "not base64")
    padded = text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)
    try:
        octets = base64.b64decode(padded, altchars=b"-_" if urlsafe else None, validate=True)
    except (binascii.Error, ValueError):
        raise Permanent("bad-attachment", "not base64") from None
    if len(octets) != length:
        raise Permanent("bad-attachment", "wrong length")
    return octets
