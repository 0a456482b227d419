// What stands above everything else: why the page does not go on.

import { say } from "./saying.js";
import { LinkEnded, NotAlone, NothingKept, NotYou, OtherBot, OtherTab, SignedOut, TooOld } from "./stops.js";

const [notice, here] = ["notice", "here"].map((name) => document.getElementById(name));

export function tell(words) {
  notice.textContent = words;
  notice.hidden = false;
}

export function tellNothing() {
  notice.hidden = true;
}

/** Say that the page is open elsewhere; `goOn` is what a tap on "go on here" does. */
export function offerHere(name, goOn) {
  tell(say(name));
  here.hidden = false;
  here.onclick = () => {
    notice.hidden = here.hidden = true;
    goOn();
  };
}

/** Say a sentence besides what is said already. */
export const tellAlso = (name) => tell(`${notice.textContent} ${say(name)}`);

/** Say why; a page that is `setUp` may have sent something before, and keeps what waits. */
export function tellWhy(failure, setUp) {
  if (failure instanceof OtherBot) tell(say(setUp ? "otherBotNow" : "otherBot"));
  else if (failure instanceof OtherTab) offerHere("wentOn", () => location.reload());
  else if (failure instanceof NotAlone) tell(say("notAlone"));
  else if (failure instanceof NotYou) tell(say("notYou"));
  else if (failure instanceof LinkEnded) tell(failure.said ? `${failure.said} ${say("openedBefore")}` : say("linkEnded"));
  else if (failure instanceof TooOld) tell(say("tooOld"));
  else if (failure instanceof SignedOut) tell(say("signedOut"));
  else if (failure instanceof NothingKept) tell(say("keepsNothing"));
  else {
    console.error(failure.name, failure.message, failure.stack);
    tell(say("failed"));
  }
}
