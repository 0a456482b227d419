// How a photo could be better, guessed as the practice's own computer does it (bot/imaging/survey.py). Pure.

const [DARK, BRIGHT, SHARP] = [45, 215, 4];

/** The longer side of the picture on which this is guessed, in pixels. */
export const PROXY = 1000;

/** Return the name of one tip at most, undefined for none, from pixels in RGBA. A dark photo also looks blurred. */
export function tipFor(pixels, width, height) {
  const grey = greyOf(pixels);
  if (share(grey, (shade) => shade < DARK) > 0.95) return "dark";
  if (share(grey, (shade) => shade >= BRIGHT) > 0.99) return "bright";
  return Math.min(width, height) >= 16 && sharpness(grey, width, height) < SHARP ? "blurred" : undefined;
}

function greyOf(pixels) {
  const grey = new Uint8Array(pixels.length / 4);
  for (let at = 0; at < grey.length; at += 1) {
    grey[at] = (pixels[4 * at] * 299 + pixels[4 * at + 1] * 587 + pixels[4 * at + 2] * 114) / 1000;
  }
  return grey;
}

const share = (grey, isCounted) => grey.reduce((count, shade) => count + isCounted(shade), 0) / Math.max(1, grey.length);

/** Return how much the shades of neighbours differ: the variance of the Laplacian, in the range that a byte holds. */
function sharpness(grey, width, height) {
  let [count, sum, squares] = [0, 0, 0];
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * width + x;
      const edge = grey[at - 1] + grey[at + 1] + grey[at - width] + grey[at + width] - 4 * grey[at] + 128;
      const held = Math.min(255, Math.max(0, edge));
      count += 1;
      sum += held;
      squares += held * held;
    }
  }
  return squares / count - (sum / count) ** 2;
}
