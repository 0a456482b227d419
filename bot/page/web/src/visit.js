// One visit: the date of birth, the photo, and the connection that is made behind them.

import { hideAnother } from "./another.js";
import { askBirthday, birthdayOf, forgetBirthday, hideBirthday } from "./birthday.js";
import { askIfSure, attempt } from "./buttons.js";
import { answerTo, conversation, latestShown, whoseIn, whoseIs } from "./conversation.js";
import { register } from "./homeserver.js";
import { remember } from "./kept.js";
import { useLaterLink } from "./later_link.js";
import { theCode } from "./loading.js";
import { meet } from "./meeting.js";
import { Messages } from "./messages.js";
import { hideNotTaken, showNotTaken } from "./not_taken.js";
import { tell, tellAlso, tellWhy } from "./notice.js";
import { isOnlyTab } from "./only_tab.js";
import { patiently } from "./patience.js";
import { forgetSent } from "./pictures.js";
import { keepEvent, keepWords, Queue, recallWaiting, throwAllAway } from "./queue.js";
import { say } from "./saying.js";
import { Seen } from "./seen.js";
import { Sending } from "./sending.js";
import { LinkEnded, NotReady, NotYou, OtherBot, OtherTab, SignedOut } from "./stops.js";
import { hideUnsent, offerUnsent } from "./unsent.js";
import { withWaiting } from "./waiting.js";
import { Watch } from "./watch.js";
import { forgetWhose, learnWhose } from "./whose.js";
import { HELP, LOST, MY_COPY, MY_IMAGES, NOT_ME } from "./writing.js";

const SOON = 100; // milliseconds
const TOKEN_ENDED = new Set(["M_UNAUTHORIZED", "M_FORBIDDEN"]);
const notDrawn = (failure) => console.error(failure.name, failure.message); // the next news is drawn all the same
const element = (name) => document.getElementById(name);

export class Visit {
  #me;
  #link;
  #matrix;
  #queue;
  #list;
  #sending;
  #late = (name) => this.#sending.tell(name); // why something takes longer
  #watch = new Watch();
  #seen;
  #drawing = Promise.resolve(); // the list, being brought up to date
  #willDraw = false;
  #isOver = false;
  #stalled = false; // something waits to be sent until more is known

