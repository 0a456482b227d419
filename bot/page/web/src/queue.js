// What is to be sent: sealed first, then sent in its order, each once, also when the page was closed in between.

import { encryptAttachment } from "./attachment.js";
import { MARK } from "./conversation.js";
import { upload } from "./homeserver.js";
import { dequeue, enqueue, queued, queuedAt, replaceQueued, seal, sealJson, unseal, unsealJson } from "./kept.js";
import { noteSent } from "./pictures.js";
import { NotReady, OtherBot, SignedOut } from "./stops.js";

const MESSAGE = "m.room.message";
const AGAIN = 5000; // milliseconds, where nobody said how long to wait

/** Seal a photo or another file, with its words and whose it is if that was chosen, into the queue; return where it waits. */
export async function keepPhoto(file, words, whose) {
  const id = crypto.randomUUID();
  const { name, type, size } = file;
  const photo = await seal(`photo ${id}`, await file.arrayBuffer());
  return enqueue({ id, about: await sealJson(`about ${id}`, { words, name, type, size, whose }), photo });
}

/** Seal all of these, or none: where one finds no room, those before it are taken out again. */
export async function keepPhotos(files, words, whose) {
  const places = [];
  try {
    for (const file of files) places.push(await keepPhoto(file, words, whose));
  } catch (failure) {
    for (const place of places) await dequeue(place);
    throw failure;
  }
}

/** Seal an event into the queue. */
export async function keepEvent(type, content) {
  const id = crypto.randomUUID();
  await enqueue({ id, about: await sealJson(`about ${id}`, { type, content }) });
}

export const keepWords = (body) => keepEvent(MESSAGE, { msgtype: "m.text", body });

export class Queue {
  #running;
  #send;
  #token;
  #tell;

  /** `send` sends an event under a transaction id; `tell` hears how far it is, how much of an upload is done. */
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
      const [place] = await queued();
      if (place === undefined) return;
      try {
        await this.#one(place);
      } catch (failure) {
        await this.#failed(place, failure);
      }
    }
  }

  async #failed(place, failure) {
    if ([OtherBot, NotReady, SignedOut].some((kind) => failure instanceof kind)) throw failure;
    if (failure.isForGood) {
      await dequeue(place);
      this.#tell("notTaken");
      return;
    }
    this.#tell(failure.status === 429 ? "slowDown" : "offline");
    await new Promise((done) => {
      setTimeout(done, failure.retryAfter ?? AGAIN);
      addEventListener("online", done, { once: true });
    });
  }

  async #one(place) {
    const kept = await queuedAt(place);
    const about = await unsealJson(`about ${kept.id}`, kept.about);
    if (kept.photo && !kept.uploaded) {
      kept.uploaded = await this.#uploaded(kept, about);
      delete kept.photo; // it is not needed any more, and writing it again takes long
      // Before the event is sent: a second try sends the same. A phone too full for it sends all the same.
      await replaceQueued(place, kept).catch(() => {});
    }
    const { type, content } = kept.uploaded ? photoEvent(about, await unsealJson(`file ${kept.id}`, kept.uploaded)) : about;
    await this.#send(type, content, kept.id);
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

function photoEvent({ words, name, type, size, whose }, file) {
  const msgtype = type.startsWith("image/") ? "m.image" : "m.file";
  const info = { mimetype: type || "application/octet-stream", size };
  const mark = whose ? { [MARK]: { whose } } : {};
  return { type: MESSAGE, content: { msgtype, body: words || name, filename: name, info, file, ...mark } };
}
