"""Where the bytes of a photo go on a FHIR server. Servers differ in what they take, and none says so: it is tried (`fhir_ways`).

Under an id of our own a second upload after a crash makes no second object. Where the server chooses the id, it is noted before
anything points at it.
"""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid5

from bot.domain.errors import OutsideFailure
from storage.records.place_notes import Note

from .fhir_resources import content_of
from .fhir_server import FHIR_JSON, GONE, NOT_SHOWN, UNABLE, FhirAnswer, FhirTalk, Resource, path_of, taken

_BEGUN: Final = "begun"  # in a note: bytes are on their way, and where they will lie is the server's to say
_ASTRAY: Final = "astray"  # and this was so before, and nobody ever heard where
_BUSY: Final = frozenset({401, 403, 408, 429, 502, 503, 504})  # it says nothing of what the server takes
_TRIAL: Final = "application/octet-stream"
_TRIALS: Final = UUID("5f0c7a0e-3d51-5c0b-8a47-9d1e6a2b4c38")


class Upload(StrEnum):
    """How bytes go there, in the order in which it is tried."""

    RAW_OWN_ID = "raw-own-id"  # as they are
    RAW = "raw"  # as they are; the server chooses the id
    OWN_ID = "own-id"
    JSON = "json"  # the server chooses the id
    INLINE = "inline"  # within the document

    @property
    def is_found_by_our_id(self) -> bool:
        return self in {Upload.RAW_OWN_ID, Upload.OWN_ID}


_ORDINARY: Final = frozenset({Upload.OWN_ID, Upload.JSON})  # all servers read JSON; many fail at bytes as they are


@dataclass(frozen=True, slots=True)
class Probe:
    """How bytes were found to go there. `is_sure`: not when none went, and the server may only have been unwell."""

    way: Upload
    is_sure: bool = True


def trial_id(of: str) -> str:
    """Return the id under which bytes are tried: always one for a server, so that what a killed trial left goes next time."""
    return f"consentry-trial-{uuid5(_TRIALS, of).hex[:16]}"


async def probed(talk: FhirTalk, own_id: str) -> Probe:
    """Return the first way by which some bytes of no meaning came back identical; leave nothing there.

    What is found is kept, so each way is tried once more where it failed: that may have been a fault on the way.
    """
    may_be_unwell = False
    for way in (Upload.RAW_OWN_ID, Upload.RAW, Upload.OWN_ID, Upload.JSON):
        for _ in range(2):
            works = await _works(talk, way, own_id)
            if works:
                return Probe(way)
            may_be_unwell |= works is None and way in _ORDINARY
    return Probe(Upload.INLINE, is_sure=not may_be_unwell)


async def _works(talk: FhirTalk, way: Upload, own_id: str) -> bool | None:
    """Return whether bytes came back that way; None where the server failed at it: it may be that it can't, or can't now."""
    content = secrets.token_bytes(1000)
    answer = await _sent(talk, way, own_id, content, _TRIAL)
    if answer.status in _BUSY:
        taken(answer)
    if answer.status >= 500 and answer.status not in UNABLE:
        return None
    path = _path_in(answer, way, own_id)
    if answer.status >= 300 or path is None:
        return False
    try:
        return await downloaded(talk, path, _TRIAL) == content
    finally:
        if (await talk.delete(path)).status < 300 and await talk.read(path) is not None:
            raise OutsideFailure(NOT_SHOWN)


async def uploaded(talk: FhirTalk, way: Upload, own_id: str, content: bytes, media_type: str) -> str:
    """Return the path of the bytes, such as "Binary/12"."""
    path = _path_in(taken(await _sent(talk, way, own_id, content, media_type)), way, own_id)
    if path is None:
        raise OutsideFailure("unwell")
    return path


def begun(noted: Note) -> Note:
    """Return what is noted before bytes go where the server chooses."""
    return {**noted, _BEGUN: "yes", **({_ASTRAY: "perhaps"} if may_be_astray(noted) else {})}


def ended(noted: Note, path: str, sha256: str) -> Note:
    """Return what is noted once the server said where they lie."""
    return {**{name: known for name, known in noted.items() if name != _BEGUN}, "bytes": path, "sha256": sha256}


def may_be_astray(noted: Note) -> bool:
    """Return whether bytes may lie there of which nobody knows where."""
    return _BEGUN in noted or _ASTRAY in noted


async def downloaded(talk: FhirTalk, path: str, media_type: str) -> bytes | None:
    """Return the bytes as they come back, raw where the server can; None when they are gone."""
    answer = await talk.ask("GET", path, accept=media_type)
    if answer.status == 406 or (answer.status < 300 and _is_json(answer)):
        answer = answer if answer.status < 300 else await talk.ask("GET", path)
        held = answer.resource.get("data") if answer.status < 300 else None
        if isinstance(held, str):
            return decoded(held)
    if answer.status in GONE:
        return None
    return taken(answer).body


def bytes_at(talk: FhirTalk, document: Resource, *known: str) -> str | None:
    """Return where on this server the bytes of a document lie; None when they lie in it, or nobody can tell.

    Some servers give out addresses elsewhere, good for some minutes, in place of their own. Nothing is read from there: they
    count as those of known bytes, whose id stands in them.
    """
    url = str(content_of(document).get("url", ""))
    path = talk.path_of(url) if url else None
    return path or next((at for at in known if at.partition("/")[2] in url.split("?", maxsplit=1)[0].split("/")), None)


def decoded(data: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except ValueError:
        return b""


async def _sent(talk: FhirTalk, way: Upload, own_id: str, content: bytes, media_type: str) -> FhirAnswer:
    if way is Upload.RAW_OWN_ID:
        return await talk.ask("PUT", f"Binary/{own_id}", content, media_type)
    if way is Upload.RAW:
        return await talk.ask("POST", "Binary", content, media_type)
    held = {"resourceType": "Binary", "contentType": media_type, "data": base64.b64encode(content).decode()}
    if way is Upload.OWN_ID:
        return await talk.ask("PUT", f"Binary/{own_id}", json.dumps({**held, "id": own_id}).encode(), FHIR_JSON)
    return await talk.ask("POST", "Binary", json.dumps(held).encode(), FHIR_JSON)


def _path_in(answer: FhirAnswer, way: Upload, own_id: str) -> str | None:
    """Return where the bytes lie: under our own id, or where the answer says."""
    if way.is_found_by_our_id:
        return f"Binary/{own_id}"
    resource: Resource = answer.resource
    return path_of(resource) if resource.get("resourceType") == "Binary" and resource.get("id") else None


def _is_json(answer: FhirAnswer) -> bool:
    return "json" in answer.kind and answer.resource.get("resourceType") == "Binary"
