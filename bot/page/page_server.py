"""Serve the page and what it asks, on this machine only. No request is logged: its path names rooms and accounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from bot.config import LoopbackAddress

from .bundle import START, Bundle, ServedFile
from .page_headers import ASK_AGAIN, FOR_EVER, KEEP_NOTHING, STRICT
from .passing_on import PassingOn

PRACTICE: Final = "/practice.json"


@dataclass(frozen=True, slots=True)
class PageSettings:
    """What the page is told about the practice, and where it runs."""

    practice: str
    assistant: str  # the bot's account
    emergency_text: str
    homeserver: str
    largest_photo: int  # bytes
    listen: LoopbackAddress
    phone: str | None = None


class PageServer:
    """`start` listens, `stop` ends what is open."""

    def __init__(self, bundle: Bundle, settings: PageSettings) -> None:
        self._bundle = bundle
        self._settings = settings
        self._homeserver = PassingOn(settings.homeserver, settings.largest_photo)
        app = web.Application()
        app.router.add_route("*", "/_matrix/{rest:.*}", self._homeserver.pass_on)
        app.router.add_get(PRACTICE, self._practice)
        app.router.add_route("*", "/{name:.*}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)

    async def start(self) -> None:
        await self._runner.setup()
        await web.TCPSite(self._runner, *self._settings.listen).start()

    async def stop(self) -> None:
        await self._runner.cleanup()
        await self._homeserver.close()

    async def _practice(self, _: web.Request) -> web.Response:
        said = {
            "name": self._settings.practice,
            "assistant": self._settings.assistant,
            "emergency": self._settings.emergency_text,
            "phone": self._settings.phone,
            "largest": self._settings.largest_photo,
        }
        return web.json_response(said, headers={**STRICT, "Cache-Control": KEEP_NOTHING})

    async def _file(self, request: web.Request) -> web.Response:
        found = self._bundle.at(request.path) if request.method in ("GET", "HEAD") else None
        if found is None:
            return web.Response(status=404, text="Not here.", headers={**STRICT, "Cache-Control": KEEP_NOTHING})
        kept = ASK_AGAIN if request.path in ("/", f"/{START}") else FOR_EVER
        coding, body = _smallest(found, request.headers.get("Accept-Encoding", ""))
        headers = {**STRICT, "Content-Type": found.kind, "Cache-Control": kept, "Vary": "Accept-Encoding"}
        return web.Response(body=body, headers=headers | ({"Content-Encoding": coding} if coding else {}))


def _smallest(file: ServedFile, accepted: str) -> tuple[str, bytes]:
    """Return the content encoding, "" for none, and the bytes."""
    understood = {word.partition(";")[0].strip() for word in accepted.split(",")}
    return next(((coding, body) for coding, body in file.packed.items() if coding in understood), ("", file.plain))
