// Unpack the browser beside its package, once, and say where it is. `make install` does, so that no test has to.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const place = fileURLToPath(new URL("node_modules/.unpacked", import.meta.url));
const fonts = join(place, "fonts.conf");

/** Return the path of the browser; from here on it uses the fonts that come with it, on every machine the same. */
export async function unpackedBrowser() {
  mkdirSync(place, { recursive: true });
  const dirs = `<dir>${join(place, "fonts")}</dir><cachedir>${join(place, "fonts-cache")}</cachedir>`;
  writeFileSync(fonts, `<?xml version="1.0"?><fontconfig>${dirs}</fontconfig>\n`);
  process.env.FONTCONFIG_FILE = fonts;
  const before = process.env.TMPDIR;
  process.env.TMPDIR = place; // the package unpacks to where temporary files are
  const { default: chromium } = await import("@sparticuz/chromium");
  const path = await chromium.executablePath();
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  return path;
}

if (fileURLToPath(import.meta.url) === process.argv[1]) await unpackedBrowser();
