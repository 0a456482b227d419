"""The configuration as the rules read it."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.policy import Policy
from bot.domain.retention_rules import RetentionRule
from bot.domain.use_rules import UsePolicy

from .practice_texts import texts_in
from .sections import Config


def policy_of(config: Config) -> Policy:
    """Return what the practice decided; raise `WordingInvalid` when one of its own texts lacks what the rules demand."""
    return Policy(
        practice=config.practice.name,
        bot_account=config.homeserver.user,
        emergency_text=config.practice.emergency_text,
        alarm_words=config.practice.alarm_words,
        hours=config.practice.opening_hours,
        timezone=config.practice.zone,
        managers=frozenset(config.managers.accounts),
        allowed_homeservers=frozenset(config.homeserver.allowed),
        duty=config.duty.person,
        has_purger=config.purger.socket is not None,
        own_homeserver=config.homeserver.url if config.homeserver.makes_accounts else None,
        redaction_retention=config.homeserver.redaction_retention,
        keep_rendition=config.purge.rendition,
        keep_messages=config.purge.messages,
        unread_first=config.reminders.unread_first,
        unread_duty=config.reminders.unread_duty,
        reason_deadline=config.questions.reason,
        code_lifetime=config.questions.code,
        largest_image=config.images.max_bytes,
        keep_shared=timedelta(days=config.policy.keep_shared_days),
        consent_deadline=timedelta(days=config.policy.consent_days),
        case_reminder=timedelta(days=config.policy.case_reminder_days),
        keep_transcripts=config.policy.keep_transcripts,
        uses=UsePolicy(config.policy.advice_always_asks, frozenset(config.policy.never), config.policy.confirm_twice),
        texts=texts_in(config.wording.directory),
        retention=RetentionRule(config.retention.years, config.retention.children_until),
        written_consent_only=config.policy.written_consent_only,
        device_check_months=config.policy.device_check_months,
        verify_clinicians=config.policy.verify_clinicians,
        names_apart=tuple(to.name for to in config.destinations if to.names_apart),
        waits_for=tuple(to.name for to in config.destinations if to.wait != "nothing"),
        page_url=config.page.url,
    )
