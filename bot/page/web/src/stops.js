// Why something does not go on: each kind is told in its own words.

const FULL = "QuotaExceededError"; // as browsers name it

/**
 * The homeserver refused, or a proxy on the way, which gives no `code`: nothing is forgotten on its word.
 * `retryAfter` is in milliseconds, where it said so.
 */
export class HomeserverRefused extends Error {
  constructor(status, answer, retryAfter) {
    super(`${status} ${answer.errcode ?? ""}`);
    this.status = status;
    this.code = answer.errcode ?? "";
    this.retryAfter = retryAfter;
  }

  /** Whether no second try mends it. */
  get isForGood() {
    return this.status === 413 || (this.status === 400 && this.code !== "");
  }
}

/** Another tab has taken the place of this one. */
export class OtherTab extends Error {}

/** The account has ended. */
export class SignedOut extends Error {}

/** Another identity than the link's stands for the assistant. */
export class OtherBot extends Error {}

/** Somebody else is in the room, or was asked in. */
export class NotAlone extends Error {}

/** The room is not known yet, or not encrypted, or the assistant was not compared yet. */
export class NotReady extends Error {}

/** What was to be sent was thrown away meanwhile. */
export class ThrownAway extends Error {}

/** The assistant has not answered for some time. */
export class NoAnswer extends Error {}

/** This browser, or phone, can't do what the page needs. */
export class TooOld extends Error {}

/** This browser keeps nothing for the page, as in some private windows. */
export class NothingKept extends Error {}

/** The link can't be used. `said`, where there are any, are the assistant's own words. */
export class LinkEnded extends Error {
  constructor(said = "") {
    super();
    this.said = said;
  }
}

/** A file that was chosen can't be read. */
export class Unreadable extends Error {}

/** Whether the phone has no room left: somebody may make some. The encryption names the browser's failure in its words alone. */
export const isFull = ({ name, message }) => name === FULL || (message ?? "").includes(FULL);

/** Return the name of the sentence that says why something is not kept on this phone, and so not sent. */
export function whyNotKept(failure) {
  if (failure instanceof Unreadable) return "unreadable";
  return isFull(failure) ? "phoneFull" : "notKept";
}

/** Somebody does not want to say a birthday now. */
export class NotNow extends Error {}

/** Three birthdays were wrong. */
export class NotYou extends Error {}
