"""Who asks whether somebody may hear, see, answer or consent: a small change to each that the histories notice by themselves."""

from __future__ import annotations

from .mutant import HISTORIES, SHOWN, Mutant


def _mutant(breaks: str, file: str, text: str, instead: str) -> Mutant:
    return Mutant(f"callers: {breaks}", file, text, instead, HISTORIES, SHOWN, seen_by_histories=True)


OF_CALLERS = (
    _mutant(
        "R28a: nothing leaves that was asked for from a lost phone",
        "bot/still_allowed.py",
        "    if asker is None or not treats(asker):",
        "    if False:",
    ),
    _mutant(
        "R31: whether a consent stands is asked again when it is shown",
        "bot/still_allowed.py",
        "        return await own_consent(rows, use, await rows.images.find(id=use.image_ids), at, day)",
        '        return Verdict(True, "R31")',
    ),
    _mutant(
        "R30: whether something is implied is asked again when it is shown",
        "bot/still_allowed.py",
        '    return Verdict(implied, "R30", "nothing-implied")',
        '    return Verdict(True, "R30", "nothing-implied")',
    ),
    _mutant(
        "R30: advice rests on what was implied, or attested",
        "bot/still_allowed.py",
        "        implied=not died and implied_consent(await matter_of(rows, image, circle), consents) is not None,",
        "        implied=True,",
    ),
    _mutant(
        "R28a: a stop from who is paused holds the use",
        "handlers/hold_uses.py",
        "                await tx.rows.uses.save(replace(use, held=True))\n",
        "",
    ),
    _mutant("R28a: a parent is heard until the birthday", "handlers/hold_uses.py", " and day >= authority.until", ""),
    _mutant(
        "R13: what was withdrawn is shown to nobody new",
        "handlers/stop_use.py",
        "    await tx.rows.images.save(replace(image, stopped=True))\n",
        "",
    ),
    _mutant(
        "R28a: death ends every authority",
        "handlers/died.py",
        "replace(authority, until=tx.today, sentence_due=held)",
        "replace(authority, sentence_due=held)",
    ),
    _mutant(
        "R28a: who left the practice is answered for no more",
        "handlers/patient_leaves.py",
        "        await tx.rows.authorities.save(replace(authority, until=tx.today))\n",
        "",
    ),
    _mutant(
        "who lost their capacity does not answer",
        "handlers/confirm.py",
        "    takes = second and takes_capacity(circle.patient, authority.relation, tx.today)",
        "    takes = False",
    ),
    _mutant(
        "R33: who decided before decides no more",
        "handlers/confirm.py",
        "        await _end_former_deciders(confirmed, tx)\n",
        "",
    ),
    _mutant(
        "R33a: a list names nobody of whom it was not told",
        "handlers/my_images.py",
        "    may = {one.id: may_be_named(circle, one, reader.id, told) for one in people}",
        "    may = {one.id: True for one in people}",
    ),
    _mutant(
        "R33a: nor does a copy",
        "bot/copied.py",
        "    known = {one.id for one in people if authority.may_be_named(circle, one, person_id, told)}",
        "    known = {one.id for one in people}",
    ),
    _mutant("R29: no copy holds the line a colleague wrote", "bot/copied.py", "frozenset(colleagues)", "frozenset()"),
    _mutant(
        "R29: a colleague hears of what was misfiled only by name",
        "handlers/reply.py",
        "    if sender.id in whom and not (image.from_colleague and image.was_moved):",
        "    if sender.id in whom:",
    ),
    _mutant(
        "R29a: nobody but the sender is asked without a tap",
        "handlers/consent_request.py",
        "    straight = (refused_by & able.keys()) or ({asked.sender} & able.keys())",
        "    straight = able.keys()",
    ),
    _mutant(
        "R28: what of a copy they may have is asked again when it is sent",
        "bot/effects/send_copy.py",
        "    return [entry.entry_id for entry in await _open_to(world, intent) if entry.entry_id in set(intent.entry_ids)]",
        "    return list(intent.entry_ids)",
    ),
    _mutant(
        "R28a: a lost phone pauses whose it is",
        "handlers/pause.py",
        "replace(person, standing=Standing.PAUSED)",
        "person",
    ),
    _mutant(
        "R33a: what a minor sent is theirs",
        "bot/circles.py",
        "        own = (sent and not image.from_colleague) or bool(given and given[-1].capacity is Relation.SELF)",
        "        own = False",
    ),
    _mutant(
        "R33a: nobody counts as told before that was chosen",
        "bot/circles.py",
        "    chosen = await rows.invitations.find(id=ids, tell=Tell.TELL) if ids else []",
        "    chosen = await rows.invitations.find(id=ids) if ids else []",
    ),
    _mutant(
        "R25: a recall ends the use",
        "handlers/recall.py",
        "        taken_back = await end_at_once(use, Recalled(), request.person.id, tx)",
        "        taken_back = 0",
    ),
    _mutant(
        "R30: moving a photo ends every use of it",
        "handlers/refile.py",
        "        if use.state in RECALLABLE:",
        "        if False:",
    ),
    _mutant(
        "R32: no two open questions have one number",
        "bot/transaction.py",
        "            if not any(self.now < choice.expires_at + NUMBERS_REST for choice in had):",
        "            if True:",
    ),
    _mutant(
        "R30: nothing is implied by who may not answer",
        "bot/telling.py",
        "    if capacity is None or image.misfiled:",
        "    capacity = capacity or Relation.SELF\n    if image.misfiled:",
    ),
    _mutant(
        "R30: a photo of somebody else is held",
        "handlers/somebody_else.py",
        'today).because == "held"',
        'today).because == "nobody"',
    ),
    _mutant(
        "R9: every use asks whether a minor must agree too",
        "bot/domain/authority.py",
        '    return Asked(able, sender if sender in able else "", frozenset(themselves - able.keys()))',
        '    return Asked(able, sender if sender in able else "")',
    ),
    _mutant(
        "Roles: only clinicians see pictures",
        "bot/effects/show.py",
        "        return bool(treats(reader))",
        "        return True",
    ),
)
