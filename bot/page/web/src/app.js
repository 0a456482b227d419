// Where the page begins: with a link, or with what this browser has kept.

import { isAble } from "./abilities.js";
import { recall, refused, remember } from "./kept.js";
import { readLink } from "./link.js";
import { aboutPractice } from "./loading.js";
import { usedBy } from "./meeting.js";
import { offerHere, tell, tellNothing, tellWhy } from "./notice.js";
import { asOnlyTab } from "./only_tab.js";
import { throwAllAway } from "./queue.js";
import { say, sayAll } from "./saying.js";
import { OtherTab } from "./stops.js";
import { Visit } from "./visit.js";
import { forgetWhose } from "./whose.js";

document.getElementById("old").remove();
sayAll();

/** Return the link that the page was opened with, or one that an earlier visit has not used yet; null for none. */
async function linkAtHand() {
  const opened = readLink(location.hash);
  if (opened) await remember("link", opened).catch(refused); // before it leaves the address: a phone may drop a page that is not looked at
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  return opened ?? (await recall("link")) ?? null;
}

async function begin() {
  const [link, practice] = await Promise.all([linkAtHand(), aboutPractice(() => isTaken || tell(say("slowLine")))]);
  if (!isTaken) tellNothing();
  const known = await recall("me");
  const isUsed = known && link && [known.code, ...usedBy(known)].includes(link.code); // the link of this phone, opened once more
  if (isUsed) await remember("link", undefined);
  document.title = say("titleNamed", { practice: practice.name });
  document.getElementById("title").textContent = document.title;
  document.getElementById("emergency").textContent = practice.emergency;
  const isOurs = link && (!practice.assistant || link.bot === practice.assistant);
  if (link && !isOurs) await remember("link", undefined);
  if (link && !isOurs && !known) return tell(say("otherLink"));
  if (!known && !link) return tell(say("needsLink"));
  // A phone that is set up stays so, until it has seen for itself that the practice's assistant has got another key.
  const goesOn = known && (!isOurs || isUsed || (known.room && known.bot === link.bot));
  const visited = goesOn ? visiting(new Visit(known, practice, isUsed || !isOurs ? null : link)) : beginAnew(link, practice);
  if (link && !isOurs) tell(say("otherLinkHere"));
  return visited;
}

/** Begin with a link. What waits here was meant for another, so it is thrown away, and that is said. */
async function beginAnew(link, practice) {
  const became = await throwAllAway();
  await forgetWhose();
  await remember("me", link).catch(refused);
  await remember("link", undefined);
  if (became) tell(say(became));
  return visiting(new Visit(link, practice, null));
}

let visit; // the one of this page, once there is one
let isTaken = false;

function visiting(begun) {
  visit = begun;
  return isTaken ? stop() : visit.goOn();
}

/** Another tab has taken the place of this one. */
function stop() {
  isTaken = true;
  return visit ? visit.stopped(new OtherTab()) : tellWhy(new OtherTab());
}

if (isAble()) asOnlyTab(begin, (here) => offerHere("otherTab", here), stop).catch(tellWhy);
else tell(say("tooOld"));
