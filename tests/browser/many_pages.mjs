// Many pages in one process: the page's own code, evaluated anew for each. One JSON command a line on stdin, one answer a line on
// stdout; `tests/many_pages.py` is the other end.

import { openAsBlob, readFileSync } from "node:fs";
import { join } from "node:path";
import readline from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "../../bot/page/web/node_modules/esbuild/lib/main.js";
import { atPage } from "./at_page.mjs";
import { memoryDatabase, sharing, uploads } from "./stand_ins.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));

/** The keys are in memory: Node has no database that the encryption could open. */
const keysInMemory = {
  name: "keys-in-memory",
  setup({ onLoad }) {
    onLoad({ filter: /web\/src\/matrix\.js$/ }, ({ path }) => {
      const parts = readFileSync(path, "utf8").split("useIndexedDB: true");
      if (parts.length !== 2) throw new Error("matrix.js says something else about where its keys are");
      return { contents: parts.join("useIndexedDB: false") };
    });
  },
};

async function engineCode() {
  const { outputFiles } = await build({
    ...atPage,
    entryPoints: [join(here, "page_engine.js")],
    outdir: here,
    write: false,
    format: "iife",
    globalName: "engine",
    define: { ...atPage.define, "import.meta.url": '"http://page.invalid/"' },
    plugins: [keysInMemory],
  });
  return outputFiles.find(({ path }) => path.endsWith(".js")).text;
}

for (const name of ["log", "info", "debug", "warn"]) console[name] = () => {}; // stdout is for answers
const GIVEN = ["location", "fetch", "XMLHttpRequest", "indexedDB", "WebAssembly", "addEventListener", "removeEventListener"];
const evaluate = new Function(...GIVEN, `${await engineCode()}\nreturn engine;`);
const pages = [];

function newPage(link) {
  const { origin } = new URL(link);
  const address = `10.0.0.${pages.length}`; // as the proxy in front would write it: each comes from somewhere else
  const ask = (path, how = {}) => fetch(new URL(path, origin), { ...how, headers: { ...how.headers, "X-Forwarded-For": address } });
  delete globalThis.__js_sdk_entrypoint; // by which the library would see that it is there twice
  const { Engine } = evaluate({ origin }, ask, uploads(ask), memoryDatabase(), sharing, () => {}, () => {});
  return new Engine(link);
}

/** Do it for each, so many at once. */
async function each(all, most, deed) {
  const left = [...all.entries()];
  const results = [];
  const hand = async () => {
    for (let next = left.shift(); next; next = left.shift()) results[next[0]] = await deed(next[1], next[0]);
  };
  await Promise.all(Array.from({ length: most }, hand));
  return results;
}

const fileOf = async (path) => new File([await openAsBlob(path)], "photo.jpg", { type: "image/jpeg" });

const DO = {
  open: ({ links, born, together }) =>
    each(links, together, async (link) => {
      const began = performance.now();
      const page = newPage(link);
      pages.push(page);
      await page.joins(born);
      return { account: page.account, took: performance.now() - began };
    }),
  async send({ photos, words }) {
    const files = await Promise.all(photos.map((each) => Promise.all(each.map(fileOf))));
    return each(pages, pages.length, async (page, at) => {
      const told = [];
      for (const file of files[at]) told.push(await page.sends(file, words));
      return told;
    });
  },
  waiting: () => each(pages, 1, (page) => page.waiting()),
};

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { do: what, ...how } = JSON.parse(line);
  const answer = await DO[what](how).then((done) => ({ done }), (error) => ({ failed: `${what}: ${error.stack}` }));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
for (const page of pages) page.stop();
process.exit(0);
