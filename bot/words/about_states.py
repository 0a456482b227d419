"""What the bot says where something can't be done as it stands: what the tables of the domain refuse.

With a photo, with words about one, a question, an invitation, a use.
"""

from __future__ import annotations

from .sentence import sentence


@sentence
def attested_already(ref: str) -> str:
    return f"{ref} came from a colleague: what it is for, they attested."


@sentence
def not_to_attest_yet(ref: str) -> str:
    return f"{ref} can't be attested yet: something is still missing."


@sentence
def held_for_another_reason(ref: str) -> str:
    return f"{ref} is on hold for another reason, so it can't be left with you now."


@sentence
def described_already(ref: str) -> str:
    return f"{ref} is described as a patient's already. To start again, leave it and send it anew."


@sentence
def in_that_record(ref: str) -> str:
    return f"{ref} is in that patient's record already."


@sentence
def being_withdrawn(ref: str) -> str:
    return f"{ref} is being withdrawn at the sender's wish and can't be filed any more."


@sentence
def not_read_back(ref: str) -> str:
    return f"{ref} could not be read back from the record. Please ask technical help first, then !retry."


@sentence
def not_attested(ref: str) -> str:
    return f"{ref} can't be filed before its sender attests it. They still can."


@sentence
def nobodys_yet(ref: str) -> str:
    return f"{ref} can't be filed before it is known whose it is. Please say so with !match."


@sentence
def from_a_colleague(ref: str) -> str:
    return f"{ref} came from a colleague, who attests with two identifiers whose it is."


@sentence
def from_a_patient(ref: str) -> str:
    return f"{ref} came from a patient, so there is nothing for a colleague to attest."


@sentence
def not_kept(ref: str) -> str:
    return f"{ref} was not kept, so there is nothing to change."


@sentence
def not_taken(ref: str) -> str:
    return f"{ref} was not kept."


@sentence
def left_with_its_sender(ref: str) -> str:
    return f"{ref} was left with its sender, so there is nothing here to change."


@sentence
def not_at_that_point(ref: str) -> str:
    return f"{ref} is not at a point where this can happen."


@sentence
def on_its_way(ref: str) -> str:
    return f"{ref} is already on its way to the record. Please tell the practice if it is wrong."


@sentence
def filed_already(ref: str) -> str:
    return f"{ref} is already in the record. Please tell the practice if it is the wrong one."


@sentence
def in_the_record(ref: str) -> str:
    return f"{ref} is already in the record. To move it to another patient: !refile {ref} MRN 7 March 1984."


@sentence
def not_in_a_record(ref: str) -> str:
    return f"{ref} is not in a record yet. Whose it is, you say with !match."


@sentence
def being_filed(ref: str) -> str:
    return f"{ref} is just being filed. Please try again in a moment."


@sentence
def was_destroyed(ref: str) -> str:
    return f"{ref} was destroyed when its time was over; only the register still names it."


@sentence
def words_reach_nobody() -> str:
    return "These words reach nobody yet, so they are not filed."


@sentence
def readers_were_said() -> str:
    return "Whom these words reach was said already."


@sentence
def words_are_filed() -> str:
    return "These words are in the record, so nothing here changes them."


@sentence
def words_are_gone() -> str:
    return "These words are not here any more."


@sentence
def question_is_over() -> str:
    return "That was answered already, or its time is over."


@sentence
def nothing_to_compare() -> str:
    return "There is nothing to compare any more."


@sentence
def code_is_closed() -> str:
    return "That code can't be used any more."


@sentence
def code_not_written() -> str:
    return "Nobody has written that code yet."


@sentence
def invitation_is_over() -> str:
    return "That invitation is over."


@sentence
def birthday_opens_it() -> str:
    return "Only the patient's date of birth opens this invitation."


@sentence
def names_no_patient() -> str:
    return "That invitation names no patient."


@sentence
def consent_has_expired() -> str:
    return "That question has expired, so nothing was shared. The practice can ask again."


@sentence
def use_is_over() -> str:
    return "That is over: nothing more can be done with it. To try again, please ask anew."


@sentence
def use_is_not_settled() -> str:
    return "That is not settled yet, so it can't be done now."
