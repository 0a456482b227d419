// From a link to a room of one's own, each step kept, so that a page closed in between goes on. A later link, for somebody else whom
// the same person answers for, is told in the same way.

import { markOf } from "./conversation.js";
import { remember } from "./kept.js";
import { LinkEnded, NotYou } from "./stops.js";

const PATIENCE = 90_000; // milliseconds for the practice's assistant to answer
const ANSWERS = ["asks-birthday", "birthday-wrong", "birthday-locked", "code-refused", "joined"];

/**
 * Tell the assistant code and birthday, and go into the room of one's own, which `me` names from then on.
 *
 * `watch` waits for what others do; `askAgain` says that a birthday was wrong, and returns another.
 */
export async function meet(matrix, me, born, watch, askAgain) {
  const lobby = me.lobby ?? (await matrix.makeLobby());
  await remember("me", Object.assign(me, { lobby }));
  await watch.until(() => matrix.ownRoom(lobby) || matrix.isInWith(lobby), PATIENCE);
  if (!matrix.ownRoom(lobby)) await new Introduction(matrix, me.bot, lobby, watch).make(me.code, born, askAgain);
  const room = await watch.until(() => matrix.ownRoom(lobby), PATIENCE);
  await matrix.join(room);
  await remember("me", Object.assign(me, { room, code: undefined }));
  matrix.leave(lobby).catch(() => {}); // the assistant leaves it too
}

/** Tell the assistant the code for somebody else; what is said about it comes into the room of one's own. */
export async function meetForAnother(matrix, me, code, born, watch, askAgain) {
  const lobby = await matrix.makeLobby();
  await watch.until(() => matrix.isInWith(lobby), PATIENCE);
  await new Introduction(matrix, me.bot, lobby, watch).make(code, born, askAgain);
  matrix.leave(lobby).catch(() => {});
}

/** What is said in a lobby: the code, then the birthday. */
class Introduction {
  #matrix;
  #bot;
  #lobby;
  #watch;

  constructor(matrix, bot, lobby, watch) {
    this.#matrix = matrix;
    this.#bot = bot;
    this.#lobby = lobby;
    this.#watch = watch;
  }

  #goesOn(answer) {
    if (means(answer, "birthday-locked")) throw new NotYou();
    if (means(answer, "code-refused")) throw new LinkEnded(answer.content.body);
  }

  /** Return once both were right; throw why they were not. */
  async make(code, born, askAgain) {
    await this.#heard(new Set(), "asks-code");
    this.#goesOn(await this.#answerTo(code));
    let answer = await this.#answerTo(born);
    while (!means(answer, "joined")) {
      this.#goesOn(answer);
      answer = await this.#answerTo(await askAgain()); // it was wrong, or nobody alive was born then
    }
  }

  async #answerTo(body) {
    const before = new Set((await this.#said()).map((event) => event.id));
    await this.#matrix.put(this.#lobby, "m.room.message", { msgtype: "m.text", body }, crypto.randomUUID());
    return this.#heard(before, ...ANSWERS);
  }

  /** Return the first message with one of these meanings that was not there before. */
  #heard(before, ...ids) {
    const isIt = (event) => !before.has(event.id) && means(event, ...ids);
    return this.#watch.until(async () => (await this.#said()).find(isIt), PATIENCE);
  }

  async #said() {
    return (await this.#matrix.said(this.#lobby)).filter((event) => event.sender === this.#bot && event.trusted);
  }
}

const means = (event, ...ids) => ids.includes(markOf(event.content).id);
