// Pictures as they are shown: drawn into the page's memory, small, so that the browser has no file of them.

import { decryptAttachment } from "./attachment.js";
import { download } from "./homeserver.js";

const WIDEST = 640; // pixels

/** Return a canvas with the picture, or null where this browser can't read it. */
export async function pictureOf(blob, words) {
  try {
    const picture = await createImageBitmap(blob);
    const scale = Math.min(1, WIDEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", words);
    picture.close();
    return canvas;
  } catch {
    return null;
  }
}

/** Return the pixels of a picture whose longer side is at most so long; null where this browser can't read it, or nobody wants them. */
export async function pixelsOf(blob, longest, isWanted) {
  try {
    const picture = await createImageBitmap(blob);
    if (!isWanted()) {
      picture.close();
      return null;
    }
    const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
    const canvas = new OffscreenCanvas(Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale)));
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.imageSmoothingQuality = "high";
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    return context.getImageData(0, 0, canvas.width, canvas.height);
  } catch {
    return null;
  }
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
