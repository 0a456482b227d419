// A link with which somebody opens a page that is set up: for another whom they answer for, or not the practice's.

import { isForAnother } from "./another.js";
import { askBirthday, hideBirthday } from "./birthday.js";
import { remember } from "./kept.js";
import { meetForAnother, usedBy } from "./meeting.js";
import { tell, tellWhy } from "./notice.js";
import { say } from "./saying.js";
import { LinkEnded, NotAlone, NotNow, NotYou, OtherBot } from "./stops.js";
import { doubtWhose } from "./whose.js";

/** Do what the link is for, once the assistant is known to be ours; return whether the link is done with. */
export async function useLaterLink(link, { matrix, me, watch, sending }) {
  if (link.key !== me.key) return refuse();
  if (!(await isForAnother())) return isDone();
  return meetAnother(link.code, { matrix, me, watch, sending });
}

/** The assistant is the one that this phone knows, and the link tells of another: it is not the practice's. */
async function refuse() {
  await isDone();
  tell(say("otherLinkHere"));
  return true;
}

/** Add somebody whom one answers for; whatever comes of it, the visit goes on. Left now, it is asked again on the next. */
async function meetAnother(code, { matrix, me, watch, sending }) {
  sending.close();
  await doubtWhose(true); // the form comes back before the assistant says for whom one answers now
  const ask = (words) => askBirthday(words, true);
  const askAgain = () => ask(say("otherBirthday"));
  const meeting = ask().then((born) => meetForAnother(matrix, me, code, async () => born, watch, askAgain));
  const failure = await meeting.then(() => null, (why) => why);
  const wasRefused = isOneOf(failure, LinkEnded, NotYou);
  if (wasRefused || failure instanceof NotNow) await doubtWhose(false); // else they may be added all the same
  hideBirthday();
  sending.open();
  if (isOneOf(failure, NotAlone, OtherBot)) throw failure;
  const isUsed = !failure || wasRefused;
  if (isUsed) await noteUsed(code, me);
  if (!failure) sending.tell("added");
  else if (!(failure instanceof NotNow)) tellWhy(failure);
  return isUsed;
}

const isOneOf = (failure, ...kinds) => kinds.some((kind) => failure instanceof kind);

/** Open the page with this link from now on without a question. One that was left alone may be somebody else's. */
async function noteUsed(code, me) {
  await remember("me", Object.assign(me, { used: [...usedBy(me), code] }));
  await isDone();
}

async function isDone() {
  await remember("link", undefined);
  return true;
}
