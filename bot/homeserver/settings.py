"""The settings Synapse runs with: for one practice, closed to the world, forgetting as soon as it may.

Pure: names and secrets come in, plain JSON values go out (JSON is YAML, so no quoting can go wrong).

Rules:
- Nobody registers without a token of the practice; no guests, no federation, no directory in which patients find patients.
- What was redacted is erased after an hour, a room that everybody has forgotten after a day, visitors' addresses after a week.
- What was redacted is shown to nobody any more: no answer is given a second time from memory.
- Every room is encrypted; nothing is fetched on anybody's behalf (previews, thumbnails, identity servers).
- Logs begin at WARNING and hold no message.

Deliberately not here: media retention by age. A photo that nobody has filed yet must not vanish because the bot was ill.
The client listener also serves /_synapse/admin; a reverse proxy in front must not pass that path on.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

REDACTED_FOR = "1h"  # how long the server keeps what was redacted; receipts promise this date

Settings = dict[str, Any]


def _rate(per_second: float, burst: int) -> Settings:
    return {"per_second": per_second, "burst_count": burst}


def _every_limit(limit: Settings) -> Settings:
    """Return one rate for everything that Synapse can limit."""
    return {
        "rc_message": limit,
        "rc_registration": limit,
        "rc_registration_token_validity": limit,
        "rc_login": {"address": limit, "account": limit, "failed_attempts": limit},
        "rc_admin_redaction": limit,
        "rc_joins": {"local": limit, "remote": limit},
        "rc_joins_per_room": limit,
        "rc_invites": {"per_room": limit, "per_user": limit, "per_issuer": limit},
        "rc_3pid_validation": limit,
        "rc_key_requests": limit,
        "rc_media_create": limit,
        "rc_room_creation": limit,
        "rc_reports": limit,
    }


# The bot answers, files and redacts for everyone from one account: these limits let ordinary work pass, but not guessing.
PRACTICE_LIMITS = _every_limit(_rate(20, 200)) | {
    "rc_registration": _rate(0.1, 5),
    "rc_registration_token_validity": _rate(0.1, 5),
    "rc_login": {"address": _rate(0.1, 20), "account": _rate(0.1, 5), "failed_attempts": _rate(0.05, 5)},
    "rc_3pid_validation": _rate(0.01, 2),
    "rc_room_creation": _rate(1, 50),
    "rc_reports": _rate(0.1, 5),
}
NO_LIMITS = _every_limit(_rate(100_000, 100_000))


def homeserver_settings(directory: Path, port: int, host: str, *, fast: bool) -> Settings:
    """Return all settings but the secrets and the server's name.

    `fast` is for tests and the demo: no limits, cheap passwords.
    """
    return {
        "public_baseurl": f"http://{host}:{port}/",
        "listeners": [
            {
                "port": port,
                "type": "http",
                "tls": False,
                "bind_addresses": [host],
                "x_forwarded": host in ("127.0.0.1", "::1"),  # behind a proxy of our own only
                "resources": [{"names": ["client"], "compress": False}],
            }
        ],
        "database": {"name": "sqlite3", "args": {"database": str(directory / "homeserver.db")}},
        "log_config": str(directory / "log.yaml"),
        "signing_key_path": str(directory / "signing.key"),
        "media_store_path": str(directory / "media"),
        "max_upload_size": "64M",
        "max_pending_media_uploads": 1000,  # the bot reserves an id and commits it before each upload
        "dynamic_thumbnails": False,
        "thumbnail_sizes": [],
        "url_preview_enabled": False,
        "enable_registration": True,
        "registration_requires_token": True,
        "allow_guest_access": False,
        "enable_3pid_lookup": False,
        "enable_3pid_changes": False,
        "bcrypt_rounds": 4 if fast else 12,
        "password_config": {"policy": {"enabled": True, "minimum_length": 10}},
        "encryption_enabled_by_default_for_room_type": "all",
        "redaction_retention_period": REDACTED_FOR,
        "forget_rooms_on_leave": True,
        "forgotten_room_retention_period": "1d",
        "user_ips_max_age": "7d",
        "user_directory": {"enabled": False},
        "require_auth_for_profile_requests": True,
        "enable_room_list_search": False,
        "room_list_publication_rules": [{"action": "deny"}],
        "alias_creation_rules": [{"action": "deny"}],
        "federation_domain_whitelist": [],
        "allow_device_name_lookup_over_federation": False,
        "trusted_key_servers": [],
        "suppress_key_server_warning": True,
        # A first sync would be answered again, as it was, for two minutes: with photos that have gone since.
        "caches": {"sync_response_cache_duration": "0s"},
        "presence": {"enabled": False},
        "push": {"include_content": False},
        "stats": {"enabled": False},
        "report_stats": False,
        "enable_metrics": False,
        **(NO_LIMITS if fast else PRACTICE_LIMITS),
    }


def log_settings(directory: Path) -> Settings:
    """Return settings for Python's logging: WARNING and above, in small rotated files."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(request)s %(message)s"}},
        "handlers": {
            "file": {
                "class": "logging.handlers.RotatingFileHandler",
                "formatter": "line",
                "filename": str(directory / "homeserver.log"),
                "maxBytes": 10_000_000,
                "backupCount": 3,
            }
        },
        "loggers": {"synapse.http.servlet": {"level": "ERROR"}},  # its warnings quote a request it could not parse
        "root": {"level": "WARNING", "handlers": ["file"]},
    }
