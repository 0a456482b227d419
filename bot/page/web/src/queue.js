// What is to be sent: sealed first, then sent in its order, each once, also when the page was closed in between.

import { encryptAttachment } from "./attachment.js";
import { MARK } from "./conversation.js";
import { upload } from "./homeserver.js";
import { dequeue, emptyQueue, enqueue, isQueued, queued, queuedAt, replaceQueued, seal, sealJson, unseal, unsealJson } from "./kept.js";
import { noteSent } from "./pictures.js";
import { isPassing, rest, whyLater } from "./patience.js";
import { contentOf } from "./reading.js";
import { NotAlone, NotReady, OtherBot, OtherTab, SignedOut, ThrownAway } from "./stops.js";
import { forgetAllWaiting, forgetWaiting, noteWaiting } from "./waiting.js";

const MESSAGE = "m.room.message";
const OFTEN = 2; // times that something is tried again which may not pass

/** Seal photos or other files into the queue, all or none, with their words and whose they are if that was chosen. */
export async function keepPhotos(files, words, whose) {
  const sealed = [];
  for (const file of files) sealed.push(await sealedPhoto(file, words, whose)); // each is read whole
  await enqueue(sealed);
}

async function sealedPhoto(file, words, whose) {
  const id = crypto.randomUUID();
  const { name, type, size } = file;
  const photo = await seal(`photo ${id}`, await contentOf(file));
  return { id, about: await sealJson(`about ${id}`, { words, name, type, size, whose }), photo };
}

/** Seal an event into the queue. */
export async function keepEvent(type, content) {
  const id = crypto.randomUUID();
  await enqueue([{ id, about: await sealJson(`about ${id}`, { type, content }) }]);
  noteWaiting(id, type, content);
}

export const keepWords = (body) => keepEvent(MESSAGE, { msgtype: "m.text", body });

/** Take note of what an earlier visit has tapped or written, and not sent. */
export async function recallWaiting() {
  for (const place of await queued()) {
    const { id, about, photo, uploaded } = await queuedAt(place);
    if (photo || uploaded) continue;
    const { type, content } = await unsealJson(`about ${id}`, about);
    noteWaiting(id, type, content);
  }
}

/** Throw away what waits at these places. */
export async function throwAway(places) {
  for (const place of places) {
    forgetWaiting((await queuedAt(place)).id);
    await dequeue(place);
  }
}

/** Throw away all that waits; return the name of the sentence that says what became of it, "" where nothing waited. */
export async function throwAllAway() {
  const places = await queued();
  const left = [];
  for (const place of places) left.push((await queuedAt(place))?.left); // each is read whole
  forgetAllWaiting();
  await emptyQueue();
  if (!places.length) return "";
  return left.some(Boolean) ? "maybeSent" : "notSent";
}

/** Note that this leaves now, whether it arrives or not; throw `ThrownAway` where it waits no more. */
async function leave(place, kept) {
  const isThere = await replaceQueued(place, { ...kept, left: true }).catch(() => isQueued(place)); // the phone is full
  if (!isThere) throw new ThrownAway();
}

export class Queue {
  #running;
  #notTaken = new Set(); // places of what the homeserver has refused: it stays, and the rest goes on
  #tries = new Map(); // of what fails, and may not pass, by place
  #send;
  #token;
  #tell;

  /**
   * `send` sends an event under a transaction id; what it is given last it does just before, and that may throw. `tell` hears how far
   * it is, how much of an upload is done; "notTaken" comes with the places of what the homeserver has refused, whenever there is more of it.
   */
  constructor(send, token, tell) {
    this.#send = send;
    this.#token = token;
    this.#tell = tell;
  }

  /** Send what waits. Asked again while it runs, it goes on with what has come. */
  run() {
    this.#running ??= this.#all().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #all() {
    for (;;) {
      const place = (await queued()).find((each) => !this.#notTaken.has(each));
      if (place === undefined) return;
      try {
        await this.#one(place);
      } catch (failure) {
        await this.#failed(place, failure);
      }
    }
  }

  async #failed(place, failure) {
    if ([NotAlone, OtherBot, OtherTab, NotReady, SignedOut].some((kind) => failure instanceof kind)) throw failure;
    if (!(await isQueued(place))) return; // it was thrown away meanwhile
    if (!failure.isForGood && !isPassing(failure) && this.#triedOnceMore(place) > OFTEN) return this.#setAside(place); // for this visit
    if (failure.isForGood) {
      await this.#setAside(place);
      await replaceQueued(place, { ...(await queuedAt(place)), notTaken: true }).catch(() => {}); // else it is tried once a visit
      return;
    }
    this.#tell(whyLater(failure));
    await rest(failure.retryAfter);
  }

  #triedOnceMore(place) {
    const tries = (this.#tries.get(place) ?? 0) + 1;
    this.#tries.set(place, tries);
    return tries;
  }

  async #setAside(place) {
    this.#notTaken.add(place);
    const there = await queued(); // others may have been thrown away
    this.#tell("notTaken", there.filter((each) => this.#notTaken.has(each)));
  }

  /** Let what was refused be sent once more. */
  async retry() {
    for (const place of this.#notTaken) {
      const kept = await queuedAt(place);
      if (kept) await replaceQueued(place, { ...kept, notTaken: false });
    }
    this.#notTaken.clear();
    this.#tries.clear();
  }

  async #one(place) {
    const kept = await queuedAt(place);
    if (!kept) return; // it was thrown away meanwhile
    if (kept.notTaken) {
      await this.#setAside(place);
      return;
    }
    const about = await unsealJson(`about ${kept.id}`, kept.about);
    if (kept.photo && !kept.uploaded) {
      kept.uploaded = await this.#uploaded(kept, about);
      delete kept.photo; // it is not needed any more, and writing it again takes long
      // Before the event is sent: a second try sends the same. A phone too full for it sends all the same.
      await replaceQueued(place, kept).catch(() => {});
    }
    const { type, content } = kept.uploaded ? photoEvent(about, await unsealJson(`file ${kept.id}`, kept.uploaded)) : about;
    await this.#send(type, namedOnce(content, kept.id), kept.id, () => leave(place, kept));
    await dequeue(place);
    this.#tell("sent");
  }

  async #uploaded(kept, { type }) {
    this.#tell("encrypting");
    const plain = await unseal(`photo ${kept.id}`, kept.photo);
    const { data, file } = await encryptAttachment(plain);
    this.#tell("sending", 0);
    const url = await upload(data, this.#token, (done) => this.#tell("sending", done));
    if (type.startsWith("image/")) noteSent(url, plain);
    return sealJson(`file ${kept.id}`, { ...file, url });
  }
}

/** Name it inside the ciphertext too: the assistant takes it once, also when the homeserver has forgotten the transaction's id. */
const namedOnce = (content, once) => ({ ...content, [MARK]: { ...content[MARK], once } });

function photoEvent({ words, name, type, size, whose }, file) {
  const msgtype = type.startsWith("image/") ? "m.image" : "m.file";
  const info = { mimetype: type || "application/octet-stream", size };
  const mark = whose ? { [MARK]: { whose } } : {};
  return { type: MESSAGE, content: { msgtype, body: words || name, filename: name, info, file, ...mark } };
}
