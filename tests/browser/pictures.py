"""`python -m tests.browser.pictures`: play a patient's first visit on a phone, and make the pictures of it that README shows.

Whoever runs it looks at them: no program can tell whether a page is as it should be.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from bot.homeserver import EmbeddedHomeserver, synapse_venv
from bot.imaging.sample import sample_photo
from tests.bot_process import SOURCES
from tests.homeserver import Homeserver, free_port
from tests.page_visits import PagePractice, page_practice, type_born

PICTURES = SOURCES / "docs" / "pictures"
TO_MESSAGES = "document.getElementById('messages').scrollIntoView()"
WIDTH, HEIGHT = 390, 890


def take(practice: PagePractice, home: Path, to: Path) -> None:
    running = practice.running
    invited = running.enrol(f'!enrol clinician {running.accounts["lee"].user_id} "Dr Lee"')
    lee = running.enter(running.accounts["lee"], invited)
    photo = home / "IMG_2034.jpg"
    photo.write_bytes(sample_photo())
    page = practice.browser.open(practice.link("10421"), alone=True)
    page.size(WIDTH, HEIGHT)
    page.waits("date of birth")
    type_born(page)
    page.shot(to / "page-1-birthday.png", whole=False)
    page.tap("#born button")
    page.waits("You are connected")
    page.choose(photo)
    page.type("#words", "rash on my arm, three days")
    page.waits(".", "#place")
    page.shot(to / "page-2-photo.png", whole=False)
    page.tap("#send")
    said = page.waits("I have your photo IMG-[0-9A-Z]{4}", "#list")
    practice.filed(photo)
    page.waits("rash on my arm", "#list li.mine", gone=True)
    page.run(TO_MESSAGES)
    page.shot(to / "page-3-answer.png", whole=False)
    ref = said[said.index("IMG-") :][:8]
    lee.says(f"!reply {ref} Use the cream twice a day, and send another photo on Friday.")
    page.waits("Use the cream", "#list")
    page.run(TO_MESSAGES)
    page.shot(to / "page-4-reply.png", whole=False)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="pictures-") as directory:
        home = Path(directory)
        server = Homeserver(EmbeddedHomeserver(home / "hs", "practice.test", free_port(), synapse_venv(), fast=True))
        server.start()
        try:
            with page_practice(server, home) as practice:
                take(practice, home, PICTURES)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
