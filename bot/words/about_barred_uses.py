"""What the bot says to whoever wants to show an image to somebody new, where the rules of use forbid it (R7 to R15, R26)."""

from __future__ import annotations

from bot.domain.identifiers import NO_ACCOUNT, Account
from bot.domain.message import Message

from .sentence import in_words, sentence


@sentence
def named(ref: str, because: Message, account: Account = NO_ACCOUNT) -> str:
    """Say why, and of which image it is said, and of which recipient."""
    return f"{account}, {ref}: {in_words(because)}" if account else f"{ref}: {in_words(because)}"


@sentence
def not_enrolled() -> str:
    return "That account is not enrolled here, or its identity is not confirmed. A manager can enrol it."


@sentence
def never_here() -> str:
    return "This practice does not use images for that."


@sentence
def patient_has_died() -> str:
    return "The patient has died: nothing is shared any more. !required-by-law is the exception."


@sentence
def no_further() -> str:
    return "This image may not be used any further."


@sentence
def not_in_the_record() -> str:
    return "It must be safely in the record first."


@sentence
def a_patients_account() -> str:
    return "That is the patient's own account; “my copy” gives patients a copy."


@sentence
def server_not_allowed() -> str:
    return "That account is on a homeserver this practice does not allow."


@sentence
def somebody_elses_account() -> str:
    return "That account is somebody else's now. Please ask again, for the person you mean."


@sentence
def emoji_first() -> str:
    return "This practice compares emoji with every colleague first, and not with this one yet. !verify begins it."


@sentence
def device_check_first() -> str:
    return "That colleague's device check is overdue: they get no images until they have done it."


@sentence
def name_the_place() -> str:
    return "Please name where it will appear: the patient agrees to that place only."


@sentence
def say_whether_related() -> str:
    return "Please say first whether it concerns the reason the image was sent for."


@sentence
def attest_it_first() -> str:
    return "It had been filed for another patient, so it needs a new attestation: !attest"


@sentence
def reason_first() -> str:
    return "The reason it was sent for is not stated yet; it can be forwarded when it is."


@sentence
def a_signed_form() -> str:
    return "That is a signed consent form: it stays in the record."


@sentence
def law_by_a_manager() -> str:
    return "Only a manager may say that the law requires it."


@sentence
def name_the_basis() -> str:
    return "Please name the basis, the authority and who receives it:"


@sentence
def nothing_to_hand_over() -> str:
    return "It is not safely in the record yet, so there is nothing to hand over."
