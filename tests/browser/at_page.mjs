// How esbuild bundles what stands here: with the packages of the page.

import { join } from "node:path";
import { fileURLToPath } from "node:url";

const packages = fileURLToPath(new URL("../../bot/page/web/node_modules", import.meta.url));

export const atPage = {
  bundle: true,
  target: "es2022",
  publicPath: "/",
  assetNames: "[name]-[hash]", // as the page is built, so that its server has it
  alias: { "encryption.wasm": join(packages, "@matrix-org/matrix-sdk-crypto-wasm/pkg/matrix_sdk_crypto_wasm_bg.wasm") },
  nodePaths: [packages],
  loader: { ".wasm": "file" },
  define: { global: "globalThis" },
  logLevel: "error",
};
