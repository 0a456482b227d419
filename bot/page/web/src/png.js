// PNG files sum up each of their parts: whoever overwrites something in one has to sum it up again. Pure, and safe on hostile bytes.

const BEGINS = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const AROUND = 12; // bytes of a part beside its data: length and kind before it, the sum behind it

export const isPng = (bytes) => BEGINS.every((byte, at) => bytes[at] === byte);

/** Sum up again, in place, each part of `now` that is not what it was in `before`. */
export function sumUp(now, before) {
  const view = new DataView(now.buffer, now.byteOffset, now.length);
  for (let at = BEGINS.length; at + AROUND <= now.length; ) {
    const end = at + AROUND + view.getUint32(at);
    if (end > now.length) return;
    const summed = now.subarray(at + 4, end - 4);
    if (summed.some((byte, index) => byte !== before[at + 4 + index])) view.setUint32(end - 4, checksum(summed));
    at = end;
  }
}

function checksum(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}
