"""What is left to do after `consentry init`: every step, in order, each command as it can be copied."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

from bot.config import Config, server_of


def next_steps(config: Path, made: Config) -> str:
    """Return the steps from a new configuration to a bot that people can be enrolled with."""
    begin = f"cd {shlex.quote(str(config.absolute().parent))} && {_program()}"
    file = "" if config.name == "config.toml" else f" --config {shlex.quote(config.name)}"

    def command(words: str) -> str:
        return f"      {begin} {words}{file}"

    bot, managers = made.homeserver.user, made.managers.accounts
    steps = []
    if made.homeserver.embedded:
        people = [
            account for account in dict.fromkeys((*managers, made.duty.person)) if server_of(account) == server_of(bot)
        ]
        accounts = [command(f"homeserver --account {account[1:].partition(':')[0]}") for account in people]
        steps += [
            [
                "Start the homeserver and its purger, in a terminal of their own, and leave them running:",
                command("homeserver"),
            ],
            ["In another terminal, make an account for each of these people; each asks for a password:", *accounts],
        ]
    steps += [
        [
            "Make a one-time code for each first manager:",
            command("managers"),
            "    or, for a manager who is a doctor too:",
            command(f"managers --also-clinician {managers[0]}"),
        ],
        ["Start the bot, and leave it running:", command("run")],
        ["Have everything checked, in another terminal:", command("doctor")],
        [
            f"In a chat app, sign in on the server {made.homeserver.url} as {managers[0]}.",
            "    Set up the app's own encryption (in Element: Settings, Encryption, Set up recovery).",
            "    Start a chat with the bot, and write the code to it:",
            f"      {bot}",
        ],
        ["In the chat that the bot opens then, enrol everybody else. It explains how:", "      !help", "      !enrol"],
        ["Once all of it works, before the first patient: back up, and start it as services (README, 4 and 5)."],
    ]
    return "Next, in this order:\n" + "\n".join(
        f"{number:2}. " + "\n".join(lines) for number, lines in enumerate(steps, 1)
    )


def _program() -> str:
    """Return how this program is started from anywhere."""
    here = Path(sys.argv[0]).absolute()
    if here.name == "consentry" and shutil.which("consentry") != str(here):
        return shlex.quote(str(here))
    return "consentry" if shutil.which("consentry") else f"{shlex.quote(sys.executable)} -m bot"
