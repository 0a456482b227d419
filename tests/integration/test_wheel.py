"""What a practice installs: one wheel with the page inside, and a lock without what only tests need. No Node, no checkout.

Here the wheel is built from these sources and put into a new environment that sees the packages of the developer's. With
CONSENTRY_DIST (`make dist`), what lies in that directory is installed by its own script instead, with everything fetched.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from bot import __version__
from bot.page.bundle import SHIPPED
from tests.bot_process import SOURCES
from tests.homeserver import free_port
from tests.patience import PATIENCE

PACKED = ("bot", "handlers", "storage", "pyproject.toml", "README.md", "LICENSE")
WHEEL = ("-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir")


class Installed:
    """consentry as a practice has it: an environment of its own, somewhere else, and nothing on the PATH."""

    def __init__(self, place: Path, wheel: Path) -> None:
        self.place = place
        self.wheel = wheel
        self.python = place / ".venv" / "bin" / "python"
        self.command = place / ".venv" / "bin" / "consentry"
        self.environment = {"PATH": "", "LANG": "C.UTF-8", "HOME": str(place)}

    def run(self, *words: str) -> str:
        return self._said(self.command, *words)

    def python_says(self, script: str) -> str:
        return self._said(self.python, "-c", script)

    def _said(self, *words: str | Path) -> str:
        ended = subprocess.run(words, cwd=self.place, env=self.environment, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    place = tmp_path_factory.mktemp("practice")
    if made := os.environ.get("CONSENTRY_DIST"):
        shutil.copytree(made, place, dirs_exist_ok=True)
        subprocess.run(["sh", place / "install.sh"], check=True, env={"PATH": os.defpath, "PYTHON": sys.executable})
    else:
        build(place)
        [wheel] = place.glob("*.whl")
        install_beside_the_developers_packages(wheel, place / ".venv")
    [wheel] = place.glob("*.whl")
    return Installed(place, wheel)


def build(place: Path) -> None:
    """Build the wheel from a copy: a build leaves files beside its sources."""
    sources = place / "sources"
    sources.mkdir()
    for name in PACKED:
        if (SOURCES / name).is_dir():
            shutil.copytree(
                SOURCES / name, sources / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules")
            )
        else:
            shutil.copy(SOURCES / name, sources)
    subprocess.run([sys.executable, *WHEEL, place, sources], check=True)
    shutil.rmtree(sources)


def install_beside_the_developers_packages(wheel: Path, environment: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    install = ("-m", "pip", "--python", environment, "install", "--quiet", "--no-deps", "--no-index", wheel)
    subprocess.run([sys.executable, *install], check=True)
    [site] = environment.glob("lib/python*/site-packages")
    (site / "developers.pth").write_text(sysconfig.get_path("purelib") + "\n")  # its own .pth files are not read


@pytest.fixture
def config(installed: Installed, tmp_path: Path) -> Path:
    """A practice that `consentry init` set up, with a page."""
    file = tmp_path / "config.toml"
    installed.run(
        *("init", "--config", str(file), "--name", "Harbour", "--timezone", "Australia/Sydney", "--embedded"),
        *("--url", "http://127.0.0.1:8008", "--user", "@consentry:localhost", "--manager", "lee", "--duty", "lee"),
    )
    with file.open("a", encoding="utf-8") as more:
        more.write(f'\n[page]\nurl = "https://photos.example"\nlisten = "127.0.0.1:{free_port()}"\n')
    return file


@contextmanager
def page_of(installed: Installed, config: Path) -> Iterator[str]:
    """The address of the page, while it is served."""
    serving = subprocess.Popen(
        [installed.command, "page", "--config", config],
        cwd=installed.place,
        env=installed.environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert serving.stdout is not None
    try:
        yield serving.stdout.readline().removeprefix("ready: ").strip()
    finally:
        serving.terminate()
        serving.wait(PATIENCE)
        serving.stdout.close()


def test_what_is_installed_is_the_product_alone(installed: Installed) -> None:
    with zipfile.ZipFile(installed.wheel) as wheel:
        names = wheel.namelist()
    assert {name.partition("/")[0] for name in names} == {
        *("bot", "handlers", "storage"),
        f"consentry-{__version__}.dist-info",
    }
    assert not [name for name in names if name.startswith("bot/page/web/")]
    assert installed.python_says("import bot; print(bot.__file__)").startswith(str(installed.place))


def test_it_says_what_it_is_and_what_it_can_do(installed: Installed) -> None:
    assert installed.run("--version").strip() == __version__
    said = installed.run("--help")
    assert all(name in said for name in ("init", "page", "doctor"))


def test_it_serves_the_very_page_that_was_shipped(installed: Installed, config: Path) -> None:
    with page_of(installed, config) as url:
        for line in SHIPPED.read_text().splitlines():
            digest, _, name = line.partition("  ")
            with urlopen(f"{url}/{name}", timeout=PATIENCE) as served:
                assert hashlib.sha256(served.read()).hexdigest() == digest, name


def test_the_homeserver_is_looked_for_beside_it(installed: Installed) -> None:
    said = installed.python_says("from bot.homeserver import synapse_venv; print(synapse_venv())")
    assert said.strip() == str(installed.place / ".venv-synapse")
