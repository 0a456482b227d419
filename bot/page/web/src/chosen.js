// The files chosen to be sent: as they look, whether they say where they were taken, and one tip at most. None is refused for it.

import { pictureOf, pixelsOf } from "./pictures.js";
import { tellsAPlace, withoutPlace } from "./place.js";
import { PROXY, tipFor } from "./quality.js";
import { contentOf } from "./reading.js";
import { say } from "./saying.js";

const [list, place, tip] = ["chosen", "place", "tip"].map((name) => document.getElementById(name));

const bytesOf = async (file) => new Uint8Array(await contentOf(file));
const isPicture = (file) => file.type.startsWith("image/");

let latest; // what was chosen last: what is found out about anything else comes too late
let placed; // whether one of them says where it was taken, once that is known
let isSent = false; // a tip comes too late, and working one out would hold up the sending

/** Show what was chosen, and what is found out about it. */
export async function showChosen(files) {
  clearChosen();
  latest = files;
  isSent = false;
  placed = offerPlace(files).catch(() => false); // what can't be read is refused when it is sent
  const isWanted = () => latest === files;
  for (const file of files) {
    const entry = await entryOf(file, isWanted);
    if (!isWanted()) return;
    list.append(entry);
  }
  await placed;
  await giveTip(files.filter(isPicture), isWanted);
}

/** Say of the first photo that could be better how. */
async function giveTip(photos, isWanted) {
  for (const photo of photos) {
    const name = await tipOf(photo, () => isWanted() && !isSent);
    if (!isWanted()) return;
    if (!name) continue;
    tip.textContent = say(name);
    return;
  }
}

async function offerPlace(files) {
  for (const file of files) { // also those of no known type: some browsers give none for a HEIC
    if (!tellsAPlace(await bytesOf(file))) continue;
    if (latest === files) place.hidden = false;
    return true;
  }
  return false;
}

/** Return whether whoever taps has seen that a place is told, if it is; else they see it now. */
export async function isPlaceKnown() {
  const isSeen = !place.hidden;
  return !(await placed) || isSeen;
}

/** Give no tip any more: what was chosen is being sent. */
export const endTips = () => (isSent = true);

async function tipOf(file, isWanted) {
  const pixels = await pixelsOf(file, PROXY, isWanted);
  return pixels && tipFor(pixels.data, pixels.width, pixels.height);
}

async function entryOf(file, isWanted) {
  const entry = document.createElement("li");
  entry.append((await pictureOf(file, file.name, isWanted)) ?? file.name);
  return entry;
}

/** Return the files as they are to be sent; null where the place was to be left out of one and can't be. */
export async function asToBeSent(files) {
  const without = !place.hidden && place.querySelector("input:checked").value === "without";
  if (!without) return files;
  const sent = [];
  for (const file of files) sent.push(await cut(file)); // each is read whole
  return sent.includes(null) ? null : sent;
}

async function cut(file) {
  const bytes = await bytesOf(file);
  if (!tellsAPlace(bytes)) return file;
  const rest = withoutPlace(bytes);
  return rest && new File([rest], file.name, { type: file.type });
}

/** Let the place stay again, unless it is said otherwise of the next photo. */
export const keepPlace = () => (place.querySelector("input").checked = true);

export function clearChosen() {
  latest = undefined;
  list.replaceChildren();
  place.hidden = true;
  tip.textContent = "";
}
