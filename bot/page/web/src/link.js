// The link from the practice. All of it stands behind '#', which a browser sends to nobody.

const CODE = /^[0-9A-Z]{3}-[0-9A-Z]{4}-[0-9A-Z]{4}$/;
const TOKEN = /^[A-Za-z0-9._~-]{8,64}$/;
const ACCOUNT = /^@[!-9;-~]+:[A-Za-z0-9.:[\]-]+$/;
const KEY = /^[A-Za-z0-9_-]{43}$/;

/** Return what the link holds; null where it is not whole. */
export function readLink(fragment) {
  const parts = new URLSearchParams(fragment.replace(/^#/, ""));
  const [code, token, bot, key] = ["c", "t", "b", "k"].map((name) => parts.get(name) ?? "");
  if (!CODE.test(code) || !TOKEN.test(token) || !ACCOUNT.test(bot) || !KEY.test(key)) return null;
  return { code, token, bot, key: key.replace(/-/g, "+").replace(/_/g, "/") };
}
