// What of the page works behind its form, as it is: link, account, keys, meeting, sealed queue, sending and reading.

import { conversation } from "../../bot/page/web/src/conversation.js";
import { register } from "../../bot/page/web/src/homeserver.js";
import { queued, remember } from "../../bot/page/web/src/kept.js";
import { readLink } from "../../bot/page/web/src/link.js";
import { Matrix } from "../../bot/page/web/src/matrix.js";
import { meet } from "../../bot/page/web/src/meeting.js";
import { Queue, keepPhotos } from "../../bot/page/web/src/queue.js";
import { Watch } from "../../bot/page/web/src/watch.js";

/** One patient's page. Its steps are those of visit.js, in their order. */
export class Engine {
  #me;
  #matrix;
  #queue;
  #watch = new Watch();

  constructor(link) {
    this.#me = readLink(new URL(link).hash);
  }

  get account() {
    return this.#me.account.userId;
  }

  /** From the link to a room of one's own. */
  async joins(born) {
    await remember("me", Object.assign(this.#me, { account: await register(this.#me.token) }));
    this.#matrix = new Matrix(this.#me.account, this.#me);
    await this.#matrix.open(true);
    const ended = () => {
      throw new Error("the account has ended");
    };
    await this.#matrix.start(() => this.#watch.wake(), ended);
    await this.#matrix.pin();
    await meet(this.#matrix, this.#me, async () => born, this.#watch, ended);
    await this.#watch.until(() => this.#matrix.isIn(this.#me.room));
    const put = (...event) => this.#matrix.put(this.#me.room, ...event);
    this.#queue = new Queue(put, this.#me.account.accessToken, () => {});
  }

  /** Tap "Send"; return after how many milliseconds it was sent, and after how many the assistant said that it has it. */
  async sends(photo, words) {
    const before = await this.#told();
    const tapped = performance.now();
    await keepPhotos([photo], words);
    const kept = performance.now();
    await this.#queue.run();
    const sent = performance.now();
    const refs = await this.#watch.until(async () => {
      const more = [...(await this.#told())].filter((ref) => !before.has(ref));
      return more.length > 0 && more;
    });
    return { kept: kept - tapped, sent: sent - tapped, answered: performance.now() - tapped, refs };
  }

  /** The references of all photos of which the assistant has said that it has them. */
  async #told() {
    const heard = conversation(await this.#matrix.said(this.#me.room), this.#me.bot).filter((item) => !item.mine);
    return new Set(heard.flatMap((item) => (item.mark.id === "photo-safe" ? item.mark.refs : [])));
  }

  /** How much waits to be sent. */
  async waiting() {
    return (await queued()).length;
  }

  stop() {
    this.#matrix?.stop();
  }
}
