// What a browser may delete by itself, when a phone grows full, or when a page was not opened for some time.

/** Firefox alone passes the question on, to somebody who can't know what is meant by it. */
const asksInTurn = () => "mozInnerScreenX" in globalThis;

/** Ask the browser to keep longer what waits here. It may say no, so nothing is promised. */
export function askToKeep() {
  if (!asksInTurn()) navigator.storage?.persist?.().catch(() => {});
}
