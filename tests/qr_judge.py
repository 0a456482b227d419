"""What a QR code says to a reader that is not ours: Debian's `zbarimg`. Without it a test fails, and is not skipped."""

from __future__ import annotations

import shutil
import subprocess
from io import BytesIO

from PIL import Image

from tests.patience import PATIENCE

_NOTHING_FOUND = 4  # as the program ends where it sees no code


def says(picture: Image.Image) -> str:
    """What stands in all the codes of a picture, each with a line end behind it; "" where none is seen."""
    assert shutil.which("zbarimg"), "zbar-tools, the judge of QR codes, is not installed: make packages"
    out = BytesIO()
    picture.save(out, "PNG")
    asked = ["zbarimg", "--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", "-"]
    done = subprocess.run(asked, input=out.getvalue(), capture_output=True, check=False, timeout=PATIENCE)
    assert done.returncode in (0, _NOTHING_FOUND), done.stderr.decode()
    return done.stdout.decode("utf-8")
