// Pictures as they are shown: drawn into the page's memory, small, so that the browser has no file of them.

import { decryptAttachment } from "./attachment.js";
import { download } from "./homeserver.js";

const WIDEST = 640; // pixels

let latest = Promise.resolve(); // the picture that is open, and those that wait for it

/**
 * Return what `work` makes of the picture; null where this browser can't read it, or nobody wants it any more. One is open at a time:
 * ten photos of a phone, each as large as the camera has it, are half a gigabyte, and an old phone ends the page.
 */
function opened(blob, work, isWanted = () => true) {
  const result = latest.then(async () => {
    if (!isWanted()) return null;
    const picture = await createImageBitmap(blob);
    try {
      return isWanted() ? work(picture) : null;
    } finally {
      picture.close();
    }
  });
  latest = result.catch(() => {});
  return result.catch(() => null);
}

/** Return how wide and high the picture is with its longer side at most so long. */
function scaled({ width, height }, longest) {
  const scale = Math.min(1, longest / Math.max(width, height));
  return [width, height].map((side) => Math.max(1, Math.round(side * scale)));
}

/** Return a canvas with the picture, or null where this browser can't read it, or nobody wants it. */
export const pictureOf = (blob, words, isWanted) => opened(blob, (picture) => canvasOf(picture, words), isWanted);

function canvasOf(picture, words) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = scaled(picture, WIDEST);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", words);
  return canvas;
}

/** Return the pixels of a picture whose longer side is at most so long; null where this browser can't read it, or nobody wants them. */
export const pixelsOf = (blob, longest, isWanted) => opened(blob, (picture) => pixelsIn(picture, longest), isWanted);

function pixelsIn(picture, longest) {
  const canvas = new OffscreenCanvas(...scaled(picture, longest));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

const MOST_KEPT = 3;
const KEPT_FOR = 30_000; // ms
const justSent = new Map(); // by address: the bytes of the latest pictures that this visit has sent and not shown yet

/** Note the bytes of a picture that was sent, so that it is shown without being fetched again. */
export function noteSent(url, bytes) {
  justSent.set(url, bytes);
  if (justSent.size > MOST_KEPT) justSent.delete(justSent.keys().next().value);
  setTimeout(() => justSent.delete(url), KEPT_FOR);
}

/** Keep the bytes of no picture any more. */
export const forgetSent = () => justSent.clear();

/** Return the picture that was sent as this file, or null: it may be gone already. */
export async function sentPicture(file, type, token, words) {
  const known = justSent.get(file.url);
  justSent.delete(file.url);
  try {
    return await pictureOf(new Blob([known ?? (await decryptAttachment(await download(file.url, token), file))], { type }), words);
  } catch {
    return null;
  }
}

/** Let go of what the pictures inside hold. */
export function wipe(element) {
  for (const canvas of element.querySelectorAll("canvas")) canvas.width = canvas.height = 0;
}
