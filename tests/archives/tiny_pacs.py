"""tiny-pacs with its DICOMweb plugin, from `.venv-records`: strict where Orthanc is lenient, and nothing goes out of it again."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.homeserver import free_port

from .archive_process import PASSWORD, ArchiveProcess

OURS = Path(sys.prefix)
RECORDS = OURS.with_name(f"{OURS.name}-records")  # as `make` sets it up
SYNTAXES = ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.4.50"]


class TinyPacs(ArchiveProcess):
    replaces = False  # what it has already, by what comes under the same number

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/dicomweb"

    def token_file(self) -> Path:
        return self.password_file()

    @property
    def command(self) -> list[str]:
        told = {
            "ae": {"ae_title": "TINY_PACS", "dump_ds": False, "port": free_port(), "supported_ts": SYNTAXES},
            "components": {
                "DICOMWeb": {
                    "on": True,
                    "auth": "token",
                    "tokens": [PASSWORD],
                    "prefix": "/dicomweb",
                    "max_part_size": 67108864,
                },
                "Database": {"on": True, "db_name": str(self.directory / "index.db"), "mode": "rwc"},
                "HttpServer": {"on": True, "host": "127.0.0.1", "port": self.port, "allow_remote": False},
                "FileStorage": {"on": True, "storage_dir": str(self.directory / "kept"), "overwrite": self.replaces},
                "InMemoryStorage": {"on": False},
                "PACS": {"on": True},
            },
        }
        (self.directory / "tiny_pacs.yaml").write_text(json.dumps(told))  # which is YAML too
        return [
            str(RECORDS / "bin" / "python"),
            "-I",
            str(Path(__file__).with_name("serve_tiny_pacs.py")),
            str(self.directory / "tiny_pacs.yaml"),
        ]


class ReplacingTinyPacs(TinyPacs):
    replaces = True
