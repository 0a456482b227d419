// The first visit, from the link to a room of one's own. Each step is kept, so that a page closed in between goes on.

import { markOf } from "./conversation.js";
import { remember } from "./kept.js";
import { LinkEnded, NotYou } from "./stops.js";

const PATIENCE = 90_000; // milliseconds for the practice's assistant to answer
const TRIES = 3;

/**
 * Tell the assistant the code, compare the birthday, and go into the room of one's own, which `me` names from then on.
 *
 * `watch` waits for what others do; `askAgain` shows that a birthday was wrong, and returns another.
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
    const before = new Set((await heard()).map((event) => event.id));
    await say(me.code);
    const isAnswer = (event) => !before.has(event.id) && means(event, "is-this-you", "code-refused");
    const answer = await watch.until(async () => (await heard()).find(isAnswer), PATIENCE);
    const { born: theirs } = markOf(answer.content);
    if (!theirs) throw new LinkEnded(answer.content.body);
    await compared(theirs);
    await say("yes");
    return watch.until(() => matrix.ownRoom(lobby), PATIENCE);
  }

  async function compared(theirs) {
    for (let tries = 1; born !== theirs; tries += 1) {
      if (tries === TRIES) {
        await say("no");
        throw new NotYou();
      }
      born = await askAgain();
    }
  }

  function means(event, ...ids) {
    return ids.includes(markOf(event.content).id);
  }

  function say(body) {
    return matrix.put(lobby, "m.room.message", { msgtype: "m.text", body }, crypto.randomUUID());
  }
}
