// Photos and words that were tapped before a birthday proved wrong: they are sent only when somebody taps once more.

import { emptyQueue, queued, queuedAt, unseal, unsealJson } from "./kept.js";
import { pictureOf, wipe } from "./pictures.js";

const [section, list, send, drop] = ["unsent", "unsent-list", "unsent-send", "unsent-drop"].map((name) =>
  document.getElementById(name),
);

/** Show what waits, if anything does; return once somebody said whether it is sent. */
export async function offerUnsent() {
  const places = await queued();
  if (!places.length) return;
  list.replaceChildren(...(await Promise.all(places.map(async (place) => entryOf(await queuedAt(place))))));
  section.hidden = false;
  const isSent = await new Promise((said) => {
    send.onclick = () => said(true);
    drop.onclick = () => said(false);
    send.focus();
  });
  if (!isSent) await emptyQueue();
  hideUnsent();
}

export function hideUnsent() {
  section.hidden = true;
  wipe(list);
  list.replaceChildren();
}

async function entryOf({ id, about, photo }) {
  const { words, name, type, content } = await unsealJson(`about ${id}`, about);
  const entry = document.createElement("li");
  const picture = photo && (await pictureOf(new Blob([await unseal(`photo ${id}`, photo)], { type }), name));
  entry.append(picture || name || "", document.createTextNode(words ?? content?.body ?? ""));
  return entry;
}
