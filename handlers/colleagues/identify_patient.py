"""Whose record number and birthday these are: looked up when a photo is attested, and never answered to somebody outside (R15).

Otherwise an outside clinician could learn, by trying, who is a patient here and what they are called. Whatever they write is
echoed as they wrote it, and taken; what belongs to nobody is held for the practice. Somebody who wrote five wrong pairs in a
day gets the same answers, and nothing is looked up for them.
"""

from __future__ import annotations

from dataclasses import replace

from bot.core.transaction import Transaction
from bot.domain.authority import may_act_for_the_practice
from bot.domain.errors import Refused
from bot.domain.image import Image
from bot.domain.people import Person
from bot.domain.statement import Statement
from bot.domain.use_rules import Source
from bot.domain.wrong_guesses import Guess, WrongGuess, too_many
from bot.words import about_statements as words


async def whose(statement: Statement, image: Image, sender: Person, tx: Transaction) -> Statement:
    """Return the statement with its patient, if that may be said.

    Raises `Refused` for staff who attest for a patient they speak for (R33).
    """
    if image.source is not Source.OUTSIDE:
        if not may_act_for_the_practice(await tx.circle(statement.patient_id), sender, tx.today):
            raise Refused(words.as_your_own(), "R33", image.id)
        return statement
    if statement.patient_id:  # said to an earlier version of this program
        return statement
    wrong = await tx.rows.wrong_guesses.of_account(sender.account, Guess.IDENTIFIERS)
    if too_many(wrong, tx.now):
        await tx.audit(sender.id, "identifiers.not-looked-up", image.id)
        return statement
    born = statement.born
    found = await tx.rows.patients.identified(statement.number, born) if born else None
    if found is None:
        await tx.rows.wrong_guesses.add(WrongGuess(tx.ids.new(), sender.account, Guess.IDENTIFIERS, tx.now))
        await tx.audit(sender.id, "identifiers.wrong", image.id)
        return statement
    return replace(statement, patient_id=found.id)
