"""The search of a browser's files finds what is there: else it would prove nothing that other tests find nothing."""

from __future__ import annotations

from tests.browser.installed import Engine
from tests.page_visits import PagePractice, in_files

SMALL, LARGE = "violet-canary", "yellow-canary"  # words that stand in no file as they are, once they are compressed
# Each part was said before, so that the whole is put together of what was said.
KEEPS = """new Promise((done) => { const asked = indexedDB.open("kept", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("kept");
    asked.onsuccess = () => { const change = asked.result.transaction("kept", "readwrite");
        const kept = change.objectStore("kept");
        const said = (words) => { const [one, two] = [words.slice(0, 7), words.slice(7)];
            return `${one}. ${two}! ${one}, ${two}? `.repeat(9) + one + two; };
        kept.put(said("SMALL"), 1); kept.put(said("LARGE").padStart(3000000, "many of them. "), 2);
        change.oncomplete = () => { asked.result.close(); done(true); }; }; })"""
KEEPS = KEEPS.replace("SMALL", SMALL).replace("LARGE", LARGE)


def test_the_search_of_a_browsers_files_finds_what_is_compressed_there(practice: PagePractice, engine: Engine) -> None:
    browser = practice.browser
    with browser.open(f"{practice.url}/practice.json") as page:
        assert page.run(KEEPS)
    browser.stop()
    lying = [path.read_bytes() for path in browser.profile.rglob("*") if path.is_file()]
    assert not any(LARGE.encode() in held for held in lying), "it is compressed"
    assert in_files(browser.profile, SMALL, LARGE, "green-canary") == [SMALL, LARGE]
    browser.start()
