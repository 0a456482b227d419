// Build the page: src/ and the locked packages become ../built/, each file also packed. The same lock gives the same bytes.
//
//   node build.mjs            fails where a file is not the one that ../bundle.sha256 lists
//   node build.mjs --accept   writes that list anew

import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const here = fileURLToPath(new URL(".", import.meta.url));
const source = join(here, "src");
const built = join(here, "../built");
const list = join(here, "../bundle.sha256");
const encryption = join(here, "node_modules/@matrix-org/matrix-sdk-crypto-wasm/pkg/matrix_sdk_crypto_wasm_bg.wasm");

const integrityOf = (bytes) => `sha256-${createHash("sha256").update(bytes).digest("base64")}`;

rmSync(built, { recursive: true, force: true });
mkdirSync(built);
const { metafile } = await build({
  absWorkingDir: here,
  preserveSymlinks: true, // where the packages lie makes no difference
  entryPoints: ["src/app.js", "src/unstarted.js", "src/page.css", "src/icon.svg"],
  outdir: built,
  bundle: true,
  splitting: true,
  format: "esm",
  minify: true,
  target: "es2022",
  metafile: true,
  publicPath: "/",
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  alias: { "@matrix-org/matrix-sdk-crypto-wasm": join(source, "encryption.js") },
  loader: { ".wasm": "file", ".svg": "copy" },
  define: { global: "globalThis", WASM_INTEGRITY: JSON.stringify(integrityOf(readFileSync(encryption))) },
  legalComments: "none",
  logLevel: "error",
});

const names = Object.keys(metafile.outputs).map((path) => path.split("/").at(-1));
const named = { app: /^app-/, unstarted: /^unstarted-/, css: /^page-.*\.css$/, icon: /^icon-/, wasm: /\.wasm$/ };
const [path, app] = Object.entries(metafile.outputs).find(([each]) => named.app.test(each.split("/").at(-1)));
const atOnce = app.imports.filter(({ kind }) => kind === "import-statement").map(({ path }) => path.split("/").at(-1));
const code = names.filter((name) => name.endsWith(".js") && !named.app.test(name) && !named.unstarted.test(name) && !atOnce.includes(name)); // loaded behind the form
const start = readFileSync(join(source, "index.html"), "utf8");
const filled = start
  .replace("{{modules}}", atOnce.map((name) => `<link rel="modulepreload" href="/${name}">`).join("\n"))
  .replace("{{whole}}", integrityOf(readFileSync(join(built, path.split("/").at(-1))))) // some browsers run a file that was cut off
  .replace("{{code}}", code.map((name) => `/${name}#${integrityOf(readFileSync(join(built, name)))}`).join(" "))
  .replace(/\{\{(\w+)\}\}/g, (_, part) => `/${names.find((name) => named[part].test(name))}`);
writeFileSync(join(built, "index.html"), filled);

const digest = (bytes, name) => `${createHash("sha256").update(bytes).digest("hex")}  ${name}\n`;
const packed = []; // as this Node packs them: another version's bytes may differ, so their digests stay beside them
const keepPacked = (name, bytes) => {
  writeFileSync(join(built, name), bytes);
  packed.push(digest(bytes, name));
};
const digests = readdirSync(built).sort().map((name) => {
  const bytes = readFileSync(join(built, name));
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 } };
  keepPacked(`${name}.br`, brotliCompressSync(bytes, brotli));
  keepPacked(`${name}.gz`, gzipSync(bytes, { level: 9 }));
  return digest(bytes, name);
}).join("");
writeFileSync(join(built, "packed.sha256"), packed.join(""));

if (process.argv.includes("--accept")) writeFileSync(list, digests);
else if (readFileSync(list, "utf8") !== digests) {
  process.stderr.write("The page was built, but it is not the one that bundle.sha256 lists.\nAfter a change: make page ACCEPT=1\n");
  process.exit(1);
}
