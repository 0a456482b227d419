"""Whether pictures can be shown, and how well the process that decodes them is confined."""

from __future__ import annotations

from bot.domain.errors import OutsideFailure
from bot.imaging.child_protocol import Layer
from bot.imaging.sample import sample_photo
from bot.imaging.screener import SandboxedScreener

from .finding import Finding, told

LAYERS = {
    Layer.NETWORK: "no network",
    Layer.LANDLOCK: "no files (Landlock)",
    Layer.SYSTEM_CALLS: "listed system calls only (seccomp)",
}


async def pictures() -> Finding:
    screener = SandboxedScreener()
    try:
        await screener.rendition(sample_photo(megapixels=0.01), 64)
        layers = await screener.layers()
    except OutsideFailure as failure:
        return Finding("Pictures", False, told(failure), "images are still filed, but cannot be shown; Linux is needed")
    finally:
        await screener.close()
    active = [words for layer, words in LAYERS.items() if layer in layers]
    missing = [words for layer, words in LAYERS.items() if layer not in layers]
    what = (
        f"a test photo was decoded in a confined process: limits, no privileges, {', '.join(active) or 'nothing more'}"
    )
    if not missing:
        return Finding("Pictures", True, what)
    heic = "; HEIC can't be shown" if Layer.SYSTEM_CALLS not in layers else ""
    return Finding(
        "Pictures", None, f"{what}; not here: {', '.join(missing)}{heic}", "A newer kernel, or libseccomp, gives more."
    )
