"""Two parsers of HL7 v2 that are not ours, hl7 and hl7apy: run by the Python of .venv-records, as `judged` does.

Reads messages on standard input, each as a line of base64; prints for each what both parsers found, as a line of JSON.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

PYTHON = Path(__file__).resolve().parents[1] / ".venv-records" / "bin" / "python"


def judged(*messages: bytes) -> list[dict[str, Any]]:
    """Return what they found in each message."""
    given = "".join(f"{base64.b64encode(message).decode()}\n" for message in messages)
    run = subprocess.run(
        [PYTHON, __file__], input=given, capture_output=True, text=True, check=True, timeout=300, cwd="/"
    )
    return [json.loads(line) for line in run.stdout.splitlines()]


def _judge(message: bytes) -> dict[str, Any]:
    import hl7  # type: ignore[import-not-found]

    charset = {"": "ascii", "8859/1": "latin-1", "UNICODE UTF-8": "utf-8"}[message.split(b"|")[17].decode()]
    parsed = hl7.parse(message.decode(charset))

    def said(segment: str, field: int, part: int = 0, number: int = 0) -> str:
        found = parsed.segments(segment)[number](field)
        text = str(found) if not part else str(found[0][part - 1]) if len(found[0]) >= part else ""
        return str(parsed.unescape(text))

    def parts(segment: str, field: int) -> list[str]:
        found = parsed.segment(segment)(field)[0]
        return [str(parsed.unescape(str(part))) for part in ([found] if isinstance(found, str) else found)]

    observed = []
    for number in range(len(parsed.segments("OBX"))):
        kind = said("OBX", 2, 0, number)
        value = parsed.segments("OBX")[number](5)
        told = str(value[0][4]) if kind == "ED" else parsed.unescape(str(value), {".br": "\n"})
        about = [str(part) for part in value[0][:4]] if kind == "ED" else []
        observed.append(
            {
                "kind": kind,
                "code": said("OBX", 3, 0, number),
                "about": about,
                "value": told,
                "status": said("OBX", 11, 0, number),
            }
        )
    return {
        "control": said("MSH", 10),
        "type": said("MSH", 9),
        "number": said("PID", 3, 1),
        "name": parts("PID", 5),
        "born": said("PID", 7),
        "sex": said("PID", 8),
        "order": parts("OBR", 3),
        "result": said("OBR", 25),
        "observed": observed,
        "faults": _faults(message.decode(charset)),
    }


def _faults(message: str) -> list[str]:
    """Return what hl7apy finds against the tables and lengths of version 2.4."""
    from hl7apy.consts import VALIDATION_LEVEL  # type: ignore[import-not-found]
    from hl7apy.exceptions import ValidationError  # type: ignore[import-not-found]
    from hl7apy.parser import parse_message  # type: ignore[import-not-found]

    with tempfile.TemporaryDirectory() as directory:
        report = Path(directory) / "report"
        try:
            parse_message(message, validation_level=VALIDATION_LEVEL.TOLERANT).validate(report_file=str(report))
        except ValidationError as fault:
            return [str(fault)]
        return [line for line in report.read_text().splitlines() if line.startswith("Error")]


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(_judge(base64.b64decode(line))))
