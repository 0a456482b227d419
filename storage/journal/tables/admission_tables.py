"""How people come here: invitations, tokens, wrong guesses, and checks by emoji."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String, Table, text

from bot.domain.invitations import InvitationState, Tell
from bot.domain.people import Relation, Role
from bot.domain.verification import Stage
from bot.domain.wrong_guesses import Guess
from storage.sql.schema import IDS, Day, Instant, Word, metadata

invitations = Table(
    "invitations",
    metadata,
    Column("id", String, primary_key=True),
    Column("selector", String, nullable=False, unique=True),
    Column("salt", String, nullable=False),
    Column("secret_hash", String, nullable=False),
    Column("role", Word(Role), nullable=False),
    Column("name", String, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("invited_by", String, nullable=False),
    Column("patient_id", String, nullable=False),
    Column("relation", Word(Relation)),
    Column("until", Day),
    Column("account", String, nullable=False),
    Column("state", Word(InvitationState), nullable=False),
    Column("wrong_tries", Integer, nullable=False),
    Column("matched_by", String, nullable=False, index=True),
    Column("matched_identity", String, nullable=False),
    Column("matched_room", String, nullable=False),
    Column("since", Day),
    Column("tell", Word(Tell), nullable=False, server_default="not-chosen"),
    Column("asked_of", IDS, nullable=False, server_default="[]"),
    Column("not_now_because", String, nullable=False, server_default=text("''")),
    Column("and_clinician", Boolean, nullable=False, server_default="0"),
    Column("wrong_birthdays", Integer, nullable=False, server_default="0"),
    Column("version", Integer, nullable=False),
)

registration_tokens = Table(
    "registration_tokens",
    metadata,
    Column("token", String, primary_key=True),
    Column("expires_at", Instant, nullable=False),
    Column("invitation_id", String, nullable=False, index=True),  # "" while free
)

wrong_guesses = Table(
    "tries",  # its name from the first version on
    metadata,
    Column("id", String, primary_key=True),
    Column("account", String, nullable=False, index=True),
    Column("guess", Word(Guess), nullable=False),
    Column("at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
)

verifications = Table(
    "verifications",
    metadata,
    Column("id", String, primary_key=True),
    Column("person_id", String, nullable=False, index=True),
    Column("account", String, nullable=False),
    Column("room_id", String, nullable=False),
    Column("transaction", String, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("stage", Word(Stage), nullable=False, index=True),
    Column("device_id", String, nullable=False),
    Column("identity", String, nullable=False),
    Column("emoji", IDS, nullable=False),
    Column("compared_by", String, nullable=False),
    Column("because", String, nullable=False),
    Column("version", Integer, nullable=False),
)
