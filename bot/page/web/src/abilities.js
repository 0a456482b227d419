// What a browser has to be able to do, seen before anything is asked of somebody, and before a link is used up.

/** Return whether this browser has all that the page can't do without. */
export const isAble = () =>
  [globalThis.WebAssembly?.instantiateStreaming, globalThis.crypto?.subtle, navigator.locks, globalThis.createImageBitmap].every(Boolean);
