"""For each invariant of `tests/crash/invariants.py` a small change after which it does not hold in the end, and it says so."""

from __future__ import annotations

from .mutant import Mutant

FAILING = ">       assert list(invariant(end)) == []"  # the line of the test at which it fails
INVARIANT = "tests/crash/test_invariants.py::test_it_holds_when_all_is_over[{}]"


def _breaks(invariant: str, file: str, text: str, instead: str) -> Mutant:
    return Mutant(
        f"invariant: {invariant.replace('_', ' ')}", file, text, instead, INVARIANT.format(invariant), FAILING
    )


INVARIANTS = (
    _breaks(
        "nothing_is_left_to_do",
        "bot/core/effects/erase.py",
        "        if await needed_by_a_photo(media, rows):",
        "        if True:",
    ),
    _breaks(
        "each_image_is_filed_exactly_once_or_not_kept",
        "bot/core/effects/destroy_filed.py",
        "    await world.record.destroy(entries)\n",
        "",
    ),
    _breaks(
        "what_is_filed_reads_back",
        "storage/records/embedded.py",
        '"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}',
        '"size": len(content), "sha256": hashlib.sha256(content + b"?").hexdigest()}',
    ),
    _breaks(
        "each_filed_image_has_its_consent",
        "bot/core/consequences.py",
        "    await tx.plan(FileImage(image.id), lane=image.id)\n",
        "    await tx.plan(FileImage(image.id), lane=image.id)\n"
        "    for one in await tx.rows.consents.of_image(image.id):\n        await tx.rows.consents.remove(one)\n",
    ),
    _breaks(
        "each_filed_image_is_told_of_once",
        "bot/core/telling.py",
        "        await announce(tx, *images)",
        "        await announce(tx, *images, *images)",
    ),
    _breaks(
        "no_consent_is_applied_twice",
        "bot/core/telling.py",
        "    await tx.rows.consents.add(\n        Consent(\n            id=ConsentId(tx.ids.new()),",
        "    for _ in range(2): await tx.rows.consents.add(\n        Consent(\n            id=ConsentId(tx.ids.new()),",
    ),
    _breaks(
        "nothing_leaves_without_a_yes",
        "bot/domain/consent.py",  # of the gates before it each has a mutant of its own: one alone lets nothing through
        'replace(answer, wording="", proof={})',
        'replace(answer, use_id="", wording="", proof={})',
    ),
    _breaks(
        "nothing_sealed_is_nobodys",
        "bot/core/effects/discard.py",
        "    await world.vault.destroy(intent.object_id)",
        "    pass",
    ),
    _breaks(
        "words_are_in_the_record_alone",
        "bot/domain/document.py",
        'state=DocumentState.VERIFIED, text="", facts=kept',
        "state=DocumentState.VERIFIED, facts=kept",
    ),
    _breaks(
        "every_copy_is_accounted_for",
        "bot/core/effects/file_document.py",
        "    await tx.erase(*(copy for copy in known if copy.event_id))\n",
        "",
    ),
    _breaks(
        "every_copy_of_what_is_filed_has_its_receipt",
        "bot/core/documents.py",
        "    if overdue or not fresh or not image.patient_id or not image.in_record:",
        "    if True:",
    ),
    _breaks(
        "nothing_of_it_is_on_the_homeserver",
        "bot/core/effects/erase.py",
        "        await world.chat.redact(copy.room_id, copy.event_id, transaction_id=planned.id)",
        "        pass",
    ),
    _breaks(
        "everything_is_in_the_log",
        "bot/core/effects/erase.py",
        '    await tx.audit("bot", f"copy.{settled.state.value}", copy.id, image=copy.image_id, what=copy.what.value)\n',
        "",
    ),
)
