"""The search of a browser's files finds what is there: else it would prove nothing that other tests find nothing."""

from __future__ import annotations

import json

from tests.browser.installed import Engine
from tests.page_visits import PagePractice, in_files

# Words that stand in no file as they are, once they are compressed; by how long what is kept is that they stand in.
CANARIES = {"violet-canary": 0, "silver-canary": 30_000, "orange-canary": 100_000, "yellow-canary": 3_000_000}
ONCE_MORE = ("cobalt-canary", 100_000)  # kept last, where what was kept before is packed already
# Each part was said before, so that the whole is put together of what was said. Between the canaries stands so much that
# cannot be compressed that Chromium packs what it has.
KEEPS = """(async () => {
    const kept = await new Promise((done) => { const asked = indexedDB.open("kept", 1);
        asked.onupgradeneeded = () => asked.result.createObjectStore("kept");
        asked.onsuccess = () => done(asked.result); });
    const keep = (values) => new Promise((done) => { const change = kept.transaction("kept", "readwrite");
        for (const [name, value] of values) change.objectStore("kept").put(value, name);
        change.oncomplete = done; });
    const said = ([words, length]) => { const [one, two] = [words.slice(0, 7), words.slice(7)];
        const often = `${one}. ${two}! ${one}, ${two}? `.repeat(9);
        return [words.slice(0, 3), (often + one + two).padStart(length, "many of them. ")]; };
    const random = (length) => { const bytes = crypto.getRandomValues(new Uint8Array(length / 2));
        return Array.from(bytes, (each) => each.toString(16).padStart(2, "0")).join(""); };
    await keep(Object.entries(CANARIES).map(said));
    for (let times = 0; times < 150; times += 1) await keep([[times, random(40000)]]);
    await keep([said(ONCE_MORE)]);
    kept.close();
    return true; })()"""


def test_the_search_of_a_browsers_files_finds_what_is_compressed_there(practice: PagePractice, engine: Engine) -> None:
    browser = practice.browser
    with browser.open(f"{practice.url}/practice.json") as page:
        assert page.run(KEEPS.replace("CANARIES", json.dumps(CANARIES)).replace("ONCE_MORE", json.dumps(ONCE_MORE)))
    browser.stop()
    kept = [*CANARIES, ONCE_MORE[0]]
    lying = [path.read_bytes() for path in browser.profile.rglob("*") if path.is_file()]
    assert not any(words.encode() in held for words in kept for held in lying), "they are compressed"
    assert in_files(browser.profile, *kept, "green-canary") == kept
    if engine is Engine.CHROMIUM:
        packed = [path for path in browser.profile.rglob("*.ldb") if in_files(path.parent, *kept, among=[path.name])]
        assert packed, "some of them in a table"
    browser.start()
