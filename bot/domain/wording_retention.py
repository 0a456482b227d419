"""What the bot says of the audit log's checkpoints, of retention, legal holds and destruction. Part of `wording`."""

from __future__ import annotations

NO_CHECKPOINT = (
    "I can't write the audit log's checkpoints at the moment: their directory is away, full or closed to me. "
    "Everything else goes on. Please ask technical help to look; `consentry doctor` names the directory."
)
CHECKPOINTS_AGAIN = "The audit log's checkpoints are written again."
