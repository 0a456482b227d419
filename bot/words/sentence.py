"""Sentences that the bot answers with: each is named by a `Message` where it is decided, and written here in English."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from inspect import Parameter, signature
from typing import Generic, ParamSpec

from bot.domain.message import TOGETHER, Message

P = ParamSpec("P")


class Sentence(Generic[P]):
    """One sentence. Called, it returns the message that names it; `english` writes it, for other sentences to hold."""

    def __init__(self, english: Callable[P, str]) -> None:
        self.english = english
        self.__doc__ = english.__doc__
        self.id = f"{english.__module__.rpartition('.')[2]}.{english.__name__}"
        self._signature = signature(english)
        if any(one.kind is not Parameter.POSITIONAL_OR_KEYWORD for one in self._signature.parameters.values()):
            raise TypeError(f"{self.id}: each argument of a sentence has a name")

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Message:
        return Message(self.id, self._signature.bind(*args, **kwargs).arguments)


def sentence(english: Callable[P, str]) -> Sentence[P]:
    """Make a function that writes English the sentence of its name."""
    return Sentence(english)


def in_words(said: Message) -> str:
    """Return what a message says, in English."""
    if said.id == TOGETHER:
        return _joined(**said.args)  # type: ignore[arg-type]
    module, name = said.id.split(".")
    wanted: Sentence[...] = getattr(import_module(f"bot.words.{module}"), name)
    return wanted.english(**said.args)


def _joined(parts: tuple[Message, ...], between: str) -> str:
    return between.join(map(in_words, parts))
