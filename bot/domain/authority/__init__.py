"""Decide who may hear, see, write, answer, consent and admit: here and nowhere else, from the facts of the moment (R28–R33a).

The law, shortened (docs/rules.md has all of it):

- R28: authority is asked when something takes effect: who speaks for the patient then, in what capacity, under the pinned
  identity. A sender is a fact about origin, never an address, except for what concerns their own sending.
- R28a: death ends every authority and every message to those who answered. Leaving, a lost phone and a changed identity stop at
  once what that person may do; what they agreed to before stands.
- R15: while a photo is being moved, or is held because its sender says that it shows somebody else, nobody hears of it as theirs.
- R29: words and pictures about an image go to its sender if they speak for its patient now; anybody else who does gets them only
  after the clinician tapped their name. A patient's words are filed only under images of patients they speak for now.
- R29a: a request goes to the sender if they speak now, else to whomever the requester taps. One yes is enough unless another has
  said no; a no holds for the same image and purpose until the person who said it changes it, or may no longer answer.
- R30: implied consent exists only if the sender, when sending, was among those who may answer for that patient.
- R31: a specific consent covers its own use, and the people it named. One given for somebody else releases nothing once that
  capacity has ended; the patient's own outlasts their loss of capacity. One given by a code's wrong holder never was one.
- R33: two people. Nobody redeems an invitation they made, confirms what they gain by, or acts as staff for a patient they are or
  speak for. Where something was filed before an authority existed, it sends, and hears of what it sent itself, until somebody
  opens it.
- R33a: what is a mature minor's own stands in no parent's list, copy, question or words. What one of a patient's people said, was
  told or answered stands in another's only where somebody chose to tell of them.

Every function takes facts and a day, by the practice's calendar, and changes nothing. Callers load facts with
`bot.core.circles`.
"""

from .admitting import (
    may_act_for_the_practice,
    may_open,
    may_redeem,
    may_second,
    might_be_told,
    needs_second,
    takes_capacity,
)
from .circle import (
    Circle,
    Matter,
    Told,
    Verdict,
    decides_not,
    hears,
    is_linked,
    is_or_was_the_patient,
    may_answer,
    may_send,
    never_had,
    speaks,
    was_never_theirs,
)
from .consenting import (
    Asked,
    consent_stands,
    holds_by_a_no,
    implied_consent,
    implies_consent,
    is_recipient,
    may_answer_about,
    may_be_agreed,
    may_still_say_no,
    said_no,
    still_asked,
    takes_part,
    whom_to_ask,
)
from .hearing import (
    is_doubted,
    is_held_back,
    is_their_own,
    may_be_named,
    may_be_read_to,
    may_hear,
    may_hear_of_access,
    may_hear_of_patient,
    may_hear_of_sending,
    may_know_of,
    may_look_after,
    may_read_as_staff,
    may_write,
    treats,
)

__all__ = [
    "Asked",
    "Circle",
    "Matter",
    "Told",
    "Verdict",
    "consent_stands",
    "decides_not",
    "hears",
    "holds_by_a_no",
    "implied_consent",
    "implies_consent",
    "is_doubted",
    "is_held_back",
    "is_linked",
    "is_or_was_the_patient",
    "is_recipient",
    "is_their_own",
    "may_act_for_the_practice",
    "may_answer",
    "may_answer_about",
    "may_be_agreed",
    "may_be_named",
    "may_be_read_to",
    "may_hear",
    "may_hear_of_access",
    "may_hear_of_patient",
    "may_hear_of_sending",
    "may_know_of",
    "may_look_after",
    "may_open",
    "may_read_as_staff",
    "may_redeem",
    "may_second",
    "may_send",
    "may_still_say_no",
    "may_write",
    "might_be_told",
    "needs_second",
    "never_had",
    "said_no",
    "speaks",
    "still_asked",
    "takes_capacity",
    "takes_part",
    "treats",
    "was_never_theirs",
    "whom_to_ask",
]