  /** `link` is another than this phone was set up with, null for none. */
  constructor(me, practice, link) {
    this.#me = me;
    this.#link = link;
    this.#sending = new Sending(practice.largest, () => this.#kept());
    addEventListener("online", () => this.#matrix?.wake());
  }

  /** Go on where this browser was, or begin. */
  goOn() {
    return (this.#me.room ? this.#again() : this.#first()).catch((failure) => this.stopped(failure));
  }

  async #first() {
    const code = theCode(this.#late); // while somebody types a date
    code.catch(() => {}); // told where it is waited for
    const born = await birthdayOf(this.#me);
    this.#sending.open();
    element("title").focus();
    this.#sending.tell("connecting");
    const { Matrix } = await code;
    await this.#connect(Matrix);
    await this.#pinned();
    const tellBorn = () => patiently(() => forgetBirthday(this.#me), this.#late).then(() => born);
    await meet(this.#matrix, this.#me, tellBorn, this.#watch, () => this.#askBirthdayAgain(), this.#late);
    await this.#begin();
  }

  /** Ask once more. What was tapped meanwhile was for somebody with another birthday, so it is not sent by itself. */
  async #askBirthdayAgain() {
    this.#sending.close();
    await this.#learnt({ doubted: true });
    return askBirthday(say("otherBirthday"));
  }

  async #again() {
    this.#sending.open();
    this.#sending.tell("connecting");
    const { Matrix } = await theCode(this.#late);
    const ended = Matrix.hasEnded(this.#me.account, this.#me.room); // asked while the keys are opened
    await this.#connect(Matrix);
    if ((await ended) || (await this.#endedMeanwhile(Matrix))) throw new SignedOut();
    await this.#watch.until(() => this.#matrix.isIn(this.#me.room));
    await this.#showMessages();
    this.#list.beginWithQuestions();
    await this.#pinned();
    await this.#begin();
    if (this.#link) await this.#useLink();
  }

  async #useLink() {
    const here = { matrix: this.#matrix, me: this.#me, watch: this.#watch, sending: this.#sending };
    if (await useLaterLink(this.#link, here)) this.#link = null;
  }

  async #endedMeanwhile(Matrix) {
    return !this.#matrix.isIn(this.#me.room) && Matrix.hasEnded(this.#me.account, this.#me.room);
  }

  async #connect(Matrix) {
    await Matrix.isReady(this.#late); // before the link is used up
    if (!this.#me.account) await this.#register();
    await patiently(() => this.#openKeys(Matrix), this.#late);
    if (!this.#me.signed) await this.#learnt({ signed: true });
    await this.#matrix.start(
      () => this.#changed(),
      () => this.stopped(new SignedOut()),
    );
  }

  /** Each try begins with what the browser has kept: what a full phone did not keep must not be taken for known. */
  async #openKeys(Matrix) {
    this.#matrix = new Matrix(this.#me.account, this.#me);
    await this.#matrix.open(!this.#me.signed, this.#late);
  }

  async #register() {
    const account = await register(this.#me.token, this.#late).catch((failure) => {
      throw TOKEN_ENDED.has(failure.code) ? new LinkEnded() : failure;
    });
    await this.#learnt({ account, token: undefined });
  }

  /** Keep what is known now; on a full phone, as soon as there is room: the link is used up, so it would be lost. */
  #learnt(news) {
    return patiently(() => remember("me", Object.assign(this.#me, news)), this.#late);
  }

  /** Compare the assistant's key, as soon as the homeserver can be asked. */
  #pinned() {
    return patiently(() => this.#matrix.pin(), this.#late);
  }

  async #begin() {
    await this.#watch.until(() => this.#matrix.isIn(this.#me.room));
    if (this.#me.doubted) {
      this.#sending.close();
      await offerUnsent();
      await this.#learnt({ doubted: undefined });
      this.#sending.open();
    }
    this.#queue = new Queue(
      (...event) => this.#put(...event),
      this.#me.account.accessToken,
      (name, about) => this.#told(name, about),
    );
    this.#sending.tell("connected");
    await this.#showMessages();
    this.#matrix.prepare(this.#me.room).catch(() => {}); // then each message is sent by itself
    this.#kept();
  }

  async #put(...event) {
    if (!(await isOnlyTab())) throw new OtherTab();
    return this.#matrix.put(this.#me.room, ...event);
  }

  async #showMessages() {
    if (this.#list) return;
    await recallWaiting();
    const does = {
      answer: (question, answer) => this.#answer(answerTo(question, answer)),
      sayWhose: (...answer) => this.#answer(whoseIs(...answer)),
      write: (words) => this.#write(words),
      sayNotMe: () => this.#sayNotMe(),
      correct: (ref) => this.#sending.correct(ref),
    };
    this.#list = new Messages(does, this.#me.account.accessToken);
    this.#seen = new Seen((event) => this.#matrix.markSeen(this.#me.room, event));
    for (const [name, words] of [["held", MY_IMAGES], ["copy", MY_COPY], ["help", HELP]]) {
      element(name).onclick = (tap) => attempt(tap.currentTarget, () => this.#write(words));
    }
    const [deeds, lost] = [element("deeds"), element("lost")];
    lost.onclick = () => askIfSure(deeds, lost, say("lostSure"), say("notLost"), () => this.#write(LOST));
    this.#changed();
  }

  /** Say how far the sending is; what was refused is said apart from the rest, and stays said. */
  #told(name, about) {
    if (name !== "notTaken") {
      this.#sending.tell(name, about);
      return;
    }
    this.#sending.giveUp();
    showNotTaken(about, () => this.#sendAgain(), () => this.#changed()).catch(() => {}); // the next visit says it
  }

  async #sendAgain() {
    await this.#queue.retry();
    this.#send();
  }

  /** Say that this person is another; what waits is not theirs to send, so it is thrown away first. */
  async #sayNotMe() {
    const became = await throwAllAway();
    if (became) tell(say(became));
    await this.#write(NOT_ME);
  }

  async #write(words) {
    await keepWords(words);
    this.#kept();
  }

  async #answer({ type, content }) {
    await keepEvent(type, content);
    this.#kept();
  }

  /** Something new waits: it is sent, and shown as waiting. */
  #kept() {
    this.#send();
    this.#changed();
  }

  #send() {
    this.#queue?.run().catch((failure) => this.#notSent(failure));
  }

  #notSent(failure) {
    this.#stalled = failure instanceof NotReady;
    if (this.#stalled) this.#sending.tell("kept");
    else this.stopped(failure);
  }

  #changed() {
    if (this.#isOver) return;
    if (this.#me.room && this.#matrix?.isPutOut(this.#me.room)) {
      this.stopped(new SignedOut());
      return;
    }
    this.#watch.wake();
    if (this.#stalled) this.#send();
    if (!this.#list) return;
    if (this.#queue) this.#matrix.readBack(this.#me.room).catch(() => {}); // the next news, or visit, tries it again
    if (this.#willDraw) return;
    this.#willDraw = true;
    this.#drawing = this.#drawing.then(() => this.#draw()).catch(notDrawn); // one after another
  }

  async #draw() {
    this.#willDraw = false;
    const said = await this.#matrix.said(this.#me.room).catch(() => null); // it was stopped
    if (!said || this.#isOver) return;
    const items = conversation(withWaiting(said, this.#me.account.userId), this.#me.bot);
    if (!this.#list.show(items)) return void setTimeout(() => this.#changed(), SOON);
    this.#seen.shown(latestShown(items));
    await learnWhose(whoseIn(items));
  }

  /** Say why it does not go on. What can never go on is forgotten: a new link begins anew, and sends nothing of before. */
  async stopped(failure) {
    if (this.#isOver) return;
    this.#isOver = true;
    forgetSent();
    this.#matrix?.stop();
    this.#sending.close();
    hideAnother();
    hideBirthday();
    hideUnsent();
    hideNotTaken();
    const hasAnotherKey = failure instanceof OtherBot && this.#link && this.#link.key !== this.#me.key;
    if ((failure instanceof SignedOut && this.#link) || hasAnotherKey) {
      await this.#beginWithLink();
      return;
    }
    tellWhy(failure, Boolean(this.#me.room));
    if (failure instanceof OtherTab) this.#list?.end();
    const linkIsOver = [LinkEnded, NotYou, OtherBot].some((kind) => failure instanceof kind) && !this.#me.room;
    if (!linkIsOver && !(failure instanceof SignedOut)) return;
    this.#list?.show([]);
    await forgetWhose();
    const became = await throwAllAway();
    if (became) tellAlso(became);
    await remember("me", undefined);
    await this.#matrix?.forget();
  }

  /** What was here has ended, as where a phone was reported lost and found again: the link at hand is for a new beginning. */
  async #beginWithLink() {
    this.#list?.show([]);
    await remember("me", undefined);
    await this.#matrix?.forget();
    location.reload();
  }
}
