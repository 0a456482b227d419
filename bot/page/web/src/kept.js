// What stays in this browser: who we are here ("me"), and photos that are not sent yet, sealed ("queue").
// Never a photo, a caption or a reply in the clear: the key that opens the queue can't be taken out of the browser.

import { NothingKept } from "./stops.js";

/** Say so where nothing can be kept, before anything is used up or sent. */
export const refused = (failure) => {
  throw new NothingKept(failure?.name);
};

const opened = new Promise((done, failed) => {
  const request = indexedDB.open("consentry", 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("me");
    request.result.createObjectStore("queue", { autoIncrement: true });
  };
  request.onsuccess = () => done(request.result);
  request.onerror = () => failed(request.error);
}).catch(refused);
opened.catch(() => {}); // told where it is waited for

async function act(store, mode, work, durability = "strict") {
  const database = await opened;
  return new Promise((done, failed) => {
    const transaction = database.transaction(store, mode, { durability });
    let request;
    try {
      request = work(transaction.objectStore(store));
    } catch (failure) {
      transaction.abort(); // what went before it in this transaction is not kept either
      throw failure;
    }
    transaction.oncomplete = () => done(request.result);
    transaction.onabort = transaction.onerror = () => failed(transaction.error);
  });
}

export const recall = (name) => act("me", "readonly", (store) => store.get(name));
export const remember = (name, value) => act("me", "readwrite", (store) => store.put(value, name));
export const queued = () => act("queue", "readonly", (store) => store.getAllKeys());
export const queuedAt = (place) => act("queue", "readonly", (store) => store.get(place));
/** Put all of these into the queue, or none. */
export const enqueue = (values) => act("queue", "readwrite", (store) => values.map((value) => store.add(value)).at(-1));
/**
 * Replace what waits there; return whether it waited still: what was thrown away does not come back. The disk is not waited for: after
 * a power cut what was there before is sent, under the same id.
 */
export const replaceQueued = async (place, value) => (await act("queue", "readwrite", (store) => replacing(store, place, value), "relaxed")) !== undefined;
export const isQueued = async (place) => (await act("queue", "readonly", (store) => store.getKey(place))) !== undefined;
export const dequeue = (place) => act("queue", "readwrite", (store) => store.delete(place));
export const emptyQueue = () => act("queue", "readwrite", (store) => store.clear());

function replacing(store, place, value) {
  const found = store.getKey(place);
  found.onsuccess = () => found.result !== undefined && store.put(value, place);
  return found;
}

let sealing; // the key, once it was asked for

function sealingKey() {
  sealing ??= keptKey().catch((failure) => {
    sealing = undefined;
    throw failure;
  });
  return sealing;
}

async function keptKey() {
  const known = await recall("seal");
  if (known) return known;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await remember("seal", made).catch(refused);
  return made;
}

/** Encrypt for this browser alone; `label` says what it is, and it opens under no other. */
export async function seal(label, bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const additionalData = new TextEncoder().encode(label);
  return { iv, bytes: await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, await sealingKey(), bytes) };
}

export async function unseal(label, { iv, bytes }) {
  const additionalData = new TextEncoder().encode(label);
  return crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData }, await sealingKey(), bytes);
}

export const sealJson = (label, value) => seal(label, new TextEncoder().encode(JSON.stringify(value)));
export const unsealJson = async (label, sealed) => JSON.parse(new TextDecoder().decode(await unseal(label, sealed)));
