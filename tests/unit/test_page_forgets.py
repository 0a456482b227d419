"""What the page keeps in a browser once an account has ended: nothing that names a patient (R28a, R31)."""

from __future__ import annotations

import json
import subprocess

from tests.bot_process import SOURCES
from tests.peer.driver import node_alone

MODULES = SOURCES / "bot" / "page" / "web" / "src"

# As much of a browser as the modules touch: elements that take anything, and two stores in memory.
BROWSER = """
const element = () => ({ dataset: {}, addEventListener() {}, querySelectorAll: () => [], replaceChildren() {}, append() {} });
const elements = {};
globalThis.document = { getElementById: (name) => (elements[name] ??= element()), createElement: element };
globalThis.location = { search: "?lang=en" };
globalThis.addEventListener = globalThis.removeEventListener = () => {};
const stores = { me: new Map(), queue: new Map() };
const database = {
  transaction(name) {
    const store = {
      get: (key) => ({ result: stores[name].get(key) }),
      put: (value, key) => ({ result: stores[name].set(key, value) && key }),
      clear: () => ({ result: stores[name].clear() }),
      getAllKeys: () => ({ result: [...stores[name].keys()] }),
    };
    const transaction = { objectStore: () => store };
    setTimeout(() => transaction.oncomplete());
    return transaction;
  },
};
globalThis.indexedDB = {
  open() {
    const request = { result: database };
    setTimeout(() => request.onsuccess());
    return request;
  },
};
"""
ENDED = """
const [whose, { SignedOut }, { Visit }] = await Promise.all(
  ["whose", "stops", "visit"].map((name) => import(`${process.argv[1]}/${name}.js`)),
);
await whose.learnWhose({ names: ["Mia Lee, born 1 May 2019", "Ben Lee, born 1 May 2019"], saidIn: "$1" });
const before = whose.isAsked();
await new Visit({ room: "!own" }, { largest: 1 }, null).stopped(new SignedOut());
await whose.recallWhose();
console.log(JSON.stringify([before, whose.isAsked(), stores.me.get("whose") === undefined]));
"""


ALONE = """
const { chosenPerson, learnWhose } = await import(`${process.argv[1]}/whose.js`);
const said = [];
for (const names of [[], ["Mia Lee, born 1 May 2019"], ["Mia Lee, born 1 May 2019", "Ben Lee, born 1 May 2019"]]) {
  await learnWhose({ names, saidIn: "$1" });
  document.getElementById("people").querySelector = () => undefined; // nobody was tapped
  said.push(chosenPerson() ?? null);
}
console.log(JSON.stringify(said));
"""


def test_R15_a_photo_says_whose_it_is_also_where_there_was_no_choice() -> None:
    """It may wait on the phone for days: then another child's link may be the only one."""
    words = [node_alone(), "--input-type=module", "-e", BROWSER + ALONE, str(MODULES)]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    assert json.loads(said) == [None, "Mia Lee, born 1 May 2019", None]


ADDED = """
const before = await import(`${process.argv[1]}/whose.js`);
const said = [];
await before.learnWhose({ names: ["Mia Lee, born 1 May 2019"], saidIn: "$1" });
await before.doubtWhose(true);
await before.learnWhose({ names: ["Mia Lee, born 1 May 2019"], saidIn: "$1" }); // what was said before is read again
said.push(before.chosenPerson() ?? null, before.isAsked());
const after = await import(`${process.argv[1]}/whose.js?loaded-again`);
await after.recallWhose();
said.push(after.chosenPerson() ?? null);
await after.learnWhose({ names: ["Mia Lee, born 1 May 2019", "Ben Lee, born 1 May 2019"], saidIn: "$2" });
said.push(after.isAsked());
await after.doubtWhose(true);
await after.doubtWhose(false);
said.push(after.isAsked());
await after.doubtWhose(true);
await after.learnWhose({ names: ["Mia Lee, born 1 May 2019", "Ben Lee, born 1 May 2019"], saidIn: "$2" });
said.push(after.isAsked());
await after.learnWhose({ names: ["Mia Lee, born 1 May 2019", "Ben Lee, born 1 May 2019"], saidIn: "$3" }); // they were there
said.push(after.isAsked());
console.log(JSON.stringify(said));
"""


def test_R15_after_somebody_was_added_a_photo_names_nobody_until_the_assistant_has_named_them() -> None:
    """The form is back before that: a photo of the second child would go under the first. Without a name the bot asks."""
    words = [node_alone(), "--input-type=module", "-e", BROWSER + ADDED, str(MODULES)]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    assert json.loads(said) == [None, False, None, True, True, False, True]


def test_R31_whom_one_answered_for_is_forgotten_when_the_account_ends() -> None:
    words = [node_alone(), "--input-type=module", "-e", BROWSER + ENDED, str(MODULES)]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    assert json.loads(said) == [True, False, True]
