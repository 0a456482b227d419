// The encryption (Rust, in WebAssembly), in the place of its package's own beginning, which tries to load it once and never again.

import * as bindings from "../node_modules/@matrix-org/matrix-sdk-crypto-wasm/pkg/matrix_sdk_crypto_wasm_bg.js";
import wasm from "../node_modules/@matrix-org/matrix-sdk-crypto-wasm/pkg/matrix_sdk_crypto_wasm_bg.wasm";

export * from "../node_modules/@matrix-org/matrix-sdk-crypto-wasm/pkg/matrix_sdk_crypto_wasm_bg.js";

let loading;

/** Load the encryption, unless it is there. Where a line breaks, it can be called again. */
export function initAsync() {
  loading ??= load().catch((failure) => {
    loading = undefined;
    throw failure;
  });
  return loading;
}

/** Firefox may take the middle of a file, where a line broke, for its end: what fails is fetched anew, and compared, before that is said. */
async function load() {
  const anew = () => fetch(wasm, { cache: "reload", integrity: WASM_INTEGRITY }); // the build puts it in
  const { instance } = await instantiated(fetch(wasm)).catch(async () => instantiated(await anew()));
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}

const instantiated = (answer) => WebAssembly.instantiateStreaming(answer, { "./matrix_sdk_crypto_wasm_bg.js": bindings });
