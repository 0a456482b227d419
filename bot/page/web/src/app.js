// Where the page begins: with a link, or with what this browser has kept.

import { emptyQueue, recall, remember } from "./kept.js";
import { readLink } from "./link.js";
import { tell } from "./notice.js";
import { asOnlyTab } from "./only_tab.js";
import { say, sayAll } from "./saying.js";
import { Visit } from "./visit.js";
import { forgetWhose } from "./whose.js";

const link = readLink(location.hash);
if (location.hash) history.replaceState(null, "", location.pathname + location.search); // before anything else
sayAll();

async function begin() {
  const [known, practice] = await Promise.all([recall("me"), fetch("/practice.json").then((answer) => answer.json())]);
  document.title = say("titleNamed", { practice: practice.name });
  document.getElementById("title").textContent = document.title;
  document.getElementById("emergency").textContent = practice.emergency;
  if (!known && !link) return tell(say("needsLink"));
  // A phone that is set up stays so, unless the practice's assistant itself has got another key.
  const goesOn = known && (!link || link.code === known.code || (known.room && link.key === known.key));
  if (!goesOn) await Promise.all([emptyQueue(), forgetWhose()]); // what waits was meant for another link
  const me = goesOn ? known : link;
  await remember("me", me); // a phone may drop a page that is not looked at, and the link is not in its address any more
  const visit = new Visit(me, practice);
  return (me.room ? visit.again(link?.code) : visit.first()).catch((failure) => visit.stopped(failure));
}

asOnlyTab(begin, () => tell(say("otherTab"))).catch(() => tell(say("failed")));
