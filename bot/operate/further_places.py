"""Every kind of destination, and what speaks to it."""

from __future__ import annotations

from bot.config import Config
from bot.config.destination_kinds import ConfiguredDestination
from bot.config.folder_table import FolderTable
from bot.ports import CopyPlace, FurtherCopy
from storage.records.shared_folder import SharedFolder
from storage.sql.database import Database


def further_places(config: Config, database: Database) -> tuple[CopyPlace, ...]:
    """Return the places that the practice configured, in its order; `database` is where a kind keeps notes of its own."""
    return tuple(CopyPlace(to.destination, _speaking_to(to, config, database)) for to in config.destinations)


def _speaking_to(to: ConfiguredDestination, config: Config, database: Database) -> FurtherCopy:
    match to:
        case FolderTable():
            return SharedFolder(to.directory)
