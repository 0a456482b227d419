// Plain questions to the homeserver, on the page's own origin. What goes through here is encrypted, or holds nothing to hide.

import { patiently } from "./patience.js";
import { HomeserverRefused, SignedOut } from "./stops.js";

const MEDIA = "/_matrix/client/v1/media/download/";
const UPLOAD = "/_matrix/media/v3/upload";
const KEYS = /\/v3\/(?:keys|sendToDevice)\//;
const ENDED = new Set(["M_UNKNOWN_TOKEN", "M_USER_DEACTIVATED"]);
const SLOWEST_UPLOAD = 20 * 60_000; // milliseconds: 50 MB over a slow line

function refusal(status, text, header) {
  let answer = {};
  try {
    answer = JSON.parse(text);
  } catch {
    // a proxy's own page, for example
  }
  if (ENDED.has(answer.errcode)) return new SignedOut();
  return new HomeserverRefused(status, answer, answer.retry_after_ms ?? (header ? Number(header) * 1000 : undefined));
}

/** Something on the way has answered, such as a network that wants a sign-in first: as good as no connection. */
export const notMatrix = () => new TypeError("not from a homeserver");

export async function ask(method, path, body, token) {
  const headers = { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  const answer = await fetch(`/_matrix/client/v3/${path}`, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw refusal(answer.status, await answer.text(), answer.headers.get("Retry-After"));
  return answer.json().catch(() => {
    throw notMatrix();
  });
}

/**
 * Ask for the library, as `fetch` does. About keys, it would wait as long as a busy homeserver says, and tell nobody, and nothing else
 * would be sent meanwhile. So it is refused in a way that ends its tries, and whoever sends something waits, and says so.
 */
export async function askForLibrary(address, how) {
  const answer = await fetch(address, how);
  if (answer.status !== 429 || !KEYS.test(address)) return answer;
  throw Object.assign(refusal(429, await answer.text(), answer.headers.get("Retry-After")), { name: "AbortError" });
}

/** Return the mxc address in an answer; "" where there is none: it came from something else on the way. */
function addressIn(text) {
  try {
    const { content_uri: address } = JSON.parse(text);
    return /^mxc:\/\/[^/]+\/[^/]+$/.test(address) ? address : "";
  } catch {
    return "";
  }
}

/** Upload ciphertext; return its mxc address. (`fetch` says nothing of its progress.) */
export function upload(data, token, progress) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("POST", UPLOAD);
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.timeout = SLOWEST_UPLOAD;
    request.upload.onprogress = (event) => progress(event.loaded / event.total);
    request.onload = () => {
      if (request.status !== 200) failed(refusal(request.status, request.response, request.getResponseHeader("Retry-After")));
      const address = addressIn(request.response);
      if (address) done(address);
      else failed(notMatrix());
    };
    request.onerror = request.ontimeout = request.onabort = () => failed(new TypeError("no connection"));
    request.send(new Blob([data])); // a buffer takes Chromium several times as long
  });
}

export async function download(mxc, token) {
  const answer = await fetch(MEDIA + mxc.slice("mxc://".length), { headers: { Authorization: `Bearer ${token}` } });
  if (!answer.ok) throw refusal(answer.status, await answer.text());
  return answer.arrayBuffer();
}

const random = (count) =>
  [...crypto.getRandomValues(new Uint8Array(count))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * Make an account with the token from the link. Its password is forgotten here, on purpose: it is never needed again.
 *
 * An answer may be lost after the account was made: asked once more in the same session, the homeserver gives the same account.
 */
export async function register(token, tell) {
  const wanted = { username: `p${random(8)}`, password: random(32), initial_device_display_name: "Browser" };
  let auth;
  for (;;) {
    const { status, answer } = await patiently(() => registration({ ...wanted, ...(auth ? { auth } : {}) }), tell);
    if (status === 200) return { userId: answer.user_id, deviceId: answer.device_id, accessToken: answer.access_token };
    auth = nextStage(status, answer, token, auth);
  }
}

/** Ask for it; 401 only says what comes next. */
async function registration(body) {
  const headers = { "Content-Type": "application/json" };
  const response = await fetch("/_matrix/client/v3/register", { method: "POST", headers, body: JSON.stringify(body) });
  if (response.ok || response.status === 401) return { status: response.status, answer: await response.json() };
  throw refusal(response.status, await response.text(), response.headers.get("Retry-After"));
}

const STAGES = ["m.login.registration_token", "m.login.dummy"];

function nextStage(status, answer, token, before) {
  const type = STAGES[before ? STAGES.indexOf(before.type) + 1 : 0];
  if (status !== 401 || answer.errcode || !type) throw new HomeserverRefused(status, answer);
  return type === STAGES[0] ? { type, token, session: answer.session } : { type, session: answer.session };
}
