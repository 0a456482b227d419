// Where a photo was taken, as cameras and programs write it into the file: found, and overwritten in place. No other byte
// changes but the sums of PNG files, and none moves, so that the picture and all else the file says stay what they are. Not looked
// into: what a PNG holds compressed, beside its picture. Pure, and safe on hostile bytes.

import { isPng, sumUp } from "./png.js";

const EXIF = /II\*\0|MM\0\*/g; // a JPEG's block, and a PNG's, a WebP's, a HEIC's; a TIFF file is one
const IN_JPEG = 10; // bytes before it: the segment's marker and length, and a name
const [PLACE, ENTRY, MOST_ENTRIES, MOST_BLOCKS, LONGEST_BLOCK] = [0x8825, 12, 200, 100, 65_536];
const SIZES = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8 };
const LOCATION = "Iptc4xmpExt:(?:City|CountryCode|CountryName|ProvinceState|Sublocation|WorldRegion)";
const NAMES = `exif:GPS\\w+|photoshop:(?:City|State|Country)|Iptc4xmpCore:(?:Location|CountryCode)|${LOCATION}`;
const IN_XMP = new RegExp(`(?:${NAMES})\\s*=\\s*(?:"[^"]*"|'[^']*')|<(${NAMES})\\b[^>]*>[^<]*</\\1\\s*>`, "g");
const TOLD = /GPSLatitude|GPSLongitude|photoshop:City|Iptc4xmpCore:Location|Iptc4xmpExt:(?:City|LocationName|Sublocation)|location\.ISO6709/;
const CAPTIONS = /8BIM\x04\x04/g; // of programs for newspapers (IPTC)
const IN_CAPTIONS = new Set([0x1a, 0x1b, 0x5a, 0x5c, 0x5f, 0x64, 0x65]);
const [CAPTION_HEAD, NOTHING] = [5, 0xf9]; // bytes; a number that means nothing
const IN_FILM = /\xa9xyz/g; // phones put a short film behind the picture
const [SPACE, LONGEST_IN_FILM] = [0x20, 256];

/** Whether the file says where it was taken. */
export function tellsAPlace(bytes) {
  const text = asText(bytes);
  return (
    TOLD.test(text) ||
    captions(bytes, text).length > 0 ||
    text.search(IN_FILM) >= 0 ||
    blocks(bytes, text).some((block) => placeOf(block)?.count > 0)
  );
}

/** Return the file without it; null where it stands in a form that can't be overwritten here. */
export function withoutPlace(bytes) {
  const cut = bytes.slice();
  const text = asText(cut);
  for (const block of blocks(cut, text)) takeOut(block);
  for (const found of text.matchAll(IN_XMP)) cut.fill(SPACE, found.index, found.index + found[0].length);
  for (const caption of captions(cut, text)) caption.fill(SPACE, CAPTION_HEAD).fill(NOTHING, 2, 3);
  for (const found of text.matchAll(IN_FILM)) takeOutOfFilm(cut, found.index);
  if (isPng(cut)) sumUp(cut, bytes);
  return tellsAPlace(cut) ? null : cut;
}

/** Return the captions that name a place. */
function captions(bytes, text) {
  return [...text.matchAll(CAPTIONS)].slice(0, MOST_BLOCKS).flatMap((found) => {
    const nameEnds = found.index + 7 + bytes[found.index + 6];
    return [...placesIn(bytes, nameEnds + (nameEnds % 2 === found.index % 2 ? 0 : 1) + 4)];
  });
}

/** Go through what stands one behind the other from `at`: 0x1c, two bytes for what it is, its length in two, and itself. */
function* placesIn(bytes, at) {
  while (bytes[at] === 0x1c && bytes[at + 3] < 0x80) {
    const end = at + CAPTION_HEAD + bytes[at + 3] * 256 + bytes[at + 4];
    if (bytes[at + 1] === 2 && IN_CAPTIONS.has(bytes[at + 2])) yield bytes.subarray(at, end);
    at = end;
  }
}

/** Make the part of a film that tells of a place into one that is to be passed over. */
function takeOutOfFilm(bytes, kind) {
  const size = kind < 4 ? 0 : new DataView(bytes.buffer, bytes.byteOffset + kind - 4).getUint32(0);
  if (size < 8 || size > LONGEST_IN_FILM || kind - 4 + size > bytes.length) return;
  bytes.set([0x66, 0x72, 0x65, 0x65], kind); // "free"
  bytes.fill(0, kind + 4, kind - 4 + size);
}

/** Return bytes as text in which each stands for itself, whatever they are. */
function asText(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return text;
}

/** Return every EXIF block, wherever it stands: cameras add pictures and films of their own behind the picture. */
function blocks(bytes, text) {
  const starts = [...text.matchAll(EXIF)].slice(0, MOST_BLOCKS).map((found) => found.index);
  return starts.map((start) => {
    const data = bytes.subarray(start, start + lengthOf(bytes, start));
    return { data, view: new DataView(data.buffer, data.byteOffset, data.length), little: data[0] === 0x49 };
  });
}

/** Return how long a block is at most: the whole file, or as long as the segment of a JPEG says that it stands in. */
function lengthOf(bytes, start) {
  if (start === 0) return bytes.length;
  const [marker, kind, high, low] = bytes.subarray(Math.max(0, start - IN_JPEG));
  return marker === 0xff && kind === 0xe1 ? Math.max(0, high * 256 + low - 8) : LONGEST_BLOCK;
}

/** Return the directory that begins at `at` in a block, undefined where there is none, or only a part of one. */
function directory({ data, view, little }, at) {
  if (at + 2 > data.length) return undefined;
  const count = view.getUint16(at, little);
  const end = at + 2 + ENTRY * count;
  if (count > MOST_ENTRIES || end + 4 > data.length) return undefined;
  const entries = Array.from({ length: count }, (_, index) => {
    const entry = at + 2 + ENTRY * index;
    const size = (SIZES[view.getUint16(entry + 2, little)] ?? 1) * view.getUint32(entry + 4, little);
    return { at: entry, tag: view.getUint16(entry, little), size, value: view.getUint32(entry + 8, little) };
  });
  return { at, end, entries };
}

/** Return where a block tells of a place, undefined where it does not. `count`: what it tells besides its own version. */
function placeOf(block) {
  const first = directory(block, block.view.byteLength < 8 ? Infinity : block.view.getUint32(4, block.little));
  const pointer = first?.entries.find((entry) => entry.tag === PLACE);
  const place = pointer && directory(block, pointer.value);
  return place && { first, pointer, place, count: place.entries.filter((entry) => entry.tag !== 0).length };
}

function takeOut(block) {
  const found = placeOf(block);
  if (!found) return;
  const { first, pointer, place } = found;
  for (const { size, value } of place.entries) if (size > 4) block.data.fill(0, value, value + size);
  block.data.fill(0, place.at, place.end + 4);
  block.data.copyWithin(pointer.at, pointer.at + ENTRY, first.end + 4);
  block.data.fill(0, first.end + 4 - ENTRY, first.end + 4);
  block.view.setUint16(first.at, first.entries.length - 1, block.little);
}
