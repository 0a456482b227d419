// From a link to a room of one's own, each step kept, so that a page closed in between goes on. A later link, for somebody else whom
// the same person answers for, is told in the same way.

import { markOf } from "./conversation.js";
import { remember } from "./kept.js";
import { patiently } from "./patience.js";
import { LinkEnded, NotYou } from "./stops.js";

const PATIENCE = 90_000; // milliseconds for the practice's assistant to answer
const ANSWERS = ["asks-birthday", "birthday-wrong", "birthday-locked", "code-refused", "joined"];

/**
 * Tell the assistant code and birthday, and go into the room of one's own, which `me` names from then on.
 *
 * `born` gives the birthday when it is told; `watch` waits for what others do; `askAgain` says that a birthday was wrong, and returns
 * another; `tell` hears why it takes longer.
 */
export async function meet(matrix, me, born, watch, askAgain, tell) {
  const lobby = me.lobby ?? (await patiently(() => matrix.makeLobby(), tell));
  const learnt = (news) => patiently(() => remember("me", Object.assign(me, news)), tell);
  await learnt({ lobby });
  const seen = (look) => patiently(() => watch.until(look, PATIENCE), tell);
  await seen(() => matrix.ownRoom(lobby) || matrix.isInWith(lobby));
  if (!matrix.ownRoom(lobby)) await new Introduction(matrix, me.bot, lobby, seen, tell).make(me.code, born, askAgain);
  const room = await seen(() => matrix.ownRoom(lobby));
  await patiently(() => matrix.join(room), tell);
  await learnt({ room, code: undefined, used: [...usedBy(me), me.code] });
  matrix.leave(lobby).catch(() => {}); // the assistant leaves it too
}

/** Return the codes that were used up here. (One was kept alone once.) */
export const usedBy = (me) => [me.used ?? []].flat();

/** Tell the assistant the code for somebody else; what is said about it comes into the room of one's own. */
export async function meetForAnother(matrix, me, code, born, watch, askAgain) {
  const lobby = await matrix.makeLobby();
  const seen = (look) => watch.until(look, PATIENCE); // the visit goes on without an answer
  await seen(() => matrix.isInWith(lobby));
  await new Introduction(matrix, me.bot, lobby, seen).make(code, born, askAgain);
  matrix.leave(lobby).catch(() => {});
}

/** What is said in a lobby: the code, then the birthday. */
class Introduction {
  #matrix;
  #bot;
  #lobby;
  #seen;
  #tell;

  constructor(matrix, bot, lobby, seen, tell) {
    this.#matrix = matrix;
    this.#bot = bot;
    this.#lobby = lobby;
    this.#seen = seen;
    this.#tell = tell;
  }

  #goesOn(answer) {
    if (means(answer, "birthday-locked")) throw new NotYou();
    if (means(answer, "code-refused")) throw new LinkEnded(answer.content.body);
  }

  /** Return once both were right; throw why they were not. */
  async make(code, born, askAgain) {
    await this.#heard(new Set(), "asks-code");
    this.#goesOn(await this.#answerTo(code));
    let answer = await this.#answerTo(await born());
    while (!means(answer, "joined")) {
      this.#goesOn(answer);
      answer = await this.#answerTo(await askAgain()); // it was wrong, or nobody alive was born then
    }
  }

  async #answerTo(body) {
    const before = new Set((await this.#said()).map((event) => event.id));
    const id = crypto.randomUUID();
    await patiently(() => this.#matrix.put(this.#lobby, "m.room.message", { msgtype: "m.text", body }, id), this.#tell);
    return this.#heard(before, ...ANSWERS);
  }

  /** Return the first message with one of these meanings that was not there before. */
  #heard(before, ...ids) {
    const isIt = (event) => !before.has(event.id) && means(event, ...ids);
    return this.#seen(async () => (await this.#said()).find(isIt));
  }

  async #said() {
    return (await this.#matrix.said(this.#lobby)).filter((event) => event.sender === this.#bot && event.trusted);
  }
}

const means = (event, ...ids) => ids.includes(markOf(event.content).id);
