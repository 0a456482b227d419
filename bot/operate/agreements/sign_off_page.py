"""A page to sign off: who agreed to what, in the words that each of them saw, to be printed and signed.

One file that loads nothing and runs nothing; every word in it is shown as text. It appears whole or not at all, readable by
its owner only (0600), and never in place of another file. It is *not* encrypted: the person who exports it is responsible for
that.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime, tzinfo
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.domain.errors import OutsideFailure, Permanent
from bot.durable import write_new

from .listing import Agreement


def write_page(
    file: Path, about: str, found: Sequence[Agreement], *, practice: str, at: datetime, zone: tzinfo, audit_head: str
) -> None:
    """Write the page. Raises `Permanent("exists")` when there is such a file, `OutsideFailure` when it can't be written."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def when(moment: datetime) -> str:
        local = moment.astimezone(zone)
        return f"{local.day} {local:%B %Y, %H:%M}"

    environment.filters.update(when=when, csp_hash=_csp_hash)
    page = environment.get_template("page.html.j2").render(
        about=about, found=found, practice=practice, at=at, zone=str(zone), audit_head=audit_head
    )
    try:
        write_new(file, page.encode(errors="xmlcharrefreplace"))
    except FileExistsError:
        raise Permanent("exists", f"{file} is there already and is never replaced; name another") from None
    except OSError as error:
        raise OutsideFailure(f"the page can't be written ({type(error).__name__})") from None


def _csp_hash(style: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}"
