"""Words that say a phone is lost or stolen, or in somebody else's hands."""

from __future__ import annotations

from .phrase_lists import any_of
from .plain import clauses

_PHONE = (
    "phone|phones|telephone|mobile|iphone|android|handset|cell|cellphone|ipad|tablet|device|samsung|galaxy|"
    "pixel|smartphone|fone|handphone|cel|laptop"
)
_BAG = f"handbag|bag|purse|backpack|wallet|car|house|jacket|{_PHONE}"
_LOST = (
    "lost|lose|losing|misplaced|mislaid|nicked|stole|stolen|pinched|robbed|snatched|swiped|took|"
    "missing|grabbed|mugged|burgled|steal|loss|theft"
)
_TAKEN = "nicked|stole|stolen|pinched|robbed|snatched|swiped|mugged|burgled|knocked"
_PLACE = (
    "bus|train|tram|taxi|cab|uber|ferry|plane|cafe|pub|shop|toilet|sea|river|ocean|lake|beach|park|"
    "gym|cinema|street|pool|water|tip|bin"
    "|restaurant|shops|supermarket|airport|somewhere|hotel|harbour|drain|sink|loo|bath"
)
_LOSES = any_of(
    f"{_LOST} my|me|the|his|her|our|a|both|of|new|old|work? my|new|old|work? {_PHONE}",
    f"{_LOST} ... {_PHONE}",
    f"{_TAKEN} ... ... phone|mobile|iphone|handset|ipad",
    f"{_PHONE} ... {_LOST}|disappeared|vanished",
    f"{_PHONE} because|cause|as|since|but|and its|it|ive ... gone|{_LOST}",
    "handbag|bag|purse|wallet|backpack ... was|got|been|is|were taken",
    f"{_PHONE} ... is|was|has|got|been|gets gone|taken|{_LOST}",
    f"{_BAG} ... {_LOST} ... {_PHONE}|$",
    f"left|forgot|dropped ... {_PHONE} ... {_PLACE}",
    f"{_PHONE} ... fell|dropped|left|drowned|went ... {_PLACE}",
    f"cant|couldnt|not ... find|locate ... {_PHONE}",
    f"{_PHONE} ... cant|couldnt find|locate",
    "someone|somebody|ex|thief|brother|sister|husband|wife|boyfriend|girlfriend ... has|took|stole|"
    f"got|grabbed ... {_PHONE}",
    f"dont|longer have|got my old? {_PHONE}",
    f"{_BAG} ... {_LOST} ... ... {_PHONE}",
    f"^ {_PHONE} lost|stolen|gone|missing",
    f"sold|gave|given|traded|pawned ... old? {_PHONE}",
    "telefono|celular|movil|handy|telephone|portable|cellulare|telefone|telefon ... robado|robaron|"
    "perdido|perdi|verloren|gestohlen|geklaut|vole"
    "|perdu|rubato|perso|roubado|roubaram|stolen|lost|robo",
    "perdi|perdu|verloren|perso|robaron|vole|rubato|roubaram ... telefono|celular|movil|handy|"
    "telephone|portable|cellulare|telefone|telefon",
    "mein|my handy ... weg|lost|stolen|gone",
    f"{_PHONE} ... with my? ex|brother|sister|somebody|someone",
    f"he|she|they took|stole|got|grabbed ... {_PHONE}",
    f"{_PHONE} , because|as|since|the? old? mine|one ... {_LOST}|went|fell|drowned|disappeared|vanished|gone|overboard|swimming",
    "sim swap*",
    f"{_PHONE}|account|sim ... hacked|compromised|swapped",
    "been|got|was hacked",
    "someone|somebody ... in|into|using my account|chat",
)
_OWN = any_of(f"my|me|old|new|his|her {_PHONE}", f"my new|old|work {_PHONE}")
_ROBBED = any_of(
    "stolen|robbed|burgled|mugged|theft|thief|robado|gestohlen|rubato|roubado|vole|nicked",
    "sim card",
)
_NOT = any_of(
    f"found|back|havent|didnt|hasnt|not|nearly|almost ... {_LOST}? ... {_PHONE}",
    f"{_PHONE} ... found|back|nearly|almost|not|isnt",
    f"{_PHONE} ... turned up",
    f"lost ... signal|reception|charge|battery|power|number|contact|case|charger|cover ... {_PHONE}|on|of|$",
    f"took|take|taking ... photo|photos|pic|pics|picture|pictures|it|this|that|them|video|one ... {_PHONE}",
    f"photo|photos|pic|pics|picture|pictures|it ... {_LOST} ... with|on|by|from ... {_PHONE}",
    "stole|lost my|the|all|that? photo|photos|pic|pics",
    "took|take|taking|taken ... tablet",
)
# A tablet that one swallows is no phone.
_PILL = any_of(
    "one|1|another|half|pressure|pain|heart|water|morning|evening|night|thyroid|iron|vitamin|antibiotic|sleeping tablet",
    "tablet ... pack|packet|box|strip|blister|bottle|dose|day",
    "a|the tablet down",
    "a|the tablet in|into the sink|drain|toilet|loo",
)
_STILL = any_of("cant|couldnt|not find|found|locate")


def loses_a_phone(words: str) -> bool:
    """Return whether plain words say that a phone is lost, of themselves or somebody else."""
    words = _PILL.without(words)
    kept = _NOT.search(words) and not _STILL.search(words)
    return not kept and (_LOSES.search(words) or any(_LOSES.search(clause) for clause in clauses(words)))


def may_be_lost(words: str) -> bool:
    """Return whether plain words speak of a phone of one's own, so that it may be lost."""
    return (_OWN.search(words) and not _NOT.search(words)) or _ROBBED.search(words)
