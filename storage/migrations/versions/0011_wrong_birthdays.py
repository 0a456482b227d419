"""An invitation counts the wrong dates of birth that were written for it. None was asked for before."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Integer

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("invitations", Column("wrong_birthdays", Integer, nullable=False, server_default="0"))
