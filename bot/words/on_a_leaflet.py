"""What is printed on the leaflet that a patient takes home. It may lie on a table: it names nobody, and nothing about health."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.people import Relation


@dataclass(frozen=True, slots=True)
class Leaflet:
    """The words of one leaflet; `mark` tells the desk two of them apart."""

    practice: str
    title: str
    steps: Sequence[str]
    once: str
    emergency: str
    questions: str
    mark: str


def leaflet(
    practice: str, relation: Relation, expires: str, emergency: str, phone: str | None, selector: str
) -> Leaflet:
    born = "your date of birth" if relation is Relation.SELF else "the patient's date of birth"
    return Leaflet(
        practice,
        "Send us a photo, safely",
        (
            "Open your phone's camera and point it at the square. Tap the link that shows. There is nothing to install.",
            f"Type {born}.",
            "Choose a photo, write a few words about it, and send. We answer on the same page: keep it open, or come back to it by the same square, on the same phone.",
        ),
        f"This leaflet works once, for one person, until {expires}. Please show it to nobody else.",
        emergency,
        f"Questions? Ring {phone}." if phone else "Questions? Please ask the practice.",
        f"Leaflet {selector}",
    )


def handed_to(selector: str, who: str) -> str:
    return f"Leaflet {selector} is for {who} It works once: hand it to nobody else, and keep no copy of the file."
