"""Who may hear, see and agree, broken: what a crash chapter must notice, however seldom the process dies."""

from __future__ import annotations

from .mutant import Mutant

CRASH = "tests/crash/test_crash.py::test_dying_at_any_step_and_at_any_that_follows_changes_nothing_of_the_end"
KEYS = "tests/crash/test_keys.py::test_killed_anywhere_it_writes_nothing_wrong_and_completes_when_it_is_done_again"


def _mutant(breaks: str, file: str, text: str, instead: str, chapter: str, says: str) -> Mutant:
    return Mutant(f"chapters: {breaks}", file, text, instead, f"{CRASH}[{chapter}]", says)


OF_CHAPTERS = (
    _mutant(
        "R29a: the other parent is not asked after a no",
        "bot/core/uses/request_consent.py",
        "straight = (refused_by & able.keys()) or",
        "straight =",
        "one parent says no, and the other is to be asked",
        "@bob:hs.test heard: registrar teaching",
    ),
    _mutant(
        "R33a: a parent hears nothing of a mature minor's own",
        "bot/domain/authority/hearing.py",
        "    if relation is not Relation.SELF and (is_their_own(circle, matter, day) or _of_a_child_alone(circle, matter, day)):",
        "    if False:",
        "a mature minor's photo, and a parent who asks what there is",
        "@ann:hs.test heard: For Mia Bell's care. ",
    ),
    _mutant(
        "R33: an invitation is judged again when it is confirmed",
        "bot/domain/authority/admitting.py",
        "    if at >= invitation.expires_at:",
        "    if False:",
        "codes that are confirmed too late, and after their maker left",
        "@ada:hs.test heard: Welcome",
    ),
    _mutant(
        "R31: what was asked for somebody who left ends",
        "handlers/people/staff_leaves.py",
        "        if leaver.id in use.recipient_ids:\n            await end_at_once",
        "        if False:\n            await end_at_once",
        "an account handed on before what was asked for it is agreed to",
        "@lee:hs.test did not hear: Dr Derm has left",
    ),
    _mutant(
        "R32: who asked hears that the question never arrived",
        "bot/core/effects/say.py",
        "    if carried is not None:\n",
        "    if False:\n",
        "a question that never arrives",
        "@lee:hs.test did not hear: could not deliver",
    ),
    _mutant(
        "R29: a reply goes to whom the photo shows",
        "handlers/team/reply.py",
        "    await _send(document, image, person, whom[person_id], request, tx)\n",
        "    await _send(document, image, await tx.person(image.sender_id), whom[person_id], request, tx)\n",
        "a reply to whom the photo belongs to now, with a tap",
        "@ada:hs.test did not hear: use the cream",
    ),
    _mutant(
        "R29: words are not about a photo that proved to be another's",
        "handlers/photos/own_image.py",
        "    named = [image for image in every if await may_name(tx.rows, person.id, image, tx.today)]\n",
        "    named = list(every)\n",
        "words of who sent a photo that was moved",
        "still waits here",
    ),
    _mutant(
        "R30: what sending implied stays under the name it was sent for",
        "bot/domain/authority/consenting.py",
        "        and consent.patient_id == matter.patient_id\n",
        "",
        "advice about a photo that was moved",
        "",
    ),
    _mutant(
        "R31: a look at what was stopped is listed",
        "handlers/team/show_image.py",
        '    await disclose(tx, image, person, "viewed", "R7")\n',
        "",
        "a use that was stopped, and a look that is listed",
        "@sam:hs.test did not hear: Dr Lee looked at it",
    ),
    _mutant(
        "R32: who asked hears that a picture could not be sent",
        "bot/core/effects/show_picture.py",
        "        await tell_not_shown([intent], tx)\n        await tell_refused",
        "        await tell_refused",
        "an adviser leaves before the picture comes",
        "@lee:hs.test did not hear: nothing was shared",
    ),
    _mutant(
        "R33: a patient's code renames nobody who works here",
        "handlers/people/admit.py",
        "    name = known.name if of_patient else invitation.name\n",
        "    name = invitation.name\n",
        "a patient's code with another name, written by who works here",
        "@sam:hs.test did not hear: Dr Lee about",
    ),
    _mutant(
        "R33: nobody redeems an invitation they made",
        "bot/domain/authority/admitting.py",
        "    if redeemer is not None and maker is not None and redeemer.id == maker.id:\n",
        "    if False:\n",
        "a code written by who made it",
        "!lobby-rita did not hear: You made this invitation",
    ),
    _mutant(
        "R31: what the wrong person agreed to ends",
        "handlers/people/never_theirs.py",
        "        if use.state in RECALLABLE and (use.id in agreed or sent.intersection(use.image_ids)):",
        "        if False:",
        "a code in wrong hands, and what was sent and agreed to with it",
        "@derm:hs.test did not hear: was never one",
    ),
    _mutant(
        "R15: who says that it was not for them is let out",
        "handlers/people/not_me.py",
        "    if person.roles != {Role.PATIENT} or await tx.rows.images.sent_by(person.id):\n",
        "    if True:\n",
        "a code in wrong hands, and who says so",
        "",
    ),
    _mutant(
        "R33a: only those whom the chooser read of are told",
        "bot/domain/invitations.py",
        "        return self.tell is Tell.TELL and person_id in self.asked_of",
        "        return self.tell is Tell.TELL",
        "who is told of a newcomer: those there when it was chosen",
        "@carl:hs.test heard: Bob Bell",
    ),
    Mutant(
        "chapters: a key that does not open what lies there is not written",
        "bot/operate/backup/keys_file.py",
        "    _refuse_untried(data, keys, file)\n    put",
        "    put",
        KEYS,
    ),
    Mutant(
        "chapters: what a crash left of a key goes",
        "storage/vault/key_ring.py",
        "                left.unlink()\n",
        "                pass\n",
        KEYS,
        "after a death before step",
    ),
)
