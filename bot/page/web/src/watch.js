// Waiting for what others do.

import { NoAnswer } from "./stops.js";

const LOOK_AGAIN = 1000; // milliseconds, where nothing new was told

export class Watch {
  #waiting = [];

  /** Something new is known: whoever waits looks. */
  wake() {
    for (const look of this.#waiting.splice(0)) look();
  }

  /** Return what is seen once it is true; throw `NoAnswer` when it is not within so many milliseconds. */
  async until(seen, patience = Infinity) {
    const end = Date.now() + patience;
    for (;;) {
      const found = await seen();
      if (found) return found;
      if (Date.now() > end) throw new NoAnswer();
      await new Promise((look) => {
        this.#waiting.push(look);
        setTimeout(look, LOOK_AGAIN);
      });
    }
  }
}
