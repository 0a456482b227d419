"""Learn what words and kinds of things weigh for `bot.heard.trouble`, from the messages that people write.

``python -m tests.heard.weigh`` prints ``bot/heard/trouble_weights.py``. With ``--curve`` it prints, for each place of the dial,
how many alarms are heard and how many other messages bring the sentence needlessly, of files the weights weren't learnt from.
"""

from __future__ import annotations

import math
import sys
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.heard.alarm import has_sign, without_harmless
from bot.heard.plain import plain, sentences
from bot.heard.trouble import kinds_of_trouble, length_of, said_of_trouble

from .messages import Meaning, WrittenMessage
from .score import FILES, patients_messages

ORDINARY = frozenset({Meaning.REASON, Meaning.ABOUT_PHOTO})
GROUPS = (
    ("messages", "fresh", "later", "last", "unseen"),
    ("alarms", "holds", "again"),
    ("frightened", "newest", "blind"),
    ("polite", "terse", "held"),
    ("long",),
    ("church", "kettle"),
)
_ROUNDS, _STEPS, _STEP, _SMALLER = 2, 150, 0.1, 2.0  # of which sentence tells of it; then of the descent; its decay
_ALARM, _ORDINARY, _OTHER = 2.0, 2.0, 1.0  # how much a mistake about one costs
_SCALE = 4  # weights are whole numbers: quarters of a logarithm of odds
_LENGTH = "length:"


@dataclass(frozen=True)
class Example:
    """Hold a message and what each of its sentences says; kinds end with a colon, stems don't."""

    message: WrittenMessage
    sentences: tuple[tuple[str, ...], ...]


def example(message: WrittenMessage) -> Example:
    """Read a message as the reader of alarms does."""
    said = sentences(without_harmless(plain(message.text))) or [". . "]
    return Example(message, tuple(_says(sentence) for sentence in said))


def _says(said: str) -> tuple[str, ...]:
    return (
        *sorted(said_of_trouble(said)),
        *(f"{kind}:" for kind in kinds_of_trouble(said)),
        *([_LENGTH] * length_of(said)),
    )


def learn(examples: Sequence[Example]) -> dict[str, float]:
    """Return the weights that tell alarms from other messages best; an alarm is told by its weightiest sentence."""
    times = Counter(part for each in examples for part in {part for said in each.sentences for part in said})
    weights = {part: 0.0 for part, count in sorted(times.items()) if count > 1}
    alarms = [each.sentences for each in examples if each.message.means is Meaning.ALARM]
    others = [
        (said, _ORDINARY if each.message.means in ORDINARY else _OTHER)
        for each in examples
        if each.message.means is not Meaning.ALARM
        for said in each.sentences
    ]
    for turn in range(_ROUNDS):
        telling = [
            max(said, key=lambda one: _sum(weights, one)) if turn else tuple(part for one in said for part in one)
            for said in alarms
        ]
        _descend(weights, [(said, 1.0, _ALARM) for said in telling] + [(said, 0.0, cost) for said, cost in others])
    return weights


def _sum(weights: dict[str, float], said: Iterable[str]) -> float:
    return sum(weights.get(part, 0.0) for part in said)


def _descend(weights: dict[str, float], rows: list[tuple[tuple[str, ...], float, float]]) -> None:
    """Fit a logistic regression, in place, by Adam's steps over all rows."""
    known = [([part for part in said if part in weights], truth, cost) for said, truth, cost in rows]
    mean, square = dict.fromkeys(weights, 0.0), dict.fromkeys(weights, 0.0)
    start, start_mean, start_square = -1.0, 0.0, 0.0
    for step in range(1, _STEPS + 1):
        slope = {part: _SMALLER * weight for part, weight in weights.items()}
        start_slope = 0.0
        for said, truth, cost in known:
            odds = start + sum([weights[part] for part in said])
            wrong = cost * (1 / (1 + math.exp(-max(-30.0, min(30.0, odds)))) - truth)
            start_slope += wrong
            for part in said:
                slope[part] += wrong
        fade_mean, fade_square = 1 - 0.9**step, 1 - 0.99**step
        for part, value in slope.items():
            mean[part] = 0.9 * mean[part] + 0.1 * value
            square[part] = 0.99 * square[part] + 0.01 * value * value
            weights[part] -= _STEP * mean[part] / fade_mean / (math.sqrt(square[part] / fade_square) + 1e-8)
        start_mean, start_square = 0.9 * start_mean + 0.1 * start_slope, 0.99 * start_square + 0.01 * start_slope**2
        start -= _STEP * start_mean / fade_mean / (math.sqrt(start_square / fade_square) + 1e-8)


def whole(weights: dict[str, float]) -> dict[str, int]:
    """Return the weights as whole numbers, without those that come to nothing."""
    return {part: rounded for part, weight in weights.items() if (rounded := round(_SCALE * weight))}


def table(weights: dict[str, int]) -> str:
    """Return the module that holds the weights."""
    stems: defaultdict[int, list[str]] = defaultdict(list)
    kinds = {part[:-1]: weight for part, weight in weights.items() if part.endswith(":") and part != _LENGTH}
    for part, weight in weights.items():
        if not part.endswith(":"):
            stems[weight].append(part)
    lines = [
        '"""What each kind of thing, and each stem of a word, weighs. Learnt: ``python -m tests.heard.weigh``."""',
        "",
    ]
    lines += [f"LENGTH = {weights.get(_LENGTH, 0)}  # for each step that a sentence is longer than most"]
    lines += ["OF_KINDS = {", *(f'    "{kind}": {weight},' for kind, weight in kinds.items()), "}", "OF_WORDS = {"]
    for weight in sorted(stems, reverse=True):
        wrapped = textwrap.wrap(" ".join(sorted(stems[weight])), 110)
        lines += [f"    {weight}: (", *(f'        "{line} "' for line in wrapped), "    ),"]
    return "\n".join([*lines, "}", ""])


def curve() -> None:
    """Print, for each group of files, what the weights of all the others hear in it."""
    read = {file: [example(message) for message in patients_messages(file)] for file in FILES}
    for group in GROUPS:
        weights = whole(learn([each for file in FILES if file not in group for each in read[file]]))
        tried = [each for file in group for each in read[file]]
        print(f"\n{', '.join(group):45} alarms heard   ordinary, needlessly   others")
        for dial in range(3, 14):
            print(
                f"{dial:45}", *(f"{_heard(tried, weights, dial, kind):>12}" for kind in ("alarm", "ordinary", "other"))
            )


def _heard(tried: list[Example], weights: dict[str, int], dial: int, kind: str) -> str:
    of_kind = [each for each in tried if _kind(each.message.means) == kind]
    heard = [
        each
        for each in of_kind
        if has_sign(each.message.text)
        or any(sum(weights.get(part, 0) for part in said) >= dial for said in each.sentences)
    ]
    return f"{len(heard) / len(of_kind):.1%}" if of_kind else "none"


def _kind(means: Meaning) -> str:
    return "alarm" if means is Meaning.ALARM else "ordinary" if means in ORDINARY else "other"


if __name__ == "__main__":
    if "--curve" in sys.argv:
        curve()
    else:
        print(table(whole(learn([example(message) for file in FILES for message in patients_messages(file)]))), end="")
