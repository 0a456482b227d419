"""`install.sh`, which a practice runs: what it tells pip to install, seen by a Python that only writes down what it is told."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from tests.bot_process import SOURCES

NEWER, OLDER = "consentry-0.10.0-py3-none-any.whl", "consentry-0.9.0-py3-none-any.whl"
PYTHON = """#!/bin/sh
echo "$@" >> {log}
[ "$2" != venv ] || {{ mkdir -p "$4/bin" && cp "$0" "$4/bin/python"; }}
"""


def told(place: Path) -> list[str]:
    """What Python is told by the script, line by line."""
    log, python = place / "told", place / "python3"
    python.write_text(PYTHON.format(log=log))
    python.chmod(0o755)
    shutil.copy(SOURCES / "requirements" / "install.sh", place)
    subprocess.run(["sh", place / "install.sh"], check=True, env={"PATH": os.defpath, "PYTHON": str(python)})
    return log.read_text().splitlines()


def test_an_upgrade_installs_the_wheel_that_came_with_it_also_where_an_older_one_lies(tmp_path: Path) -> None:
    for name in (NEWER, OLDER):
        (tmp_path / name).write_text(name)
    digest = hashlib.sha256(NEWER.encode()).hexdigest()
    (tmp_path / "SHA256SUMS").write_text(f"{digest}  {NEWER}\n")
    wheels = [word for line in told(tmp_path) for word in line.split() if word.endswith(".whl")]
    assert wheels == [NEWER]
