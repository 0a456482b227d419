"""The configuration is strict, explains itself, and never repeats what was written in it."""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, get_args

import pytest
from pydantic import BaseModel, Field, ValidationError

from bot.config import Config, ConfigInvalid, load, parse
from bot.config.destination_kinds import TABLES
from bot.config.destination_table import DestinationTable
from bot.config.dicomweb_table import DicomwebTable
from bot.config.fhir_table import FhirTable
from bot.config.policy_of import policy_of
from bot.config.report import explain, line_of
from bot.config.strict_table import StrictTable
from bot.domain.assurance import CopyForm, Level
from bot.domain.purposes import Purpose

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"

SMALLEST = """
[practice]
name = "Practice"
timezone = "Australia/Sydney"
[duty]
person = "@lee:localhost"
[managers]
accounts = ["@lee:localhost"]
[homeserver]
url = "http://localhost:8008"
user = "@bot:localhost"
password_file = "keys/password"
allowed = ["localhost"]
[data]
directory = "data"
keys_directory = "keys"
"""


def reported(text: str) -> list[tuple[str, int | None, str]]:
    with pytest.raises(ConfigInvalid) as caught:
        parse(text, Path("/srv/config.toml"))
    return [(p.key, p.line, p.sentence) for p in caught.value.problems]


def keys_of(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def kinds_and_tables() -> list[tuple[str, type[DestinationTable]]]:
    return [(kind, table) for table in TABLES for kind in get_args(table.model_fields["kind"].annotation)]


def test_the_example_is_valid_as_it_stands() -> None:
    assert load(EXAMPLE).practice.name == "Harbour Street Medical Practice"


def test_the_example_shows_every_key_under_a_comment_of_its_own() -> None:
    text = EXAMPLE.read_text()
    for table, field in Config.model_fields.items():
        if table == "destinations":  # all of it is a comment: nothing leaves unless somebody decides so
            blocks = text.split("# [[destinations]]\n")[1:]
            shown = {kind: block for block in blocks for kind in re.findall(r'^# kind = "(.+)"$', block, re.MULTILINE)}
            for kind, of_kind in kinds_and_tables():
                for key in keys_of(of_kind):
                    places = [shown[kind], blocks[0]] if key in keys_of(DestinationTable) else [shown[kind]]
                    assert any(re.search(rf"^# # .*\n# (# )?{key} = ", place, re.MULTILINE) for place in places), (
                        kind,
                        key,
                    )
            continue
        assert isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
        for key in keys_of(field.annotation):
            pattern = rf"^#.*\n\[\[{table}\.{key}\]\]" if key == "hours" else rf"^#.*\n{key} = "
            assert re.search(pattern, text.split(f"[{table}]\n", 1)[1], re.MULTILINE), f"{table}.{key}"


def test_what_the_example_calls_a_default_is_the_default() -> None:
    example, smallest = load(EXAMPLE), parse(SMALLEST, EXAMPLE)
    assert (example.purge, example.reminders) == (smallest.purge, smallest.reminders)
    assert (example.questions, example.images) == (smallest.questions, smallest.images)
    assert example.policy == smallest.policy.model_copy(update={"never": example.policy.never})
    assert example.practice.emergency_text == smallest.practice.emergency_text
    assert smallest.homeserver.embedded is False
    assert smallest.homeserver.redaction_retention == timedelta(days=7)
    assert smallest.purger.socket is None


def test_the_practice_adds_alarm_words_of_its_own() -> None:
    text = SMALLEST.replace('"Practice"', '"Practice"\nalarm_words = ["pump alarm"]')
    assert policy_of(parse(text, EXAMPLE)).alarm_words == ("pump alarm",)
    assert policy_of(parse(SMALLEST, EXAMPLE)).alarm_words == load(EXAMPLE).practice.alarm_words == ()


def test_every_mistake_is_told_at_once_with_its_key_and_line() -> None:
    text = (
        SMALLEST.replace('"Practice"', "5").replace('"@lee:localhost"', '"lee"')
        + '[purge]\nrendition = "15"\n[extra]\n'
    )
    assert [(key, line) for key, line, _ in reported(text)] == [
        ("practice.name", 3),
        ("duty.person", 6),
        ("managers.accounts.0", 8),
        ("purge.rendition", 18),
        ("extra", 19),
    ]


def test_the_report_names_the_file_and_the_line_the_way_editors_understand() -> None:
    with pytest.raises(ConfigInvalid, match=r"^/srv/config\.toml:4: practice\.timezone must be an IANA time zone"):
        parse(SMALLEST.replace("Australia/Sydney", "Sydney"), Path("/srv/config.toml"))


def test_a_misspelt_key_is_answered_with_the_right_one() -> None:
    assert ("homeserver.password_fle", 12, "is not a key here: did you mean password_file?") in reported(
        SMALLEST.replace("password_file", "password_fle")
    )


def test_a_password_pasted_into_the_file_is_not_repeated() -> None:
    text = SMALLEST.replace("[data]", 'password = "hunter2"\nembedded = "hunter2"\n[data]')
    assert "hunter2" not in str(reported(text))


def test_broken_toml_is_one_problem_with_its_line() -> None:
    assert reported("[practice]\nname = \n") == [("", 2, "is not valid TOML here: invalid value")]


def test_a_missing_file_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigInvalid, match="consentry init"):
        load(tmp_path / "config.toml")


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('keys_directory = "keys"', 'keys_directory = "data/keys"', "data.keys_directory"),
        ('directory = "data"\nkeys', 'directory = "keys/data"\nkeys', "data.keys_directory"),
        ('keys_directory = "keys"', 'keys_directory = "./data"', "data.keys_directory"),
        ('"keys/password"', '"data/password"', "homeserver.password_file"),
        ('person = "@lee:localhost"', 'person = "@lee:elsewhere.org"', "duty.person"),
        ('accounts = ["@lee:localhost"]', 'accounts = ["@lee:elsewhere.org"]', "managers.accounts"),
        ('user = "@bot:localhost"', 'user = "@bot:example.org"', "homeserver.user"),
        ("http://localhost:8008", "http://example.org", "homeserver.url"),
        ("http://localhost:8008", "https://user:pass@example.org", "homeserver.url"),
        ("[data]", '[reminders]\nunread_first = "2h"\n[data]', "reminders.unread_duty"),
        ("[data]", '[questions]\nreason = "0m"\n[data]', "questions.reason"),
        ("[data]", "[images]\nmax_megabytes = true\n[data]", "images.max_megabytes"),
        ("[data]", '[page]\nurl = "https://photos.example"\n[data]', "page.url"),
        ("[data]", 'embedded = true\n[page]\nurl = "https://photos.example"\n[data]', "page.url"),
        ("[data]", "[images]\nmax_megabytes = 0\n[data]", "images.max_megabytes"),
        (
            "[duty]",
            '[[practice.hours]]\ndays=["mon"]\nfrom="18:00"\nuntil="08:00"\n[duty]',
            "practice.hours.0.until",
        ),
        ("[duty]", '[[practice.hours]]\ndays=["mo"]\nfrom="08:00"\nuntil="18:00"\n[duty]', "practice.hours.0.days.0"),
    ],
)
def test_what_cannot_be_right_is_refused(old: str, new: str, key: str) -> None:
    assert old in SMALLEST
    assert [k for k, line, _ in reported(SMALLEST.replace(old, new)) if line] == [key]


