// Trying again what a line that breaks, or a server that is busy or starts anew, has cut short.

import { HomeserverRefused, NoAnswer, isFull } from "./stops.js";

const AGAIN = 5000; // milliseconds, where nobody said how long to wait

/** Do it until it is done; `tell` hears why it is tried again. What no second try mends is thrown. */
export async function patiently(work, tell = () => {}) {
  for (;;) {
    try {
      return await work();
    } catch (failure) {
      if (!isPassing(failure)) throw failure;
      tell(whyLater(failure));
      if (!(failure instanceof NoAnswer)) await rest(failure.retryAfter);
    }
  }
}

/** Return the name of the sentence that says why it is tried again. */
export function whyLater(failure) {
  if (failure instanceof NoAnswer) return "noAnswer";
  if (failure.status === 429) return "slowDown";
  if (isFull(failure)) return "noRoom";
  return isPassing(failure) ? "offline" : "again";
}

/** Wait for so many milliseconds, or until the connection is back. */
export function rest(milliseconds = AGAIN) {
  return new Promise((done) => {
    const over = () => {
      removeEventListener("online", over);
      done();
    };
    setTimeout(over, milliseconds);
    addEventListener("online", over);
  });
}

/** Return whether it may pass by itself. `fetch` fails with a TypeError where there is no connection. */
export function isPassing(failure) {
  if (failure instanceof HomeserverRefused) return [408, 429].includes(failure.status) || failure.status >= 500 || !failure.code;
  return isFull(failure) || failure instanceof TypeError || failure instanceof NoAnswer;
}
