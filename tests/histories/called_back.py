"""Judge a reply that was called back: nowhere it stands, nobody outside gets it again, and whom it reached hears so (R25).

RULES want a recall at once, and that nothing is claimed to be done that is not. What the staff read of it is theirs to read.
"""

from .history import History
from .observed import Account, CalledBack, Delivered, Fault, Nonce, Violation
from .staff import paused, works_here
from .texts import mentions

STANDS = "it was called back, and still stands where it was read"
AGAIN = "it was called back before"
UNTOLD = "it reached them, was called back, and nobody told them"


def judge_called_back(history: History, called: CalledBack, moment: int) -> list[Violation]:
    """Judge, where somebody was told that a reply is called back, whether it is."""
    found = []
    for index, seen in history.of(Delivered, moment):
        if not mentions(seen.body, [called.nonce]):
            continue
        for account in sorted(seen.readers):
            if works_here(history, account, index):
                continue
            if seen.event_id in called.standing:
                found.append(Violation("R25", STANDS, str(account), f"the reply {called.nonce}", moment))
            if account not in called.told and _is_there(history, account, index, moment):
                found.append(Violation("R25", UNTOLD, str(account), f"the reply {called.nonce}", moment))
    return found


def called_back_faults(history: History, nonce: Nonce, moment: int) -> list[Fault]:
    """Say whether these words were called back before: then nobody outside gets them again."""
    back = any(called.nonce == nonce for _, called in history.of(CalledBack, moment))
    return [Fault("R25", AGAIN)] if back else []


def _is_there(history: History, account: Account, index: int, moment: int) -> bool:
    """Say whether the person who read it has the account still, and nothing keeps words from them."""
    return history.holder(account, index) == history.holder(account, moment) and not paused(history, account, moment)
