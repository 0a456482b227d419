// node build_bare.mjs DIRECTORY: bundle bare.js as the page is bundled.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "../../bot/page/web/node_modules/esbuild/lib/main.js";
import { atPage } from "../../tests/browser/at_page.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
await build({ ...atPage, entryPoints: [join(here, "bare.js")], outdir: process.argv[2], format: "esm", minify: true });
