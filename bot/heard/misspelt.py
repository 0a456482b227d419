"""Put right the words that must not be missed, where one letter is wrong, missing or too many, or two changed places."""

from __future__ import annotations

from .phrase_lists import words_of

KEYS = words_of(
    """
    breathe breathing swelling swollen throat tongue collapsed unconscious seizure bleeding anaphylaxis
    anaphylactic overdose overdosed suicide suicidal poison poisoned ambulance emergency swallowed allergic
    vomiting vomited asthma shivering drowsy unresponsive temperature headache suddenly pregnant bladder floppy collapsing
    meningitis attack stroke strokes choking fainted fainting chest heart snake dizzy paralysed delete deleted
    deleting remove removed removing withdraw withdrawn withdrawing withdrawal erase erased erasing discard
    cancel cancelled canceled mistake mistakes mistaken mistakenly accident accidents accidental accidentally
    consent consented permission agree agreed unsend unsent ignore ignored forget photo photos picture
    pictures image images stolen wrong please phone phones question appointment correct correction tomorrow
    """
)
_WORDS_OF_THEIR_OWN = words_of(
    """
    breath breaths breather cancer cancels strike stoke stoked content contents consents cheat chess crest
    hear hears hearts heats heat shake snakes snack stake smoke swallow swallows stole chests forgets forgot
    forge agrees agreeable imagine imaged removes remover deletes withdraws withdrew erases erasers photon
    pone hone corrects corrected questions bleedings attacks stroked stroker poisons suicides seizures tongues
    throats threat thread throws wronged wrongs wring wrung erased discards cancellation ignores accidents
    mistook pleased pleaser pleases imaging hearth earth hearty tongued dizzily breeding bleaching pictured
    manage mage images emergence heard snaked quake cooking hooking smelling spelling shelling selling attach prison
    ladder remote remotes unset ease easing eased prone phoned phony lease forest forged snare sake strikes discord blending
    """
)


def _shorter(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(len(word))}


_NEAR: dict[str, set[str]] = {}
for _key in KEYS:
    for _form in {_key, *_shorter(_key)}:
        _NEAR.setdefault(_form, set()).add(_key)
_LONGEST_KEY = max(map(len, KEYS)) + 1


def put_right(word: str) -> str:
    """Return the key word that this is one slip away from; the word itself where it is none, or a word of its own."""
    if not 4 <= len(word) <= _LONGEST_KEY or word in KEYS or word in _WORDS_OF_THEIR_OWN or not word.isascii():
        return word
    near = {key for form in {word, *_shorter(word)} for key in _NEAR.get(form, ())}
    return min((key for key in near if _one_slip(word, key)), default=word)


def _one_slip(one: str, other: str) -> bool:
    if len(one) != len(other):
        return True  # that they share a shorter form says it
    unlike = [at for at in range(len(one)) if one[at] != other[at]]
    if len(unlike) == 1:
        return unlike[0] > 0  # a first letter is rarely the slip: "brong", and "heart" is no "beart"
    return len(unlike) == 2 and unlike[1] == unlike[0] + 1 and one[unlike[0]] == other[unlike[1]]
