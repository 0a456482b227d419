"""Keep messages that people really write, with what each one means, to judge whatever reads them (R34).

``messages.toml`` holds them. Each of ``fresh.toml``, ``later.toml``, ``last.toml`` and ``unseen.toml`` was written to say how
the reader does on words that it was never mended for, and kept once it was mended. So were ``alarms.toml`` and ``holds.toml``,
and ``again.toml``, ``frightened.toml``, ``newest.toml`` and ``blind.toml`` after them, of red flags and wishes to take a photo
back alone. ``polite.toml``, ``terse.toml`` and ``held.toml`` are of people that the others have little of, and ``long.toml`` is
of long messages, ordinary ones above all. ``church.toml`` and ``kettle.toml`` are the latest, by two people who had never seen
the reader. ``messages.load()`` reads and checks them.

The first score, of the reader as it was written before anybody looked: 61.0 % of 1,373 messages right, 221 dangerously wrong.

What those two said of the reader before it was mended for them: 111 of 178 right, 18 dangerously wrong, 26 of 30 alarms heard,
21 of 148 other messages taken for an alarm. It was mended by two thirds of them, and by ten examples of the last third
(`score.third`). Of the other 57 of that third, 40 were right before and 42 after, 4 dangerous before and after: so the reader
still knows the words of these files far better than those of anybody new. Then it was mended for that third too.

``python -m tests.heard.score`` scores the reader, ``python -m tests.heard.weigh`` learns what words weigh. Where a reader and an
entry disagree, suspect the reader first.

The world of every message: a practice in Australia (day before month), Monday 30 November 2026. The assistant is
``@consentry:hs``. A request for consent is number 4821 and is about IMG-7F3K. Where two photos wait for a reason, they are
IMG-7F3K and IMG-2M9Q, in this order. Where a photo was deleted, or a clinician's statement is open, it is about IMG-7F3K.

======== ====================================================================================================================
id       unique: what it means, who writes, what is open, a number
who      who writes; *outside* is a clinician elsewhere, *invited* is somebody in the lobby who has no account yet
open     what the assistant waits for; empty: nothing
hangs_on what the message replies to in the app; *announcement* is whatever else the assistant said to them; empty: nothing.
         The text begins with a quotation ("> <@sam:hs> …") where an app would have made one
photos   how many photos of theirs are filed already
text     the message as it arrives
means    the one meaning
photo    the reference it names, if it names one photo
also     other meanings a careful reader might give it; a reader may answer any of them
never    meanings that would do harm here: a refusal taken for consent, a withdrawal for a reason, an alarm for an ordinary word
command  for *command*: the staff command, in its right spelling, without "!"
args     for *command*, *code* and *correct*: what it is given, see below
facts    for *statement*: what a colleague says of a photo
unsure   facts a careful reader would ask about again: to take the value in ``facts`` and to leave it open are both right, any
         other value is wrong. A name that is not in ``facts``: only to leave it open is right
======== ====================================================================================================================

A meaning that is neither in ``means`` nor in ``also`` is a mistake; one that is in ``never`` is a dangerous mistake.

What the meanings cover:

- *alarm*: somebody may need an ambulance now. Where a message says something else too, the alarm is what must not be missed.
  To hear an alarm where there is none is a mistake, but never a dangerous one.
- *hold*: asks to stop, delete, take back, not use or not show a photo, whatever the words. A photo that was not meant to be
  sent is one too. *stop what?*: a bare "stop" where nothing says what.
- *question*: asks the practice or the assistant something, or for something (an appointment, a script).
- *yes*, *no*, *later*: answer what is open. Under *consent*, *yes* has the number of the request; without it, it is
  *consent needs tap*. A yes with a condition, or a yes and a no, is *ask*. A reply to a clinician's question is no answer
  to the request that happens to be open.
- *reason*: answers what the photo is about. *about photo*: words to file with a photo and pass on; under *which photo* it is
  the answer that picks one. *pass on*: everything else for the practice to read: thanks, greetings, chat.
- *not me*: the photo shows somebody for whom the sender is not known to answer.
- *correct*: puts right the words of a photo that is filed. The new words alone are in ``args``, where they can be told apart.
- *statement*: says of a colleague's photo whose it is, or how consent was given. A consent in ``facts`` that is *denied* or
  *none*, read as *verbal*, *written* or *implied*, is as dangerous as anything in ``never``.
  A kind that is not said is *body* (R2), so a reader may add it.
- *ask*: unclear even to a careful person.

``args`` are in the order of the README's table, and normal: references as IMG-7F3K, codes as K7M-4QXD-9TRP, dates as
2026-11-30, accounts as @osei:hs, names without quotation marks. What a word introduces is written with it
("until=2027-03-31", "parent=Ann Patel"); free words are one argument, as typed.
"""
