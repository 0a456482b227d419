// One visit: the date of birth, the photo, and the connection that is made behind them.

import { hideAnother, isForAnother } from "./another.js";
import { askBirthday, hideBirthday } from "./birthday.js";
import { askIfSure } from "./buttons.js";
import { answerTo, conversation, whoseIn } from "./conversation.js";
import { register } from "./homeserver.js";
import { emptyQueue, remember } from "./kept.js";
import { meet, meetForAnother } from "./meeting.js";
import { Messages } from "./messages.js";
import { tellWhy } from "./notice.js";
import { forgetSent } from "./pictures.js";
import { keepEvent, keepWords, Queue } from "./queue.js";
import { say } from "./saying.js";
import { Sending } from "./sending.js";
import { LinkEnded, NotReady, NotYou, OtherBot, SignedOut } from "./stops.js";
import { hideUnsent, offerUnsent } from "./unsent.js";
import { Watch } from "./watch.js";
import { forgetWhose, learnWhose } from "./whose.js";
import { HELP, LOST, MY_COPY, MY_IMAGES } from "./writing.js";

const AGAIN = 5000; // milliseconds
const TOKEN_ENDED = new Set(["M_UNAUTHORIZED", "M_FORBIDDEN"]);
const element = (name) => document.getElementById(name);

export class Visit {
  #me;
  #matrix;
  #queue;
  #list;
  #sending;
  #watch = new Watch();
  #drawing; // the list, being brought up to date
  #isOver = false;
  #stalled = false; // something waits to be sent until more is known

  constructor(me, practice) {
    this.#me = me;
    this.#sending = new Sending(practice.largest, () => this.#send());
    addEventListener("online", () => this.#matrix?.wake());
  }

  async first() {
    const code = import("./matrix.js"); // while somebody types a date
    const born = await askBirthday();
    this.#sending.open();
    element("title").focus();
    this.#sending.tell("connecting");
    const { Matrix } = await code;
    await this.#connect(Matrix);
    await this.#pinned();
    await meet(this.#matrix, this.#me, born, this.#watch, () => this.#askBirthdayAgain());
    await this.#begin();
  }

  /** Ask once more. What was tapped meanwhile was for somebody with another birthday, so it is not sent by itself. */
  async #askBirthdayAgain() {
    this.#sending.close();
    await remember("me", Object.assign(this.#me, { doubted: true }));
    return askBirthday(say("otherBirthday"));
  }

  /** Go on where this browser was; `code` is of a link that was opened for it. */
  async again(code) {
    this.#sending.open();
    const { Matrix } = await import("./matrix.js");
    const ended = Matrix.hasEnded(this.#me.account, this.#me.room); // asked while the keys are opened
    await this.#connect(Matrix);
    if ((await ended) || (await this.#endedMeanwhile(Matrix))) throw new SignedOut();
    await this.#watch.until(() => this.#matrix.isIn(this.#me.room));
    this.#showMessages();
    this.#list.beginWithQuestions();
    await this.#pinned();
    await this.#begin();
    if (code) await this.#meetForAnother(code);
  }

  async #endedMeanwhile(Matrix) {
    return !this.#matrix.isIn(this.#me.room) && Matrix.hasEnded(this.#me.account, this.#me.room);
  }

  /** Add somebody whom one answers for; whatever comes of it, the visit goes on. */
  async #meetForAnother(code) {
    if (!(await isForAnother())) return;
    this.#sending.close();
    const askAgain = () => askBirthday(say("otherBirthday"));
    const told = meetForAnother(this.#matrix, this.#me, code, await askBirthday(), this.#watch, askAgain);
    const failure = await told.then(() => null, (why) => why);
    hideBirthday();
    this.#sending.open();
    if (failure instanceof OtherBot) throw failure;
    if (failure) tellWhy(failure);
    else this.#sending.tell("added");
  }

  async #connect(Matrix) {
    if (!this.#me.account) await this.#register();
    this.#matrix = new Matrix(this.#me.account, this.#me);
    await this.#matrix.open(!this.#me.signed);
    await remember("me", Object.assign(this.#me, { signed: true }));
    await this.#matrix.start(
      () => this.#changed(),
      () => this.stopped(new SignedOut()),
    );
  }

  async #register() {
    const account = await register(this.#me.token).catch((failure) => {
      throw TOKEN_ENDED.has(failure.code) ? new LinkEnded() : failure;
    });
    await remember("me", Object.assign(this.#me, { account, token: undefined }));
  }

  /** Compare the assistant's key, as soon as the homeserver can be asked. */
  async #pinned() {
    for (;;) {
      try {
        return await this.#matrix.pin();
      } catch (failure) {
        if (failure instanceof OtherBot || failure instanceof SignedOut) throw failure;
        this.#sending.tell("offline");
        await new Promise((done) => setTimeout(done, AGAIN));
      }
    }
  }

  async #begin() {
    await this.#watch.until(() => this.#matrix.isIn(this.#me.room));
    if (this.#me.doubted) {
      this.#sending.close();
      await offerUnsent();
      await remember("me", Object.assign(this.#me, { doubted: undefined }));
      this.#sending.open();
    }
    this.#queue = new Queue(
      (type, content, id) => this.#matrix.put(this.#me.room, type, content, id),
      this.#me.account.accessToken,
      (name, done) => this.#sending.tell(name, done),
    );
    this.#sending.tell("connected");
    this.#showMessages();
    this.#matrix.prepare(this.#me.room).catch(() => {}); // then each message is sent by itself
    this.#send();
  }

  #showMessages() {
    if (this.#list) return;
    const deeds = {
      answer: (question, answer) => this.#answer(answerTo(question, answer)),
      write: (words) => this.#write(words),
      correct: (ref) => this.#sending.correct(ref),
    };
    this.#list = new Messages(deeds, this.#me.account.accessToken);
    for (const [name, words] of [["held", MY_IMAGES], ["copy", MY_COPY], ["help", HELP]]) {
      element(name).onclick = () => this.#write(words);
    }
    element("lost").onclick = () => askIfSure(element("deeds"), say("lostSure"), say("notLost"), () => this.#write(LOST));
    this.#changed();
  }

  async #write(words) {
    await keepWords(words);
    this.#send();
  }

  async #answer({ type, content }) {
    await keepEvent(type, content);
    this.#send();
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
    if (this.#me.room && this.#matrix.isPutOut(this.#me.room)) {
      this.stopped(new SignedOut());
      return;
    }
    this.#watch.wake();
    if (this.#stalled) this.#send();
    if (this.#list) this.#drawing = (this.#drawing ?? Promise.resolve()).then(() => this.#draw()); // one after another
  }

  async #draw() {
    const said = await this.#matrix.said(this.#me.room).catch(() => null); // it was stopped
    if (!said || this.#isOver) return;
    const items = conversation(said, this.#me.bot);
    this.#list.show(items);
    await learnWhose(whoseIn(items));
  }

  /** Say why it does not go on. What can never go on is forgotten: a new link begins anew, and sends nothing of before. */
  async stopped(failure) {
    forgetSent();
    this.#isOver = true;
    this.#matrix?.stop();
    this.#sending.close();
    hideAnother();
    hideBirthday();
    hideUnsent();
    tellWhy(failure);
    const linkIsOver = [LinkEnded, NotYou, OtherBot].some((kind) => failure instanceof kind) && !this.#me.room;
    if (!linkIsOver && !(failure instanceof SignedOut)) return;
    this.#list?.show([]);
    await forgetWhose();
    await emptyQueue();
    await remember("me", undefined);
    await this.#matrix?.forget();
  }
}
