"""`consentry init`: set up a practice by answering questions, or by options from a script."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter, ValidationError
from rich.panel import Panel
from rich.text import Text

from bot.config import Account, Url, Words, Zone, server_of
from bot.domain import identifiers

from .next_steps import next_steps
from .terminal import CONFIG, ConfigFile, account_on, console

GROUPS = 5  # of the recovery key, in a row
FOR_EVER = (
    "What stands after the colon of an account is your server's name. It is in every account that is ever made, and can never be "
    "changed: choose a name of your own that you keep, such as chat.example.org. localhost is for trying things out."
)


def init(
    config: ConfigFile = CONFIG,
    name: Annotated[str | None, typer.Option(help="Name of the practice.")] = None,
    timezone: Annotated[str | None, typer.Option(help="IANA time zone, such as Australia/Sydney.")] = None,
    embedded: Annotated[
        bool | None,
        typer.Option("--embedded/--elsewhere", help="Run the homeserver here, or use one that runs elsewhere."),
    ] = None,
    url: Annotated[str | None, typer.Option(help="Address of the homeserver.")] = None,
    user: Annotated[str | None, typer.Option(help="The bot's account, such as @consentry:localhost.")] = None,
    password_file: Annotated[
        Path | None, typer.Option(help="File with the password of the bot's account; without it, a prompt asks.")
    ] = None,
    manager: Annotated[
        list[str] | None, typer.Option(help="Account of a first manager, such as lee; may be repeated.")
    ] = None,
    duty: Annotated[str | None, typer.Option(help="Account of who is told when an image stays unread.")] = None,
    data: Annotated[str, typer.Option(help="Directory for the encrypted record.")] = "data",
    keys: Annotated[str, typer.Option(help="Directory for the keys, apart from the data.")] = "keys",
) -> None:
    """Set up a practice: write the configuration, make the keys, show the recovery key once.

    Asks for what the options leave open, each question with a default. Nothing that exists is ever replaced.
    Passwords are never options: they come from a file or a prompt.

    Guided:

        consentry init

    From a script, with everything on this machine:

        consentry init --name "Harbour Street" --timezone Australia/Sydney --embedded \\
            --url http://127.0.0.1:8008 --user @consentry:localhost --manager lee --duty lee
    """
    from bot.domain.errors import Permanent
    from bot.operate.setup import Answers, write_practice

    if config.exists():
        raise Permanent("config-exists", f"{config} is there already and is never replaced; move it away to begin anew")
    practice = name or _ask("Name of the practice", "Our practice", Words)
    zone = timezone or _ask("Time zone", _local_zone(), Zone)
    here = embedded if embedded is not None else typer.confirm("Run the homeserver on this machine?", default=True)
    address = url or _ask(
        "Address of the homeserver, as people's apps reach it", "http://127.0.0.1:8008" if here else None, Url
    )
    if here and user is None:
        console.print(Text(FOR_EVER), soft_wrap=True)
    account = identifiers.Account(user or _ask("The bot's account", "@consentry:localhost" if here else None, Account))
    server = server_of(account)
    named = manager or [_ask("Account of the first manager, such as lee", "lee" if here else None, Account, server)]
    managers = [identifiers.Account(account_on(server, typed)) for typed in named]
    asked_duty = duty or _ask("Account of who is told when an image stays unread", managers[0], Account, server)
    on_duty = identifiers.Account(account_on(server, asked_duty))
    password = None
    if password_file is None and not here:
        password = typer.prompt(f"Password of {account}", hide_input=True)
    answers = Answers(
        practice=practice,
        timezone=zone,
        user=account,
        url=address,
        embedded=here,
        managers=managers,
        duty=on_duty,
        data=data,
        keys=keys,
        password_file=str(password_file.absolute()) if password_file else f"{keys}/homeserver-password",
    )
    made, recovery_key = write_practice(config, answers, password)
    _show(recovery_key)
    console.print(
        Text(f"Written: {config}, directories for data and keys, {made.homeserver.password_file}"), soft_wrap=True
    )
    console.print(Text(next_steps(config, made)), soft_wrap=True)


def _ask(question: str, default: str | None, kind: Any, server: str | None = None) -> str:
    """Ask until the answer is of this kind; where there is a server, `lee` is an account on it."""
    adapter: TypeAdapter[str] = TypeAdapter(kind)

    def accepted(answer: str) -> str:
        try:
            return adapter.validate_python(account_on(server, answer) if server else answer)
        except ValidationError as error:
            sentence = error.errors(include_input=False)[0]["msg"].removeprefix("Value error, ")
            raise typer.BadParameter(f"it {sentence}") from None

    check: Callable[[str], str] = accepted
    answer: str = typer.prompt(question, default=default, value_proc=check)
    return answer


def _local_zone() -> str:
    try:
        target = str(Path("/etc/localtime").resolve())
    except OSError:
        target = ""
    zone = target.partition("zoneinfo/")[2]
    return zone if "/" in zone and not zone.startswith("Etc/") else "Australia/Sydney"


def _show(recovery_key: str) -> None:
    name, *groups = recovery_key.split()
    rows = [name, *(" ".join(groups[start : start + GROUPS]) for start in range(0, len(groups), GROUPS))]
    words = Text.assemble(
        ("\n".join(rows), "bold"),
        "\n\nWrite this on paper, now, group by group, and keep the paper away from this machine. Capitals and small letters "
        "are the same. After consentry1 there is no b, i or o and no 1: l is always a letter, 0 always a zero. It is shown "
        "this once and stored nowhere. With it and a copy of the data directory everything can be read; without it, if the "
        "keys directory is lost, nothing ever can. `consentry keys restore` asks for it.",
    )
    console.print(
        Panel(words, title="Recovery key", border_style="yellow", padding=(1, 2), width=min(console.width, 88))
    )
