"""Types of ids and addresses, so that nothing is looked up by the id of something else.

Each is a `str` while the program runs, and stands in the database as one. An empty id means that there is none: `NO_IMAGE`
for words about no image. Fresh ones come from `bot.ports.Ids` and are given their type where the thing is made.
"""

from __future__ import annotations

from typing import Final, Literal, NewType

PersonId = NewType("PersonId", str)
PatientId = NewType("PatientId", str)
AuthorityId = NewType("AuthorityId", str)
InvitationId = NewType("InvitationId", str)
ImageId = NewType("ImageId", str)
DocumentId = NewType("DocumentId", str)
CopyId = NewType("CopyId", str)
ConsentId = NewType("ConsentId", str)
UseId = NewType("UseId", str)
QuestionId = NewType("QuestionId", str)
BurstId = NewType("BurstId", str)
ChoiceId = NewType("ChoiceId", str)  # a one-time secret
PollId = NewType("PollId", str)
VerificationId = NewType("VerificationId", str)
BreachId = NewType("BreachId", str)
LegalHoldId = NewType("LegalHoldId", str)
DeliveryId = NewType("DeliveryId", str)

Account = NewType("Account", str)  # a full Matrix id, @name:server
RoomId = NewType("RoomId", str)
EventId = NewType("EventId", str)
MediaId = NewType("MediaId", str)  # mxc://server/id
Address = NewType("Address", str)  # the name of a room before it exists: see `bot.domain.rooms`

# In place of a person's id: who decided, where it was nobody with an account.
SETUP: Final = "setup"  # made the invitations of the first managers
OPERATOR: Final = "operator"  # runs `consentry verify`, or changes the keys
AT_THE_COMPUTER: Final = "computer"  # confirmed there, with a reason, and not by a second person (R33)
# Who did something. A stranger is somebody who wrote without proof of who they are.
Actor = PersonId | Literal["bot", "stranger", "setup", "operator", "computer"]

NO_PERSON = PersonId("")
NO_PATIENT = PatientId("")
NO_INVITATION = InvitationId("")
NO_IMAGE = ImageId("")
NO_DOCUMENT = DocumentId("")
NO_COPY = CopyId("")
NO_USE = UseId("")
NO_ACCOUNT = Account("")
NO_ROOM = RoomId("")
NO_EVENT = EventId("")
NO_MEDIA = MediaId("")
NO_ADDRESS = Address("")
