// The first visit, from the link to a room of one's own. Each step is kept, so that a page closed in between goes on.

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
  const heard = async () => (await matrix.said(lobby)).filter((event) => event.sender === me.bot && event.trusted);
  const room = matrix.ownRoom(lobby) ?? (await identified());
  await matrix.join(room);
  await remember("me", Object.assign(me, { room, code: undefined }));
  matrix.leave(lobby).catch(() => {}); // the assistant leaves it too

  async function identified() {
    await watch.until(async () => (await heard()).some((event) => means(event, "asks-code")), PATIENCE);
    let answer = await answerTo(me.code);
    while (!means(answer, "joined")) {
      if (means(answer, "birthday-locked")) throw new NotYou();
      if (means(answer, "code-refused")) throw new LinkEnded(answer.content.body);
      if (means(answer, "birthday-wrong")) born = await askAgain();
      answer = await answerTo(born);
    }
    return watch.until(() => matrix.ownRoom(lobby), PATIENCE);
  }

  /** Say something; return what the assistant answers. */
  async function answerTo(body) {
    const before = new Set((await heard()).map((event) => event.id));
    await say(body);
    const isAnswer = (event) => !before.has(event.id) && means(event, ...ANSWERS);
    return watch.until(async () => (await heard()).find(isAnswer), PATIENCE);
  }

  function means(event, ...ids) {
    return ids.includes(markOf(event.content).id);
  }

  function say(body) {
    return matrix.put(lobby, "m.room.message", { msgtype: "m.text", body }, crypto.randomUUID());
  }
}
