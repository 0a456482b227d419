"""Who asks whether somebody may hear, see, answer or consent: a small change to each that the histories notice by themselves."""

from __future__ import annotations

from .mutant import HISTORIES, SHOWN, Mutant


def _mutant(breaks: str, file: str, text: str, instead: str) -> Mutant:
    return Mutant(f"callers: {breaks}", file, text, instead, HISTORIES, SHOWN, seen_by_histories=True)


OF_CALLERS = (
    _mutant(
        "R31: whether a consent stands is asked again when it is shown",
        "bot/core/uses/still_allowed.py",
        "        return await own_consent(rows, use, await rows.images.among(use.image_ids), at, day)",
        '        return Verdict(True, "R31")',
    ),
    _mutant(
        "R30: advice rests on what was implied, or attested",
        "bot/core/uses/still_allowed.py",
        "        implied=not died and given is not None and (given.purpose, given.reason) == sent_for,",
        "        implied=True,",
    ),
    _mutant(
        "R28a: a parent is heard until the birthday",
        "bot/domain/authority/consenting.py",
        " and day >= held.until\n",
        "\n",
    ),
    _mutant(
        "R28a: death ends every authority",
        "handlers/people/died.py",
        "save(ended_by_death(authority, tx.today))",
        "save(authority)",
    ),
    _mutant(
        "R28a: who left the practice is answered for no more",
        "handlers/people/end_link.py",
        "    await tx.rows.authorities.save(ended(authority, tx.today))\n",
        "",
    ),
    _mutant(
        "R33: who decided before decides no more",
        "handlers/people/confirm_person.py",
        "        await _end_former_deciders(confirmed, tx)\n",
        "",
    ),
    _mutant(
        "R29: no copy holds the line a colleague wrote",
        "bot/core/copy_contents.py",
        "frozenset(colleagues)",
        "frozenset()",
    ),
    _mutant(
        "R29a: nobody but the sender is asked without a tap",
        "bot/core/uses/request_consent.py",
        "    straight = (refused_by & able.keys()) or ({asked.sender} & able.keys())",
        "    straight = able.keys()",
    ),
    _mutant(
        "R28a: a lost phone pauses whose it is",
        "handlers/people/pause.py",
        "person_after(person, why)",
        "person",
    ),
    _mutant(
        "R30: a photo of somebody else is held",
        "bot/domain/authority/circle.py",
        'day).because == "held"',
        'day).because == "nobody"',
    ),
)
