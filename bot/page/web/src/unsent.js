// Photos and words that were tapped before a birthday proved wrong: they are sent only when somebody taps once more.

import { queued, queuedAt, unseal, unsealJson } from "./kept.js";
import { pictureOf, wipe } from "./pictures.js";
import { throwAllAway } from "./queue.js";
import { say } from "./saying.js";

const [section, list, send, drop] = ["unsent", "unsent-list", "unsent-send", "unsent-drop"].map((name) =>
  document.getElementById(name),
);

/** Show what waits, if anything does; return once somebody said whether it is sent. */
export async function offerUnsent() {
  const places = await queued();
  if (!places.length) return;
  await showEntries(list, places);
  section.hidden = false;
  const isSent = await new Promise((said) => {
    send.onclick = () => said(true);
    drop.onclick = () => said(false);
    send.focus();
  });
  if (!isSent) await throwAllAway();
  hideUnsent();
}

export function hideUnsent() {
  section.hidden = true;
  hideEntries(list);
}

/** Show in a list what waits at these places. */
export async function showEntries(shown, places) {
  const entries = [];
  for (const place of places) entries.push(await entryOf(await queuedAt(place))); // each is opened whole
  hideEntries(shown);
  shown.append(...entries);
}

export function hideEntries(shown) {
  wipe(shown);
  shown.replaceChildren();
}

async function entryOf({ id, about, photo }) {
  const { words, name, type, content } = await unsealJson(`about ${id}`, about);
  const entry = document.createElement("li");
  const picture = photo && (await pictureOf(new Blob([await unseal(`photo ${id}`, photo)], { type }), name));
  entry.append(picture || name || "", document.createTextNode(words ?? content.body ?? say("anAnswer")));
  return entry;
}
