"""`consentry recover`: the keys, put back from the recovery key on paper."""

from __future__ import annotations

import typer

from .terminal import CONFIG, ConfigFile, configured, console


def recover(config: ConfigFile = CONFIG) -> None:
    """Put the keys back from the recovery key, when the keys directory was lost.

    Asks for the recovery key at a prompt; it is never an option, where other users of this machine could read it. Keys
    that are there are never replaced.

        consentry recover
    """
    from ..setup import recover_keys

    settings = configured(config)
    recover_keys(settings, typer.prompt("Recovery key", hide_input=True))
    console.print("The keys are back. `consentry doctor` checks that they open the record.")
