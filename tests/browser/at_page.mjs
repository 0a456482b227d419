// How esbuild bundles what stands here: with the packages of the page.

import { join } from "node:path";
import { fileURLToPath } from "node:url";

const [packages, source] = ["node_modules", "src"].map((place) => fileURLToPath(new URL(`../../bot/page/web/${place}`, import.meta.url)));

export const atPage = {
  bundle: true,
  target: "es2022",
  publicPath: "/",
  assetNames: "[name]-[hash]", // as the page is built, so that its server has it
  alias: { "@matrix-org/matrix-sdk-crypto-wasm": join(source, "encryption.js") },
  nodePaths: [packages],
  loader: { ".wasm": "file" },
  define: { global: "globalThis", WASM_INTEGRITY: '""' },
  logLevel: "error",
};
