"""What somebody who speaks for a patient means by their words: one file for each question that may be open; `meant.py` chooses.

How single words are read, whoever wrote them, is a room up.
"""

from .meant import deed_of, gives_reason, hear, read_correction
from .written import HangsOn, Heard, Written, alarm_of

__all__ = ["HangsOn", "Heard", "Written", "alarm_of", "deed_of", "gives_reason", "hear", "read_correction"]
