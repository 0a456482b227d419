"""After the last act: two invitations that nobody has used, and what to tap, so that whoever watched can join."""

from __future__ import annotations

from .players import Invited, Play
from .stage import SERVER, DemoStage

COLLEAGUE = "chen"
_PATIENT = '!enrol patient 10777 "{name}" 1990-05-17'
_COLLEAGUE = f'!enrol clinician @{COLLEAGUE}:{SERVER} "Dr Chen"'

_HOW = """\
Now it is your turn. All of it runs on this computer until you press Ctrl-C, and can be reached from this computer only.
The taps are those of Element (its desktop app, or app.element.io in Firefox or Chrome). Other apps that encrypt have the same
under other names.

As a patient, Robin Shaw, with nothing to install: open this link in a browser on this computer, and type 17 May 1990.
   {link}

Or, with an app, as the same patient
   Homeserver           {url}
   Registration token   {token}
   Code                 {patient_code}
   Date of birth        17 May 1990
 1. Tap “Create account”. Beside “Host account on”, tap “Edit”, choose “Other homeserver”, and enter the homeserver's address.
 2. Choose a user name, such as robin, and a password of ten characters or more. Enter the registration token when asked for it.
 3. Set up recovery: “Settings”, “Encryption”, “Set up recovery”. The assistant listens to apps that have done so.
 4. Tap “+”, “Start chat”, and enter {bot}. If the app says that it can't find it, start the chat all the same.
    Write “hello”. The assistant asks for the code.
 5. Write the code. It asks for the date of birth; write it.
 6. Accept the invitation to a chat of your own. Send a photo there, with a few words about it.

As a colleague, Dr Chen
   Homeserver           {url}
   User name            {colleague}
   Password             {password}
   Code                 {colleague_code}
 1. Tap “Sign in”, and enter the homeserver's address as above. Sign in with user name and password.
 2. Do 3 to 5 as above, with this code. It asks whether you are Dr Chen; answer yes.
 3. Accept both invitations: to a chat of your own, and to the room of the practice, which has news of Robin's photo.
 4. In your own chat, write “!show” and the reference of the photo, such as “!show IMG-7F3K”. “!help” lists the rest.
"""


async def invite_newcomers(play: Play) -> tuple[Invited, Invited]:
    """Let Kim invite a patient and a colleague; return their invitations."""
    await play.stage.make_account(COLLEAGUE)
    patient = _PATIENT.format(name=play.stage.written("Robin", "Shaw"))
    return await play.enrol(patient), await play.enrol(_COLLEAGUE)


def how_to_join(stage: DemoStage, patient: Invited, colleague: Invited) -> str:
    """Return what is to be tapped and typed, step by step."""
    return _HOW.format(
        url=stage.homeserver.url,
        token=patient.token,
        link=patient.link,
        patient_code=patient.code,
        bot=stage.bot_account,
        colleague=COLLEAGUE,
        password=stage.passwords[COLLEAGUE],
        colleague_code=colleague.code,
    )
