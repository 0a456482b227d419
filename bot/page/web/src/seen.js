// What was seen here: the practice is told, so that it rings nobody about a reply that was read.

import { patiently } from "./patience.js";

export class Seen {
  #tell;
  #latest = "";
  #told = "";
  #isTelling = false;

  /** `tell` tells the homeserver that a message was seen. */
  constructor(tell) {
    this.#tell = tell;
    document.addEventListener("visibilitychange", () => this.#go());
  }

  /** This message and all before it are shown; they are seen once somebody looks at the page. */
  shown(id) {
    if (id) this.#latest = id;
    this.#go();
  }

  async #go() {
    if (this.#isTelling) return;
    this.#isTelling = true;
    try {
      while (document.visibilityState === "visible" && this.#latest !== this.#told) {
        const id = this.#latest;
        await patiently(() => this.#tell(id));
        this.#told = id;
      }
    } catch {
      // the practice rings about it: nothing is lost
    } finally {
      this.#isTelling = false;
    }
  }
}
