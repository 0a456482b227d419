// What stands above everything else: why the page does not go on.

import { say } from "./saying.js";
import { LinkEnded, NotAlone, NotYou, OtherBot, SignedOut, TooOld } from "./stops.js";

const notice = document.getElementById("notice");

export function tell(words) {
  notice.textContent = words;
  notice.hidden = false;
}

/** Say a sentence besides what is said already. */
export const tellAlso = (name) => tell(`${notice.textContent} ${say(name)}`);

/** Say why; a page that is `setUp` may have sent something before, and keeps what waits. */
export function tellWhy(failure, setUp) {
  if (failure instanceof OtherBot) tell(say(setUp ? "otherBotNow" : "otherBot"));
  else if (failure instanceof NotAlone) tell(say("notAlone"));
  else if (failure instanceof NotYou) tell(say("notYou"));
  else if (failure instanceof LinkEnded) tell(failure.said || say("linkEnded"));
  else if (failure instanceof TooOld) tell(say("tooOld"));
  else if (failure instanceof SignedOut) tell(say("signedOut"));
  else {
    console.error(failure.name, failure.message, failure.stack);
    tell(say("failed"));
  }
}
