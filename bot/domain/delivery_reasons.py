"""Why a delivery waits, was refused, or needs a person: those codes of its `why` that decide something.

Places and the core name them; `words.about_further_copies` says what each means.
"""

from __future__ import annotations

AGAIN = "again"  # why a delivery waits: it was taken, nobody acknowledged it, and it is to be put there once more
MOVING = "moving"  # why a delivery waits anew: the entry is another patient's now
UNSETTLED = "unsettled"  # why a delivery waits: the photo it is, or is about, may be another patient's
NO_PLACE = "no-place"  # why nobody knows: it is another patient's now, and its place is no longer configured
LOST = "lost"  # why its place is to get it again: it was put there, and a look that would find it does not
LOST_AGAIN = "lost-again"  # why nobody knows: it was put there again, and is not found there either
# Why people must look although the copy itself is verified: what programs read beside it was not taken, or is there twice.
ALONE, BESIDE_TWICE = "alone", "beside-twice"
LACKS_BESIDE = frozenset({ALONE, BESIDE_TWICE})
PLACED_AGAIN = frozenset({MOVING, LOST, ALONE, BESIDE_TWICE})
NO_FORMAL_NAME = "no-formal-name"  # the refusal of what goes to a program that files by family and given names
# Why a place will not have a copy that people put right at its end: it is asked again the next day.
NO_SUCH_PATIENT, OTHER_NAME, SEVERAL_PATIENTS = "no-patient", "other-name", "several-patients"
OF_THE_PATIENT = frozenset({NO_SUCH_PATIENT, OTHER_NAME, SEVERAL_PATIENTS})
OF_ONE_PATIENT = OF_THE_PATIENT | {NO_FORMAL_NAME}  # why it is told of each patient
UNREAD = "unread"  # why a delivery waits on: something lies where its answer is to come, and can't be read
SILENT = "silent"  # why nobody knows: it was put there as often as may be, and never acknowledged
UNCLEAR = "unclear"  # what the receiver said of it means neither yes nor no
NOT_THERE, DIFFERS, VOIDED, ANOTHER_PATIENT = "not-there", "differs", "voided", "another-patient"
# Why nobody knows what has become of a copy, and nothing more comes of it by itself.
FOR_A_PERSON = frozenset({SILENT, UNCLEAR, LOST_AGAIN, NOT_THERE, DIFFERS, VOIDED, ANOTHER_PATIENT})
STAFF_ONLY = "staff-only"  # the refusal of what is held back from somebody (R33a)
ANOTHERS_WORDS = "anothers-words"  # the refusal of what somebody said of a photo that lay in a wrong record (R29)
OTHER_RECORD, TWICE, OTHER_FORM = "other-record", "twice-there", "another-form"
# The refusals of what lies there already, otherwise than it should: a person is to look at it, so nothing of it is removed.
LIES_THERE = frozenset({OTHER_RECORD, TWICE, OTHER_FORM})
WITHHELD = frozenset({STAFF_ONLY, ANOTHERS_WORDS})  # the refusals at which nothing is wrong
