"""QR pictures of the bot's own address, for invitations."""

from __future__ import annotations

import io

import segno

from bot.ports import Rendition

MODULE = 8  # pixels


class SegnoPainter:
    """The port `QrPainter`, on segno."""

    def paint(self, text: str) -> Rendition:
        """Return a PNG with error correction M and the quiet border that phones need."""
        code = segno.make_qr(text, error="m")
        out = io.BytesIO()
        code.save(out, kind="png", scale=MODULE, border=4)
        side = code.symbol_size(scale=MODULE, border=4)[0]
        return Rendition(out.getvalue(), "image/png", int(side), int(side))
