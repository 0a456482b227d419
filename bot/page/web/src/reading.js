// Files that somebody chose: they lie on the phone or in a cloud, and may be gone when they are read.

import { Unreadable } from "./stops.js";

/** Return the content of a file; throw `Unreadable` where it can't be had any more. */
export function contentOf(file) {
  return file.arrayBuffer().catch(() => {
    throw new Unreadable();
  });
}
