"""`consentry sign-in`: a new session for the bot, after the homeserver ended the old one."""

from __future__ import annotations

import asyncio

from .terminal import CONFIG, ConfigFile, configured, console


def sign_in(config: ConfigFile = CONFIG) -> None:
    """Sign the bot in again, after its session was ended (somebody signed it out, or the password changed).

    The record, the people and the bot's identity stay as they are; only the device is new. Messages that were sent while
    it was signed out can't be read by the new device: their senders are asked to send them again. What the old device could
    read stays readable. Every other device of the account is signed out. Stop the bot first.

        consentry sign-in
    """
    from bot.operate.signed_in_device import forget_session

    asyncio.run(forget_session(configured(config)))
    console.print("The old session is forgotten. `consentry run` signs in with the password file and goes on.")
