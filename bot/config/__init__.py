"""What the practice decided: the configuration, read from one TOML file, and from a directory of texts if it names one.

Guarantees: reading does nothing but parse and check. All mistakes are reported together, by key and line, in a sentence that
says what to do. What was loaded cannot change. Secrets are never in it, only the paths of the files that hold them, and no
value of the file is repeated in a report (someone may have pasted a password where its path belongs).
Deliberately does not look at the network, the data or the secrets: `consentry doctor` does.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from .contradictions import contradictions
from .report import ConfigInvalid, Problem, explain, nearest_line
from .sections import Config
from .values import Account, LoopbackAddress, Url, Words, Zone, server_of

__all__ = [
    "Account",
    "Config",
    "ConfigInvalid",
    "LoopbackAddress",
    "Problem",
    "Url",
    "Words",
    "Zone",
    "load",
    "parse",
    "server_of",
]


def load(path: Path) -> Config:
    """Return the configuration in the file at `path`; raise `ConfigInvalid` with every problem found."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        sentence = "there is no such file; `consentry init` writes one, `--config` names another"
        raise ConfigInvalid(path, [Problem("", None, sentence)]) from None
    except (OSError, UnicodeDecodeError) as error:
        sentence = f"cannot be read ({type(error).__name__}); make it a UTF-8 text file this user may read"
        raise ConfigInvalid(path, [Problem("", None, sentence)]) from None
    return parse(text, path)


def parse(text: str, path: Path) -> Config:
    """Return the configuration in `text`; relative paths start at the directory of `path`, which need not exist."""
    text = text.replace("\r\n", "\n")
    try:
        document: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigInvalid(path, [Problem.of_syntax(str(error), text)]) from None
    except RecursionError:
        raise ConfigInvalid(path, [Problem("", None, "has brackets within brackets without end")]) from None
    try:
        config = Config.model_validate(document, context={"base": path.absolute().parent})
    except ValidationError as error:
        raise ConfigInvalid(path, explain(error, Config, text)) from None
    problems = [Problem(".".join(key), nearest_line(text, key), said) for key, said in contradictions(config)]
    if problems:
        raise ConfigInvalid(path, problems)
    return config
