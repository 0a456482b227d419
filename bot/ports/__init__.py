"""What the core needs of the world. Ports name a need; adapters (matrix, storage, purger, imaging) name a technology.

A method may be called again with the same arguments, except where it says otherwise. What fails outside raises
`OutsideFailure` (try again) or `Permanent` (do not); refusals of their own kind are `UnsafeRoom` and `Conflict`.
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
from .commits import WORKER as WORKER
from .commits import AuditEntry as AuditEntry
from .commits import Commit as Commit
from .commits import Conflict as Conflict
from .commits import DeliveryCount as DeliveryCount
from .commits import Journal as Journal
from .further_copy import Copying as Copying
from .further_copy import CopyPlace as CopyPlace
from .further_copy import FoundOut as FoundOut
from .further_copy import FurtherCopy as FurtherCopy
from .further_copy import Moved as Moved
from .further_copy import Packer as Packer
from .media_erasure import MediaErased as MediaErased
from .media_erasure import Purger as Purger
from .noted_outside import OutsideRegister as OutsideRegister
from .noted_outside import Witness as Witness
from .patient_record import Held as Held
from .patient_record import PatientRecord as PatientRecord
from .patient_record import Vault as Vault
from .viewing import LARGEST_DOCUMENT as LARGEST_DOCUMENT
from .viewing import Page as Page
from .viewing import QrPainter as QrPainter
from .viewing import Rendition as Rendition
from .viewing import Screener as Screener
from .viewing import SummaryPainter as SummaryPainter
