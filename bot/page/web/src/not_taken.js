// What the practice's server did not take. It stays here, sealed, and that is said until somebody sends it again or throws it away.

import { attempt } from "./buttons.js";
import { throwAway } from "./queue.js";
import { hideEntries, showEntries } from "./unsent.js";

const [section, list, send, drop] = ["not-taken", "not-taken-list", "not-taken-send", "not-taken-drop"].map((name) =>
  document.getElementById(name),
);

/** Show what waits at these places; `again` sends it once more, `changed` hears that it was thrown away. */
export async function showNotTaken(places, again, changed) {
  await showEntries(list, places);
  section.hidden = false;
  send.onclick = () =>
    attempt(send, async () => {
      await again();
      hideNotTaken();
    });
  drop.onclick = () =>
    attempt(drop, async () => {
      await throwAway(places);
      hideNotTaken();
      changed();
    });
}

export function hideNotTaken() {
  section.hidden = true;
  hideEntries(list);
}
