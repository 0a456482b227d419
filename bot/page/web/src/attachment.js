// Encrypted attachments of Matrix (EncryptedFile version 2): AES-256-CTR, with the SHA-256 of the ciphertext.

function base64(buffer) {
  const bytes = new Uint8Array(buffer);
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text).replace(/=+$/, "");
}

const fromBase64 = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

/** Return the ciphertext, and its description, which still lacks the `url`. */
export async function encryptAttachment(plain) {
  const counter = new Uint8Array(16); // the half that counts begins at zero, so that it can't overflow
  crypto.getRandomValues(counter.subarray(0, 8));
  const key = await crypto.subtle.generateKey({ name: "AES-CTR", length: 256 }, true, ["encrypt", "decrypt"]);
  const data = await crypto.subtle.encrypt({ name: "AES-CTR", counter, length: 64 }, key, plain);
  const { k } = await crypto.subtle.exportKey("jwk", key);
  const file = {
    v: "v2",
    key: { kty: "oct", alg: "A256CTR", ext: true, key_ops: ["encrypt", "decrypt"], k },
    iv: base64(counter),
    hashes: { sha256: base64(await crypto.subtle.digest("SHA-256", data)) },
  };
  return { data, file };
}

/** Return the content; throw before anything is decrypted where the bytes are not those described. */
export async function decryptAttachment(data, file) {
  const digest = base64(await crypto.subtle.digest("SHA-256", data));
  if (file.v !== "v2" || digest !== file.hashes.sha256.replace(/=+$/, "")) throw new Error("other bytes than described");
  const described = { kty: "oct", k: file.key.k, alg: "A256CTR", ext: true };
  const key = await crypto.subtle.importKey("jwk", described, { name: "AES-CTR" }, false, ["decrypt"]);
  return crypto.subtle.decrypt({ name: "AES-CTR", counter: fromBase64(file.iv), length: 64 }, key, data);
}
