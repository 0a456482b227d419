"""The practice that version 97487ff left: its files, and all that it read in them. `made_at_97487ff` says how it was made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FIXTURE = Path(__file__).with_name("practice-97487ff.tar.xz")
BEFORE: dict[str, Any] = json.loads(FIXTURE.with_name("practice-97487ff.json").read_text())
