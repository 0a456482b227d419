"""What the core needs of the world. Ports name a need; adapters (matrix, storage, purger, imaging) name a technology.

Every method is safe to call twice with the same arguments. All raise `OutsideFailure` (try again) or `Permanent` (do not).
"""

from __future__ import annotations

from .chat import Audience as Audience
from .chat import Chat as Chat
from .chat import Feed as Feed
from .chat import NewRoom as NewRoom
from .chat import UnsafeRoom as UnsafeRoom
from .chat import Verifier as Verifier
from .clock import Clock as Clock
from .clock import Ids as Ids
from .imaging import LARGEST_DOCUMENT as LARGEST_DOCUMENT
from .imaging import Page as Page
from .imaging import QrPainter as QrPainter
from .imaging import Rendition as Rendition
from .imaging import Screener as Screener
from .journal import WORKER as WORKER
from .journal import AuditEntry as AuditEntry
from .journal import Commit as Commit
from .journal import Conflict as Conflict
from .journal import Journal as Journal
from .journal import Rows as Rows
from .outside import OutsideRegister as OutsideRegister
from .outside import Witness as Witness
from .purger import MediaErased as MediaErased
from .purger import Purger as Purger
from .record import PatientRecord as PatientRecord
from .record import SecondCopy as SecondCopy
from .record import Vault as Vault
