"""`consentry audit show`: who did what, for people, in plain words (R27)."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from bot.domain import image as law
from bot.domain.use import RelatednessAttested, Released, UseEvent, audited_as
from bot.domain.use_rules import Relatedness
from bot.operate.audit.story import Story, story_of
from bot.words.audit_lines import FAMILIES, SENTENCES, told
from tests.cases import Shared, shared_practice
from tests.refusals import refused

ROOT = Path(__file__).parents[2]


async def story(shared: Shared, named: str) -> Story:
    return await story_of(shared.practice, named)  # type: ignore[arg-type]  # it has what a story needs


async def test_the_story_of_an_image_is_told_in_order_by_name_and_without_codes(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ref = shared.image.ref
        await shared.lee.writes(f"!show {ref}")
        await shared.lee.writes(f"!note {ref} eczema")
        found = await story(shared, ref.lower())
        said = [f"{line.who} {line.what}" for line in found.lines]
        wanted = [
            f"Sam Patel (patient) sent the photo {ref}",
            "The assistant fetched it and sealed it",
            "Sam Patel (patient) agreed by sending it, for care",
            "The assistant filed it in the record",
            "The assistant read it back from the record",
            "Dr Lee (clinician) asked to see it",
            "Dr Lee (clinician) wrote something for the record: note",
        ]
        assert [line for line in said if line in wanted] == wanted
        for line in said:
            assert not re.search(r"[{}\[\]]|id0000|\bNone\b|image\.|document\.", line), line


async def test_a_patient_and_a_person_are_told_too(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        of_patient = await story(shared, "10421")
        assert of_patient.title == "Sam Patel, MRN 10421"
        assert {line.concerns for line in of_patient.lines} == {"", shared.image.ref}
        assert any("enrolled the patient" in line.what for line in of_patient.lines)
        of_kim = await story(shared, "@kim:hs.test")
        assert of_kim.title.startswith("Kim,")
        assert any(line.who.startswith("Kim") and "made an invitation" in line.what for line in of_kim.lines)
        with refused("knows no image, record number or account"):
            await story(shared, "nobody")


def actions() -> set[str]:
    """Every action the program writes into the log, as its source says; of one put together, what stands before."""
    found = set()
    for folder in ("bot", "handlers"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "audit":
                    for part in ast.walk(node.args[1]) if len(node.args) > 1 else ():
                        if isinstance(part, ast.Constant) and isinstance(part.value, str):
                            found.add(part.value)
    return found


def test_what_the_program_writes_about_images_and_consent_has_a_sentence() -> None:
    ours = (
        "image",
        "images",
        "consent",
        "use",
        "document",
        "copy",
        "breach",
        "destruction",
        "legal-hold",
        "patient",
        "person",
    )
    wanted = {one for one in actions() if one.partition(".")[0] in ours and "." in one and not one.endswith(".")}
    assert len(wanted) > 30
    assert wanted - set(SENTENCES) - {one for one in wanted if one.startswith(tuple(FAMILIES))} == set()
    kinds: tuple[type, ...] = law.Event.__args__
    in_words_of_their_own: tuple[type, ...] = law.Noted.__args__
    assert {f"image.{kind.__name__}" for kind in set(kinds) - set(in_words_of_their_own)} <= set(SENTENCES)


def test_an_entry_whose_details_were_destroyed_is_told_without_them() -> None:
    assert told("consent.implied", {}) == "agreed by sending it"
    assert told("legal-hold.placed", {}) == "placed a legal hold"
    assert told("image.required-by-law", {}) == "recorded that the law requires it to be handed over"
    assert told("use.Granted", {}) == "changed a use of it to: Granted"
    assert told("something.else-new", {}) == "recorded “something.else new”"


def test_what_happens_to_a_use_keeps_its_name_in_the_log() -> None:
    """Logs that were written already hold these names: a class may be called something else, its entries may not."""
    attested: UseEvent = RelatednessAttested(Relatedness.RELATED)
    assert (audited_as(attested), audited_as(Released())) == ("Attested", "Released")
    kinds: tuple[type, ...] = UseEvent.__args__
    # Who notes these writes an entry of its own.
    noted = {"SaidNo", "GoesOn", "DoubtRaised", "DoubtSettled", "CaseHandedOver", "ImagesDestroyed"}
    noted |= {"DetailsSaid", "RecipientsNamed"}  # a draft is not noted before it is asked
    assert {kind.__name__ for kind in kinds} - noted == {
        "RelatednessAttested",
        "ReasonChanged",
        "Permitted",
        "ConsentAsked",
        "ConsentGiven",
        "ConsentRefused",
        "RuledOut",
        "Expired",
        "Released",
        "Summarised",
        "Closed",
        "Withdrawn",
        "Recalled",
    }
