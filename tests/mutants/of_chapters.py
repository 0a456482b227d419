"""Who may hear, see and agree, broken: what a crash chapter must notice, however seldom the process dies."""

from __future__ import annotations

from .mutant import Mutant

CRASH = "tests/crash/test_crash.py::test_dying_at_any_step_and_at_any_that_follows_changes_nothing_of_the_end"


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
        "bot/domain/authority.py",
        "    if relation is not Relation.SELF and (is_their_own(circle, matter, day) or _of_a_child_alone(circle, matter, day)):",
        "    if False:",
        "a mature minor's photo, and a parent who asks what there is",
        "@ann:hs.test heard: nobody else's business",
    ),
    _mutant(
        "R33: an invitation is judged again when it is confirmed",
        "bot/domain/authority.py",
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
)
