"""Effects: how each intent is carried out, and how its outcome is committed. Every effect is listed here.

`perform` acts on the world and is safe to run twice. `settle` commits what came of it. `fail` commits that it can never
succeed. An intent without a `fail` is held when it can't succeed, and a person is told. `give_up` tells them in words of its own
when the intent was tried for long enough and is held.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.core.transaction import Transaction
from bot.domain import intents
from bot.domain.errors import Permanent
from bot.domain.intents import Intent
from bot.domain.planned import Planned

from . import (
    ask,
    capture,
    close_question,
    destroy_filed,
    discard,
    emoji_check,
    erase,
    file_document,
    file_image,
    look_if_opened,
    make_rooms,
    read_out,
    refile_image,
    say,
    screen,
    send_copy,
    show_picture,
)
from .world import World as World

Perform = Callable[[World, Any, Planned], Awaitable[Any]]
Settle = Callable[[Transaction, Any, Any], Awaitable[None]]
Fail = Callable[[Transaction, Any, Permanent], Awaitable[None]]
GiveUp = Callable[[Transaction, Any, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Effect:
    perform: Perform
    settle: Settle
    fail: Fail | None = None
    give_up: GiveUp | None = None


def _plain(perform: Callable[[World, Any], Awaitable[Any]]) -> Perform:
    """Wrap an effect that needs nothing of the plan itself."""

    async def performed(world: World, intent: Any, _planned: Planned) -> Any:
        return await perform(world, intent)

    return performed


EFFECTS: dict[type[Intent], Effect] = {
    intents.CaptureImage: Effect(_plain(capture.perform), capture.settle, capture.fail, capture.give_up),
    intents.ScreenImage: Effect(_plain(screen.perform), screen.settle, screen.fail),
    intents.FileImage: Effect(_plain(file_image.perform), file_image.settle, file_image.fail),
    intents.MoveImage: Effect(_plain(refile_image.perform), refile_image.settle, refile_image.fail),
    intents.DiscardImage: Effect(_plain(discard.perform), discard.settle),
    intents.DestroySealed: Effect(_plain(discard.destroy), discard.destroyed),
    intents.DestroyImage: Effect(_plain(destroy_filed.perform), destroy_filed.settle),
    intents.DestroyWords: Effect(_plain(destroy_filed.perform_words), destroy_filed.settle_words),
    intents.FileDocument: Effect(_plain(file_document.perform), file_document.settle, file_document.fail),
    intents.Say: Effect(say.perform, say.settle, say.fail),
    intents.Ask: Effect(ask.perform, ask.settle, ask.fail),
    intents.CloseQuestion: Effect(close_question.perform, close_question.settle, close_question.fail),
    intents.ReadOut: Effect(_plain(read_out.perform), read_out.settle),
    intents.LookIfOpened: Effect(_plain(look_if_opened.perform), look_if_opened.settle),
    intents.SayInClear: Effect(say.perform_in_clear, say.settle_in_clear, say.fail_in_clear),
    intents.ReservePicture: Effect(
        _plain(show_picture.reserve), show_picture.reserved, show_picture.fail, show_picture.give_up
    ),
    intents.ShowPicture: Effect(show_picture.perform, show_picture.settle, show_picture.fail, show_picture.give_up),
    intents.PrepareCopy: Effect(_plain(send_copy.prepare), send_copy.prepared, send_copy.fail),
    intents.ReserveCopy: Effect(_plain(send_copy.reserve), send_copy.reserved),
    intents.SendCopy: Effect(send_copy.perform, send_copy.settle, send_copy.fail),
    intents.EraseCopy: Effect(erase.perform, erase.settle, erase.fail),
    intents.OpenRoom: Effect(_plain(make_rooms.open_room), make_rooms.opened),
    intents.Invite: Effect(_plain(make_rooms.invite), make_rooms.settled, make_rooms.fail),
    intents.RemoveMember: Effect(_plain(make_rooms.remove), make_rooms.removed),
    intents.JoinRoom: Effect(_plain(make_rooms.join), make_rooms.joined, make_rooms.fail),
    intents.LeaveRoom: Effect(_plain(make_rooms.leave), make_rooms.left, make_rooms.fail),
    intents.StepVerification: Effect(emoji_check.perform, emoji_check.settle, emoji_check.fail),
    intents.SignIdentity: Effect(_plain(emoji_check.sign), emoji_check.signed, emoji_check.not_signed),
}
