"""The tables of the journal. Each table mirrors one dataclass of the domain, column for field, so a row is the object.

A `server_default` is what older rows have in a column that a later version added; the program always writes a value.
"""

from __future__ import annotations

from .admission_tables import invitations, registration_tokens, verifications, wrong_guesses
from .audit_tables import audit, audit_details
from .conversation_tables import bursts, choices, questions, rooms
from .image_tables import WAITS, copies, documents, images, screenings
from .people_tables import authorities, patient_spellings, patients, people
from .queue_tables import FAILING, SET_ASIDE, inbox, intents, settings
from .retention_tables import breaches, destructions, legal_holds
from .use_tables import consent_answers, consents, disclosures, lines, unheard_noes, use_images, uses

__all__ = [
    "FAILING",
    "SET_ASIDE",
    "WAITS",
    "audit",
    "audit_details",
    "authorities",
    "breaches",
    "bursts",
    "choices",
    "consent_answers",
    "consents",
    "copies",
    "destructions",
    "disclosures",
    "documents",
    "images",
    "inbox",
    "intents",
    "invitations",
    "legal_holds",
    "lines",
    "patient_spellings",
    "patients",
    "people",
    "questions",
    "registration_tokens",
    "rooms",
    "screenings",
    "settings",
    "unheard_noes",
    "use_images",
    "uses",
    "verifications",
    "wrong_guesses",
]