def test_relative_paths_start_at_the_file_not_at_the_working_directory() -> None:
    config = parse(SMALLEST, Path("/srv/practice/config.toml"))
    assert config.data.directory == Path("/srv/practice/data")
    assert config.homeserver.password_file == Path("/srv/practice/keys/password")


def test_loading_touches_nothing(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(SMALLEST)
    load(tmp_path / "config.toml")
    assert [p.name for p in tmp_path.iterdir()] == ["config.toml"]


def test_what_was_loaded_cannot_be_changed() -> None:
    config = parse(SMALLEST, Path("config.toml"))
    with pytest.raises(ValueError, match="frozen"):
        config.purge.rendition = timedelta(days=9)


def test_lines_are_found_through_lists_strings_and_comments_of_many_lines() -> None:
    text = 'a = """\n[b]\nc = 1\n"""\n\n# [b]\n[b]  # here\nlist = [\n  1,\n  2,\n]\n[[t]]\nx = 1\n[[t]]\nx = 2\n'
    assert line_of(text, ("b",)) == 7
    assert line_of(text, ("b", "list", 1)) == 8
    assert line_of(text, ("t", 1, "x")) == 15
    assert line_of(text, ("b", "absent")) is None
    assert reported((SMALLEST + "x = 1\n").replace("\n", "\r\n"))[0][:2] == ("data.x", 17)


def test_the_practices_policy_reaches_the_decisions(tmp_path: Path) -> None:
    """R22."""
    policy = policy_of(parse(EXAMPLE.read_text().replace('directory = "wording"', ""), tmp_path / "config.toml"))
    assert policy.uses.never == {Purpose.SOCIAL_MEDIA}
    assert (policy.consent_deadline.days, policy.keep_shared.days, policy.keep_transcripts) == (7, 30, False)


def test_care_cannot_be_ruled_out(tmp_path: Path) -> None:
    with pytest.raises(ConfigInvalid, match="care can't be ruled out"):
        parse(EXAMPLE.read_text().replace('never = ["social-media"]', 'never = ["care"]'), tmp_path / "config.toml")


def shown_destination() -> str:
    """The commented block of the example, as somebody would take its `#` away."""
    return of_block(EXAMPLE.read_text().split("# [[destinations]]\n")[1])


def of_block(block: str) -> str:
    return "[[destinations]]\n" + "\n".join(re.findall(r"^# (\w+ = .*)$", block, re.MULTILINE)) + "\n"


def test_the_destination_that_the_example_shows_is_valid_and_shows_the_defaults() -> None:
    (shown,) = parse(SMALLEST + shown_destination(), EXAMPLE).destinations
    bare = '[[destinations]]\nname = "Practice software"\nkind = "folder"\ndirectory = "/mnt/import/consentry"\n'
    (plain,) = parse(SMALLEST + bare, EXAMPLE).destinations
    assert shown.destination == plain.destination
    assert (plain.destination.wait, plain.destination.form, plain.destination.staff_only) == (
        None,
        CopyForm.CLEAN,
        False,
    )
    assert not plain.destination.sealed


@pytest.mark.parametrize(
    ("instead", "key", "sentence"),
    [
        (
            'wait = "verified"',
            "destinations.0.wait",
            'must be "taken", or "nothing": a place of kind "folder" can\'t show more',
        ),
        ('wait = "accepted"', "destinations.0.wait", 'must be "taken", or "nothing"'),
        ('wait = "gone"', "destinations.0.wait", "must be 'verified', 'accepted', 'taken' or 'nothing'"),
        ('kind = "fax"', "destinations.0.kind", "must be 'folder'"),
        ('name = "second copy"', "destinations.0.name", "must be another name than that of every other destination"),
        ('directory = "/srv/data/out"', "destinations.0.directory", "must lie apart from the data, the keys"),
        ('directory = "/srv"', "destinations.0.directory", "must lie apart from the data, the keys"),
        ('send = "smaller"', "destinations.0.send", "must be 'original', 'clean' or 'summary-pdf'"),
    ],
)
def test_R35_a_destination_that_can_not_show_what_is_waited_for_or_lies_wrong_is_refused(
    instead: str, key: str, sentence: str
) -> None:
    name = instead.partition(" = ")[0]
    text = re.sub(rf"^{name} = .*$", instead, shown_destination(), flags=re.MULTILINE)
    (problem,) = reported(SMALLEST + text)
    assert problem[0] == key and problem[2].startswith(sentence)


def test_two_destinations_have_two_names_and_two_places_and_may_wait_for_what_they_can_show() -> None:
    first = shown_destination()
    found = {key for key, _, _ in reported(SMALLEST + first + first.replace("software", "SOFTWARE"))}
    assert found == {"destinations.1.name", "destinations.1.directory"}
    (waits,) = parse(SMALLEST + first.replace('"nothing"', '"taken"'), EXAMPLE).destinations
    assert waits.destination.wait is Level.TAKEN


def test_a_folder_of_messages_can_show_that_they_were_accepted_only_where_it_has_acknowledgements() -> None:
    block = of_block(EXAMPLE.read_text().partition('# kind = "hl7-folder"')[2])
    with_them = block.replace("[[destinations]]\n", '[[destinations]]\nname = "BP"\nkind = "hl7-folder"\n')
    without = re.sub(r"^acknowledgements = .*\n", "", with_them, flags=re.MULTILINE)
    for waits in ("accepted", "taken", "nothing"):
        (to,) = parse(SMALLEST + with_them + f'wait = "{waits}"\n', EXAMPLE).destinations
        assert to.destination.form is CopyForm.SUMMARY
    (problem,) = reported(SMALLEST + without + 'wait = "accepted"\n')
    assert problem[0] == "destinations.0.wait" and problem[2].startswith('must be "taken", or "nothing"')
    assert policy_of(parse(SMALLEST + without, EXAMPLE)).names_apart == ("BP",)


class OneKind(StrictTable):
    kind: Literal["one"]
    key_file: str


class OtherKind(StrictTable):
    kind: Literal["other"]
    address: str


class OfKinds(StrictTable):
    places: Annotated[tuple[Annotated[OneKind | OtherKind, Field(discriminator="kind")], ...], Field(strict=False)]


@pytest.mark.parametrize(
    ("table", "key", "line", "sentence"),
    [
        (
            'kind = "other"\naddres = "x"\naddress = "y"',
            "places.0.addres",
            3,
            "is not a key here: did you mean address?",
        ),
        ('kind = "one"\naddress = "y"\nkey_file = "x"', "places.0.address", 3, "is not a key here: remove it"),
        ('kind = "one"', "places.0.key_file", 1, "is missing: add it; config.example.toml explains it"),
        ('kind = "hunter2"', "places.0.kind", 2, "must be 'one' or 'other'"),
        ('key_file = "x"', "places.0.kind", 1, "is missing: add it; config.example.toml explains it"),
        ('kind = "one"\nkey_file = 5', "places.0.key_file", 3, "must be text in quotes"),
    ],
)
def test_a_mistake_in_a_table_of_one_kind_is_told_as_any_other(table: str, key: str, line: int, sentence: str) -> None:
    text = f"[[places]]\n{table}\n"
    with pytest.raises(ValidationError) as caught:
        OfKinds.model_validate(tomllib.loads(text))
    (problem,) = explain(caught.value, OfKinds, text)
    assert (problem.key, problem.line, problem.sentence) == (key, line, sentence)


FHIR = next(block for block in EXAMPLE.read_text().split("# [[destinations]]\n") if '# kind = "fhir"' in block)


def test_the_fhir_server_that_the_example_shows_is_valid_and_waits_until_it_was_read_back() -> None:
    """R35."""
    (shown,) = parse(SMALLEST + of_block(FHIR), EXAMPLE).destinations
    assert isinstance(shown, FhirTable) and shown.scopes == FhirTable.model_fields["scopes"].default
    assert (shown.destination.wait, shown.destination.form) == (Level.VERIFIED, CopyForm.ORIGINAL)
    assert shown.secrets == {"key_file": EXAMPLE.parent / "keys/fhir.pem"}


@pytest.mark.parametrize(
    ("old", "new", "key", "sentence"),
    [
        ('key_file = "keys/fhir.pem"', "", "destinations.0", "must have either token_file, or client_id and key_file"),
        ('client_id = "consentry"', 'token_file = "x"', "destinations.0", "must have either token_file, or client_id"),
        ("keys/fhir.pem", "data/fhir.pem", "destinations.0.key_file", "must lie outside data.directory"),
        ("https://fhir.", "http://fhir.", "destinations.0.url", "must begin with https://"),
        ('key_id = "consentry-2026"', 'wait = "taken"', "destinations.0.wait", 'must be "verified", or "nothing"'),
        ('key_id = "consentry-2026"', 'directory = "x"', "destinations.0.directory", "is not a key here: remove it"),
    ],
)
def test_a_fhir_server_is_known_by_one_kind_of_secret_that_lies_apart(
    old: str, new: str, key: str, sentence: str
) -> None:
    text = of_block(FHIR)
    assert old in text
    (problem,) = reported(SMALLEST + text.replace(old, new))
    assert problem[0] == key and problem[2].startswith(sentence)


ARCHIVE = next(block for block in EXAMPLE.read_text().split("# [[destinations]]\n") if '# kind = "dicomweb"' in block)


def test_the_archive_that_the_example_shows_is_valid_and_removes_and_adds_nothing() -> None:
    """R35."""
    (shown,) = parse(SMALLEST + of_block(ARCHIVE), EXAMPLE).destinations
    assert isinstance(shown, DicomwebTable) and (shown.removal, shown.new_patients) == ("none", "hold")
    assert (shown.destination.wait, shown.destination.form) == (Level.VERIFIED, CopyForm.ORIGINAL)
    assert shown.destination.is_archive and not shown.names_apart
    assert shown.secrets == {"password_file": EXAMPLE.parent / "keys/archive-password"}


def test_where_patients_are_added_to_an_archive_people_are_asked_for_family_and_given_names() -> None:
    adding = parse(SMALLEST + of_block(ARCHIVE).replace('"hold"', '"add"'), EXAMPLE)
    assert policy_of(adding).names_apart == ("Harbour Street archive",)


@pytest.mark.parametrize(
    ("old", "new", "key", "sentence"),
    [
        ('user = "consentry"', "", "destinations.0", "needs user and password_file together, or neither"),
        ('user = "consentry"', 'user = "x"\ntoken_file = "x"', "destinations.0", "takes password_file or token_file"),
        ("keys/archive", "data/archive", "destinations.0.password_file", "must lie outside data.directory"),
        ("https://pacs.", "http://pacs.", "destinations.0.url", "must begin with https://"),
        ('removal = "none"', 'wait = "accepted"', "destinations.0.wait", 'must be "verified", or "nothing"'),
        ('removal = "none"', 'removal = "shred"', "destinations.0.removal", "must be 'none', 'delete' or 'orthanc'"),
        (
            'removal = "none"',
            'send = "rendition"',
            "destinations.0.send",
            "must be 'original', 'clean' or 'summary-pdf'",
        ),
    ],
)
def test_an_archive_knows_the_bot_in_one_way_and_is_asked_for_nothing_it_can_not(
    old: str, new: str, key: str, sentence: str
) -> None:
    text = of_block(ARCHIVE)
    assert old in text
    (problem,) = reported(SMALLEST + text.replace(old, new))
    assert problem[0] == key and problem[2].startswith(sentence)
