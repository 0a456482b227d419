"""A map by kind knows every kind: all maps of the program are looked at, and each that leaves some out says which, and why."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import replace
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import get_args

import bot
import handlers
import storage
from bot.config import load
from bot.core.effects import EFFECTS
from bot.domain.choices import TapAbout
from bot.domain.conversation import About
from bot.domain.entries import EntryKind
from bot.domain.formats import MediaType
from bot.domain.image import State
from bot.domain.intents import KINDS, Intent, Remind
from bot.domain.invitation_codes import Tried
from bot.domain.invitations import InvitationState
from bot.domain.people import Relation, Role
from bot.domain.policy import MEGABYTE
from bot.domain.purposes import Purpose
from bot.domain.reminders import Reminder
from bot.domain.screening import Also, Hint
from bot.domain.statement import Missing
from bot.domain.verification import Stage
from bot.heard.leaning import Lean
from bot.heard.staff import Unclear
from bot.matrix import sas
from bot.words import to_the_team
from handlers import HOUSE
from storage.records.folder import SUFFIXES
from tests.practice import JPEG, POLICY, staffed_practice

# What is left out on purpose. Whoever adds a kind has to decide anew: a kind that stands in neither fails the test.
_WITHOUT_A_CODE = frozenset(EntryKind) - {EntryKind.IMAGE, EntryKind.CONSENT}  # LOINC's code for a note says it
LEFT_OUT: Mapping[str, frozenset[Hashable]] = {
    "bot.heard.use_named._NAMES": frozenset({Purpose.CARE, Purpose.OTHER}),  # no words name them
    "bot.core.dispatch.unclear._SAYING": frozenset(
        {Unclear.MISSAID, Unclear.OTHERWISE}
    ),  # they have their own sentences
    "bot.heard.patient.written._ANSWERS": frozenset(
        {Lean.BOTH, Lean.UNSURE, Lean.NEITHER}
    ),  # no answer: a puzzle, or other words
    "bot.words.about_access.CAPACITY": frozenset({Relation.SELF}),  # nobody is “the self of” a patient: said otherwise
    "bot.core.effects.emoji_check._TOLD": frozenset({Stage.ASKED, Stage.CONFIRMED}),  # nobody hears of these
    "bot.words.about_statements._STILL": frozenset({Missing.PURPOSE, Missing.ATTESTATION}),  # what the tap itself gives
    "bot.words.about_pictures.TIPS": frozenset({Hint.SECONDARY}),  # for clinicians: no advice on taking the next photo
    "bot.words.about_pictures.NOT_SHOWN": frozenset(Also)
    - {Also.ATTACHMENTS, Also.MEDIA, Also.HIDDEN},  # the rest is seen on the page, or nobody would look for it
    "bot.imaging.read._READERS": frozenset({MediaType.DICOM, MediaType.PDF}),  # no pictures
    "bot.matrix.verifications._STAGES": frozenset(sas.SasState)
    - {sas.SasState.SHOWN, sas.SasState.CONFIRMED, sas.SasState.VERIFIED, sas.SasState.ENDED},  # before: asked
    "handlers.people.admit.ROLES": frozenset(Role) - {Role.MANAGER},
    "handlers.photos.around.OPEN_ABOUT": frozenset({About.STATEMENT, About.DELETED}),  # asked of colleagues
    "handlers.people.redeem_code._ANSWERS": frozenset({Tried.WRONG, Tried.NOW_LOCKED, Tried.RIGHT}),
    "handlers.people.redeem_code._OVER": frozenset(InvitationState)
    - {InvitationState.LOCKED, InvitationState.EXPIRED},  # the bot left the lobby, or waits for an answer there
    "storage.records.fhir.fhir_resources._TYPES": _WITHOUT_A_CODE,
    "storage.records.fhir.fhir_resources._REASONS": frozenset(
        {Purpose.PUBLICATION, Purpose.SOCIAL_MEDIA, Purpose.OTHER}
    ),  # HL7 has no code for these: the words stand alone
    "storage.records.hl7_message._CODES": _WITHOUT_A_CODE,
}


def modules() -> Iterator[ModuleType]:
    for root in (bot, handlers, storage):
        for module in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
            if not (module.name.endswith("__main__") or ".migrations." in module.name):
                yield importlib.import_module(module.name)


def maps_by_kind() -> Iterator[tuple[str, Mapping[Enum, object], type[Enum]]]:
    """Every map of the program whose keys are members of one enumeration."""
    seen = set()
    for module in modules():
        for name, value in vars(module).items():
            if not (isinstance(value, Mapping) and value) or id(value) in seen:
                continue
            seen.add(id(value))
            kinds = {type(key) for key in value}
            if len(kinds) == 1 and issubclass(kind := kinds.pop(), Enum):
                yield f"{module.__name__}.{name}", value, kind


def test_every_map_by_kind_knows_every_kind_or_says_which_it_leaves_out() -> None:
    found = list(maps_by_kind())
    assert len(found) > 10
    left_out = {name: frozenset(kind) - frozenset(value) for name, value, kind in found}
    assert {name: missing for name, missing in left_out.items() if missing} == LEFT_OUT


# Looked up inside a function, of images that are in reach only.
LEFT_OUT_INSIDE: dict[str, set[Enum]] = {}


def maps_inside_functions() -> Iterator[tuple[str, set[Enum], type[Enum]]]:
    """Every map written where it is looked up, `{Kind.A: …}[kind]`: one kind too few ends in a KeyError."""
    for module in modules():
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if not (isinstance(node, ast.Subscript) and isinstance(node.value, ast.Dict)):
                continue
            keys = [
                key for key in node.value.keys if isinstance(key, ast.Attribute) and isinstance(key.value, ast.Name)
            ]
            kinds = {getattr(module, key.value.id, None) for key in keys if isinstance(key.value, ast.Name)}
            kind = kinds.pop() if len(kinds) == 1 else None
            if isinstance(kind, type) and issubclass(kind, Enum):
                yield f"{module.__name__}.{kind.__name__}", {kind[key.attr] for key in keys}, kind


def test_so_does_every_map_that_is_written_where_it_is_looked_up() -> None:
    found = list(maps_inside_functions())
    assert len(found) > 1
    left_out = {name: set(kind) - known for name, known, kind in found}
    assert {name: missing for name, missing in left_out.items() if missing} == LEFT_OUT_INSIDE


def test_every_kind_of_intent_has_words_an_effect_and_a_place_among_the_kinds() -> None:
    assert set(to_the_team.DOING) == set(KINDS)
    assert set(EFFECTS) | {Remind} == set(Intent.__args__)


def test_every_reminder_and_every_tap_has_a_handler() -> None:
    assert set(HOUSE.deadlines) == set(get_args(Reminder))
    assert set(HOUSE.taps) == set(get_args(TapAbout))


def test_every_kind_of_file_that_is_kept_has_a_suffix() -> None:
    assert set(SUFFIXES) >= set(MediaType)


# ---- one unit


async def test_fifty_megabytes_are_fifty_megabytes_everywhere(tmp_path: Path) -> None:
    assert POLICY.largest_image == 50 * MEGABYTE
    async with staffed_practice(tmp_path, replace(POLICY, largest_image=2 * MEGABYTE)) as people:
        await people.sam.sends_photo(JPEG + bytes(2 * MEGABYTE - len(JPEG)), "rash")
        assert (await people.practice.only_image()).state is State.VERIFIED
        await people.sam.sends_photo(JPEG + bytes(2 * MEGABYTE), "rash")
        assert "larger than 2 MB" in people.sam.last_heard


def test_the_configuration_counts_in_the_same_unit(tmp_path: Path) -> None:
    example = Path(bot.__file__).parents[1] / "config.example.toml"
    assert load(example).images.max_bytes == POLICY.largest_image
