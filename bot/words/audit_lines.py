"""What the audit log's entries say, in plain words: one sentence for each action, read after the name of the person who did it.

Every action that the program writes has its sentence here; a test compares. Details that an entry kept are used while they are
there: after lawful destruction the sentence alone remains.
"""

from __future__ import annotations

from collections.abc import Mapping

BOT, STRANGER, COMPUTER = "The assistant", "Somebody not known here", "Somebody at the computer"

SENTENCES: Mapping[str, str] = {
    # images
    "image.received": "sent the photo {ref}",
    "image.preview-in-clear": "found that its small preview came without encryption",
    "image.Captured": "fetched it and sealed it",
    "image.CaptureFailed": "could not keep what was sent",
    "image.DuplicateFound": "found that it is the same as a photo kept already",
    "image.PurposeStated": "recorded what it is for",
    "image.PatientChosen": "said whose photo it is",
    "image.Filed": "filed it in the record",
    "image.FilingFailed": "could not file it",
    "image.ReadBack": "read it back from the record",
    "image.AskedBack": "wrote words that may take it back; was asked",
    "image.SenderDeleted": "deleted the message in the chat",
    "image.WithdrawalAsked": "asked to take it back",
    "image.KeepAsked": "said that it is to be kept",
    "image.Discarded": "destroyed it before it was filed",
    "image.IdentityChanged": "was not proved to be who they are, so it was held",
    "image.SomebodyElse": "held it until it is settled whom it shows",
    "image.RefileConfirmed": "confirmed that it belongs to another patient's record",
    "image.Refiled": "moved it to the right patient's record",
    "image.RefilingFailed": "could not move it to the other record",
    "image.Described": "described it",
    "image.Attested": "attested what was described",
    "image.LeftWithSender": "kept it themselves; nothing is kept here",
    "image.OwnPhoto": "sent it as a patient",
    "image.FormKept": "sealed its consent form",
    "image.FormLost": "found its consent form gone",
    "image.Unattested": "waited in vain for it to be attested",
    "image.Destroyed": "decided that it is destroyed: its time of keeping was over",
    "image.left-with-sender": "sent it and keeps it themselves",
    "image.no-kept": "kept a no of somebody who may not be heard: nothing of it is shared until somebody has spoken with them",
    "image.goes-on": "ended the hold of a no: somebody has spoken with whoever said it",
    "image.stopped": "stopped every further use of it",
    "image.attested": "attested the words shown to them",
    "image.attested-anew": "attested the consent anew, for the right patient",
    "image.handed-over": "passed it on to a colleague, because its clinician left",
    "image.viewed": "asked to see it",
    "image.read-again": "had it read back from the record once more",
    "image.screened": "looked at what kind of file it is and what it carries",
    "image.taken": "took it on",
    "image.required-by-law": "recorded that the law requires it to be handed over ({basis})",
    "image.escalated": "told the person on duty that nobody had read it",
    "reply.called-back": "called back this reply: it was not for the person it was sent to",
    "reply.unopened": "asked for a call: nothing shows within a day that this reply was opened",
    "words.escalated": "told the person on duty what the patient wrote",
    "image.not-encrypted": "sent a photo in clear; it was not kept",
    "image.nobody": "sent a photo, answering for nobody; it was not kept",
    "images.listed": "looked at what is held",
    "held.decided": "decided about it while it was on hold",
    "deletion.of-words": "deleted words of theirs from the chat; the record keeps them",
    "deletion.of-answer": "deleted an answer from the chat; it counts as it was given",
    "words.alarm": "wrote words that may mean an emergency; the emergency sentence was sent at once",
    "answer.unclear": "wrote words that are no clear yes or no; they did not count",
    "deletion.by-another": "deleted a message that was not theirs; nothing was changed",
    "object.destroyed": "removed the sealed file",
    "details.erased": "overwrote what the log knew in detail of what was destroyed",
    "destruction.decided": "wrote it into the destruction register",
    "destruction.repeated": "destroyed it again, as the register says: a backup from before had been restored",
    "destruction.done": "destroyed its key and its file",
    "destruction.held": "did not destroy it, as a legal hold stands",
    "retention.listed": "listed what is due for destruction",
    "legal-hold.placed": "placed a legal hold: {why}",
    "legal-hold.released": "released a legal hold",
    # consent and use
    "consent.implied": "agreed by sending it, for {purpose}",
    "consent.not-implied": "sent it, which is no consent: they are not one who may answer for the patient",
    "use.doubted": "put a use of it on hold: somebody was asked whether to take it back",
    "use.doubt-settled": "let a use of it go on: it may stay",
    "use.asked": "asked to use it",
    "use.handed-over": "passed a use on to a colleague",
    "choice.made": "answered a question by a tap",
    "own-copy.stored": "keeps a copy in their own record",
    "own-copy.not-needed": "needs no copy of their own",
    "own-copy.unanswered": "heard nothing about a copy of their own",
    "breach.not-told": "could not tell somebody who may hold a copy",
    "breach.opened": "opened a breach assessment",
    "breach.answered": "answered what became of the copy sent in error",
    "breach.step": "recorded a step of the breach assessment",
    "breach.closed": "closed the breach assessment",
    "note.escalated": "told the managers that the note of the discussion is missing",
    "note.closes-case": "wrote the note that closes it",
    "question.unanswered": "waited in vain for an answer",
    "own-device.not-yet": "has not deleted it from their own device yet",
    # words
    "document.disclosure": "is recorded as having seen or received it",
    "document.verified": "filed words about it and read them back",
    "document.held": "could not file words about it",
    "document.dropped": "dropped words about it, unread",
    "document.moved": "moved words about it to the photo that is kept",
    "document.retried": "had the filing of words tried again",
    # chat copies
    "copy.gone": "saw a chat copy ({what}) gone from the homeserver",
    "copy.hidden": "removed a chat copy ({what}); the homeserver forgets it by itself",
    "copy.beyond-reach": "could not remove a chat copy ({what})",
    "copy.sent": "was sent a copy of the record",
    "copy.asked": "asked for a copy of the record",
    # further copies
    "delivery.Placed": "put a copy of it into “{to}”: {state}",
    "delivery.LookedAt": "asked “{to}” about its copy: {state}",
    "delivery.Declined": "put no copy of it into “{to}” ({why})",
    "delivery.fails": "could not put its copy into “{to}”, which takes others ({why})",
    "delivery.wrong-one-removed": "removed the copy under the wrong patient from “{to}”: {state}",
    "delivery.TakenOut": "removed its copy from “{to}”: {state}",
    "destination.trouble": "could not reach a place that gets copies of the record ({why})",
    "destination.filled": "had what was filed before go to a place that gets copies too",
    "destination.retried": "had copies tried again that failed before",
    "destination.well": "reached a place that gets copies of the record again",
    # people
    "patient.enrolled": "enrolled the patient",
    "patient.named": "said which of a patient's names is the family name",
    "patient.capacity": "recorded whether the patient decides for themselves",
    "patient.returned": "recorded that the patient is here again",
    "patient.left": "recorded that the patient left",
    "patient.died": "recorded that the patient died",
    "patient.not-dead": "confirmed that the patient is alive: the death was recorded by mistake",
    "patient.not-dead-at-the-computer": "confirmed that the patient is alive, not seen by a second person: {reason}",
    "person.enrolled": "enrolled",
    "page.ended": "ended an earlier page",
    "person.not-me": "said that they are not who they were taken for",
    "person.left": "recorded that they left",
    "person.paused": "paused them: their security identity changed",
    "person.phone-lost": "reported a phone lost",
    "person.verified": "compared emoji with them: their app is proved to be theirs",
    "person.not-verified": "was refused: nobody has compared emoji with them yet",
    "authority.recorded": "recorded who answers for the patient ({relation})",
    "authority.confirmed": "confirmed, as a second person, who answers for the patient ({relation})",
    "authority.confirmed-at-the-computer": "confirmed who answers for the patient, not seen by a second person: {reason}",
    "authority.not-confirmed": "did not confirm who was to answer for the patient; it ended",
    "authority.opened": "let somebody who answers for the patient see what was filed before",
    "authority.closed": "closed that again: whoever let them see it never was the patient",
    "access.tell": "chose whether those who answer already are told of it",
    "access.told": "told somebody who answers already of it",
    "access.objected": "objected to somebody who is to answer for the patient",
    "authority.unlinked": "recorded that an account answers for the patient no more",
    "authority.ended": "recorded that somebody answers for the patient no more",
    "invitation.made": "made an invitation",
    "invitation.ended": "ended an invitation ({because})",
    "device.overdue": "has not confirmed that their device is safe",
    # the rest
    "refused": "refused something they wrote ({rule})",
    "message.sent-again": "passed over a message that had come before",
    "intent.held": "gave something up; a person must look",
    "intent.retried": "had something tried again",
}

FAMILIES: Mapping[str, str] = {
    "use.": "changed a use of it to: {rest}",
    "document.": "wrote something for the record: {rest}",
    "own-device.": "answered about their own device: {rest}",
    "own-copy.": "answered about a copy of their own: {rest}",
    "repair.": "was told by the doctor to mend something: {rest}",
    "device.": "answered about their device: {rest}",
    "code.": "tried a code: {rest}",
    "birthday.": "wrote a date of birth for a code: {rest}",
    "arrival.": "sent something that was not understood: {rest}",
}


def told(action: str, details: Mapping[str, object]) -> str:
    """Return what an entry says, to be read after its actor's name. An action of another version is told as it stands."""
    known = SENTENCES.get(action)
    if known is None:
        family = next((prefix for prefix in FAMILIES if action.startswith(prefix)), "")
        rest = action.removeprefix(family).replace("-", " ")
        known = FAMILIES[family].format(rest=rest) if family else f"recorded “{action.replace('-', ' ')}”"
    try:
        return known.format_map(details)
    except KeyError:  # destroyed with the image, or never there
        return known.partition("{")[0].rstrip(" (:,").removesuffix(", for")
