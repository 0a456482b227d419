"""The texts a practice may replace, in their built-in wording: what is said, when, and what must not be left out of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from .texts import Placeholder, Text, Texts

FREEDOM = (
    "You are free to say no, and you can change your mind at any time: it makes no difference to {patient}'s care. "
    "No answer means no."
)
NOTHING_ELSE = "and for nothing else"
CAUTION = "A picture can mislead: in colour, size, sharpness and context. It does not replace an examination."
FOR_ADVICE_ONLY = (
    "It is shown to you for this advice only. Please don't save it, pass it on, or use it for anything else."
)
AGREED_ONLY = "The patient agreed to this and to nothing else. Please don't pass it on."
HOW_TO_SEE = "Write “my images” to see what we hold, or “help”."
HOW_TO_PUT_RIGHT = (
    "Something wrong? Write “correct {ref} …” with the right words, “of somebody else” if it shows somebody else, or "
    "“withdraw {ref}”."
)
LOOKED = "“my images” says who looked"
IT_STAYS = f"It stays in the health record, as the law asks, open to those who treat people here; {LOOKED}."

_P = Placeholder

WELCOME_PATIENT = Text(
    "welcome_patient",
    "to a patient, first thing in their own chat",
    "Welcome. This is your private chat with $practice. Send a photo here with a few words about it, and it goes safely into "
    "your record. Once it is there, the photo disappears from this chat. $how",
    (
        _P("practice", "whose chat this is", "Hill Street Practice"),
        _P("how", "what to write to see what is held", HOW_TO_SEE, must=False),
    ),
)
FIRST_ANSWER = Text(
    "first_answer",
    "at the end of the first answer of every conversation with a patient",
    "$emergency $hours",
    (
        _P("emergency", "that this is not for emergencies", "Not for emergencies: call 000."),
        _P("hours", "when photos are looked at (empty within the hours)", "We look at photos Monday to Friday 8–18."),
    ),
)
CONSENT = Text(
    "consent",
    "within “received”: the words of the consent that sending implies, kept with it (R1)",
    "By sending it you agree to its use for $purpose, $nothing_else.",
    (
        _P("purpose", "what it may be used for, by name where the sender answers for somebody", "Ada Patel's care"),
        _P("nothing_else", "that it may be used for nothing else", NOTHING_ELSE),
    ),
)
RECEIVED = Text(
    "received",
    "to a patient, as the one message back to a photo",
    "I have your $photos $refs$whose.\nFor: $purpose. $reason. $consent\nWhat you sent goes into $record; after that it "
    "disappears from this chat, and from any chat you forwarded it from.\n$how",
    (
        _P("photos", "photo or photos", "photo", must=False),
        _P("refs", "which photo it is", "IMG-7F3K"),
        _P(
            "whose",
            "whose photo it is (empty for a patient who answers for nobody else)",
            ", of Ada Patel, born 1 May 2019",
        ),
        _P("purpose", "what it was recorded for", "Ada Patel's care"),
        _P("record", "whose record it goes into", "Ada Patel's record", must=False),
        _P("whom", "whom it should show", "Ada Patel", must=False),
        _P("reason", "the reason as recorded", "Reason: “rash on my arm, three days”"),
        _P(
            "consent",
            "what sending it agrees to",
            "By sending it you agree to its use for Ada Patel's care, and for nothing else. You answer as Ada Patel's parent.",
        ),
        _P("how", "how to correct or withdraw it", HOW_TO_PUT_RIGHT.format(ref="IMG-7F3K"), instead="example"),
        _P("example", "which photo to name in your own words of how to correct or withdraw it", "IMG-7F3K", must=False),
    ),
)
REQUEST_FOR_CONSENT = Text(
    "request_for_consent",
    "to a patient, or who answers for them, before any use that was not what a photo was sent for (R9)",
    "$asker ($role) asks for permission to use $refs, of $patient, sent for $reason.\n\n"
    "What for: $purpose$venue\n"
    "How: $how\n"
    "Who will see it: $seen_by\n"
    "Who gets a copy: $recipients\n"
    "Could $patient be recognised? $recognisable\n"
    "For how long: until $until\n\n"
    "$freedom",
    (
        _P("asker", "who asks", "Dr Lee"),
        _P("role", "in what role they ask", "clinician"),
        _P("refs", "which image it is", "IMG-7F3K"),
        _P("patient", "of whom it is", "Sam Patel"),
        _P("reason", "what it was sent for", "“rash on my arm, three days”", must=False),
        _P("purpose", "the purpose", "education, which is not part of Sam Patel's care"),
        _P("venue", "where it will appear (empty where nothing is published)", ", in “Journal of Dermatology”"),
        _P("how", "how it will be used", "“registrar teaching, 12 March”"),
        _P("seen_by", "who will see it", "“registrars of the clinic”"),
        _P("recipients", "who gets a copy", "Dr Derm (@derm:hospital.example)"),
        _P(
            "recognisable",
            "whether they could be recognised",
            "Dr Lee says: probably not. Nobody can be certain of that.",
        ),
        _P("until", "for how long", "31 March 2027"),
        _P(
            "freedom",
            "that they may refuse or withdraw without difference to their care",
            FREEDOM.format(patient="Sam Patel"),
        ),
    ),
)
CASE_INTRO = Text(
    "case_intro",
    "to a colleague asked for advice, first thing in the room of the case (R7, R20)",
    "$asker asks for advice about $ref.\nIt was sent for: $reason.\nQuestion: $question\n\n$caution\n$limits\n"
    "$asker closes the case with: !close and a summary. Then this room is cleared.",
    (
        _P("asker", "who asks", "Dr Lee"),
        _P("ref", "which image it is", "IMG-7F3K"),
        _P("reason", "what it was sent for", "“rash on my arm, three days”"),
        _P("question", "the question", "“is this a melanoma?”"),
        _P("caution", "that a picture can mislead", CAUTION),
        _P("limits", "what may not be done with it", FOR_ADVICE_ONLY),
    ),
)
TERMS = Text(
    "terms",
    "to a recipient, with what a patient agreed to share (R12)",
    "For $purpose$venue: $how, seen by $seen_by, until $until. $limits If they change their mind, I tell you to delete it.",
    (
        _P("purpose", "the purpose agreed to", "education"),
        _P("venue", "where it may appear (empty where nothing is published)", ", in “Journal of Dermatology”"),
        _P("how", "how it may be used", "“registrar teaching, 12 March”"),
        _P("seen_by", "who may see it", "“registrars of the clinic”"),
        _P("until", "until when", "31 March 2027"),
        _P("limits", "that nothing else was agreed to", AGREED_ONLY),
    ),
)
STOPPED = Text(
    "stopped",
    "to a patient who takes a filed photo back (R13)",
    "Done. $ref is not passed on to anybody any more, and not used for anything else. $ended $beyond\n$stays If you want to talk "
    "about that, please call the practice.",
    (
        _P("ref", "which image it is", "IMG-7F3K"),
        _P(
            "ended",
            "what was stopped (empty where nothing was)",
            "1 use was stopped, and the copies in this chat system are being removed.",
        ),
        _P(
            "beyond",
            "what can't be called back (empty where nothing is)",
            "Dr Derm may have saved a copy, which I can't reach: I am asking them to delete it.",
        ),
        _P("stays", "that it stays in the record", IT_STAYS),
    ),
)

BUILT_IN: Mapping[str, Text] = MappingProxyType(
    {
        text.name: text
        for text in (
            WELCOME_PATIENT,
            FIRST_ANSWER,
            CONSENT,
            RECEIVED,
            REQUEST_FOR_CONSENT,
            CASE_INTRO,
            TERMS,
            STOPPED,
        )
    }
)
AS_THEY_COME = Texts(BUILT_IN)
