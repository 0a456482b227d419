"""Third act: Dr Lee asks a dermatologist outside for advice; then comes teaching.

Sam says no, yes to another request, and takes that back.
"""

from __future__ import annotations

from .players import POLL, Play, is_clean
from .second_act import CAPTION
from .stage import SERVER

DERM = f"@derm:{SERVER}"
QUESTION = "is this a melanoma?"
OPINION = "no atypical network, I would wait"
SUMMARY = "looks benign, review in six weeks"
TEACHING = "registrar teaching, 12 March"
SLIDES = "slides for the skin clinic, without face or tattoo"


async def third_act(play: Play) -> None:
    invited = await play.enrol(f'!enrol outside-clinician {DERM} "Dr Derm"')
    play.derm = await play.enters("derm", invited.code, "Dr Derm, from outside the practice, joins")
    await _advice(play)
    await _sam_says_no(play)
    await _sam_says_yes_and_takes_it_back(play)


async def _advice(play: Play) -> None:
    lee, derm = play.lee, play.derm
    mark, derm_mark = await lee.mark(), await derm.mark()
    await lee.says(f"!forward {play.ref} {DERM} {QUESTION}")
    poll = await play.step("Dr Lee forwards, and taps: it concerns that", lee.taps("Yes", after=mark))
    play.promises.saw(
        "Asking for advice is one command and one tap",
        CAPTION in poll["content"][POLL]["question"]["body"] and poll["encrypted"],
        "Dr Lee's app shows an encrypted poll: “Does your question concern that?”",
    )
    case = await derm.joins()
    await lee.joins()
    await derm.sees_join(case, lee)
    intro = await derm.hears("asks for advice", room=case, after=derm_mark)
    play.tell("consentry → Dr Derm", intro)
    shown = await play.step("Dr Derm sees the picture", derm.sees(room=case, msgtype="m.image"))
    data = await derm.downloads(shown, play.stage.home / "shown.jpg")
    nameless = "Sam" not in intro and "Patel" not in f"{intro}{shown['content']}"
    play.promises.saw(
        "Dr Derm gets the question, the reason, and a picture without name or metadata",
        QUESTION in intro and CAPTION in intro and nameless and is_clean(data),
        f"Dr Derm's app decrypted it: {len(data):,} bytes, no name, no trace of camera, time or place; the terms are in it",
    )
    await derm.says(OPINION, case)
    await lee.sees(room=case, body_regex=OPINION, from_=DERM)
    await lee.says(f"!close {SUMMARY}", case)
    await play.step("They talk, Dr Lee closes, Dr Derm needs no copy", derm.taps("Not needed", room=case))
    await play.step("The room of the case is cleared", derm.sees_redacted(shown["id"]))
    gone = await derm.is_gone(shown["content"]["file"]["url"])
    left = [str(e["content"].get("body", "")) for e in await derm.timeline(case) if not e["redacted"]]
    play.promises.saw(
        "Closed with a summary, the room is purged, after Dr Derm has settled a copy",
        gone and not any(QUESTION in body or CAPTION in body for body in left),
        "Dr Derm's app: picture redacted, media 404, question and reason gone; the summary is in the record",
    )


async def _ask_for_teaching(play: Play, how: str) -> tuple[int, int]:
    """Send Dr Lee's request in one line; return where Sam's and Dr Derm's chats stood before it."""
    mark, derm_mark, lee_mark = await play.sam.mark(), await play.derm.mark(), await play.lee.mark()
    await play.lee.says(
        f'!use {play.ref} for education "{how}" seen by "registrars of the clinic" until 2031-03-31 '
        f"recipient {DERM} recognisable no"
    )
    await play.lee.hears("patient is asked", after=lee_mark)
    return mark, derm_mark


async def _sam_says_no(play: Play) -> None:
    mark, derm_mark = await _ask_for_teaching(play, TEACHING)
    asked = await play.sam.hears("asks for permission", after=mark)
    play.tell("consentry → Sam", asked)
    lee_mark = await play.lee.mark()
    poll = await play.step("Sam taps: no", play.sam.taps("No", after=mark))
    play.promises.saw(
        "Before any other use Sam is told everything, and asked",
        all(_tells_everything(play, text) for text in (asked, poll["content"][POLL]["question"]["body"])),
        "read by Sam's app, in the message and again in the poll: who, which, what for, how, who sees it, recognisable, "
        "until when, freedom to say no",
    )
    told = await play.lee.hears("not agreed", after=lee_mark)
    play.tell("consentry → Dr Lee", told)
    pictures = [e for e in await play.derm.timeline(after=derm_mark) if e["content"].get("msgtype") == "m.image"]
    play.promises.saw(
        "No means no: nothing is shared, and nobody hears why", not pictures, "Dr Derm's app got no picture after it"
    )


def _tells_everything(play: Play, text: str) -> bool:
    """Return whether one event tells all that Sam answers to: any other event may not have arrived."""
    who = ("Dr Lee (clinician)", play.ref, "Dr Derm", "registrars of the clinic")
    return all(word in text for word in (*who, "education", TEACHING, "recognised", "31 March 2031", "no difference"))


async def _sam_says_yes_and_takes_it_back(play: Play) -> None:
    sam, derm = play.sam, play.derm
    mark, derm_mark = await _ask_for_teaching(play, SLIDES)
    lee_mark = await play.lee.mark()
    await play.step("Another request, and Sam taps: yes", sam.taps("Yes", after=mark))
    play.tell("consentry → Dr Lee", await play.lee.hears("agreed to, until", after=lee_mark))
    shared = await derm.sees(msgtype="m.image", after=derm_mark)
    terms = await derm.hears("nothing else", after=derm_mark)
    play.tell("consentry → Dr Derm", terms)
    play.promises.saw(
        "Yes shares with the person named, under the terms agreed to",
        SLIDES in terms and "31 March 2031" in terms,
        "Dr Derm's app got the picture and the terms, nobody else did",
    )
    mark, derm_mark = await sam.mark(), await derm.mark()
    await sam.says(f"withdraw {play.ref}")
    answer = await play.step("Sam takes it back", sam.hears("health record", after=mark))
    play.tell("consentry → Sam", answer)
    await derm.hears("delete every copy", after=derm_mark)
    await derm.sees_redacted(shared["id"])
    gone = await derm.is_gone(shared["content"]["file"]["url"])
    lee_mark = await play.lee.mark()
    await play.lee.says(f"!forward {play.ref} {DERM} and now?")
    refused = await play.lee.hears("may not be used", after=lee_mark)
    play.promises.saw(
        "Taken back: the copy is gone, the recipient is told, and what can't be recalled is named",
        gone and "Dr Derm may have saved a copy" in answer and bool(refused),
        "Dr Derm's app: redacted, media 404, asked to delete; a new forward is refused",
    )
