// Where the page begins: the link, the date of birth, the photo; the connection is made behind it.

import { askBirthday, hideBirthday } from "./birthday.js";
import { answerTo, conversation } from "./conversation.js";
import { register } from "./homeserver.js";
import { emptyQueue, recall, remember } from "./kept.js";
import { readLink } from "./link.js";
import { List } from "./list.js";
import { meet } from "./meeting.js";
import { asOnlyTab } from "./only_tab.js";
import { keepEvent, keepWords, Queue } from "./queue.js";
import { Sending } from "./sending.js";
import { LinkEnded, NotReady, NotYou, OtherBot, SignedOut } from "./stops.js";
import { languageOf, speaker } from "./words.js";

const link = readLink(location.hash);
if (location.hash) history.replaceState(null, "", location.pathname + location.search); // before anything else

const asked = new URLSearchParams(location.search).get("lang");
const language = languageOf(asked ? [asked] : navigator.languages);
const say = speaker(language.words);
const element = (name) => document.getElementById(name);

document.documentElement.lang = language.name;
document.documentElement.dir = language.direction;
for (const each of document.querySelectorAll("[data-say]")) each.textContent = say(each.dataset.say);

const AGAIN = 5000; // milliseconds
const TOKEN_ENDED = new Set(["M_UNAUTHORIZED", "M_FORBIDDEN"]);

/** Everything of one visit. */
class Visit {
  #me;
  #matrix;
  #queue;
  #list;
  #sending;
  #waiting = []; // who waits for something new
  #stalled = false; // something waits to be sent until more is known

  constructor(me, practice) {
    this.#me = me;
    this.#sending = new Sending(say, practice.largest, () => this.#send());
    addEventListener("online", () => this.#matrix?.wake());
  }

  async first() {
    const code = import("./matrix.js"); // while somebody types a date
    const born = await askBirthday(say);
    this.#sending.open();
    element("title").focus();
    this.#sending.tell("connecting");
    const { Matrix } = await code;
    await this.#connect(Matrix);
    await this.#pinned();
    this.#me = await meet(this.#matrix, this.#me, born, (seen, patience) => this.#until(seen, patience), () => askBirthday(say, say("otherBirthday")));
    await this.#begin();
  }

  async again() {
    this.#sending.open();
    const { Matrix } = await import("./matrix.js");
    await this.#connect(Matrix);
    await this.#until(() => this.#matrix.isIn(this.#me.room));
    this.#showMessages();
    await this.#pinned();
    await this.#begin();
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
    await this.#until(() => this.#matrix.isIn(this.#me.room));
    this.#queue = new Queue(
      (type, content, id) => this.#matrix.put(this.#me.room, type, content, id),
      this.#me.account.accessToken,
      (name, done) => this.#sending.tell(name, done),
    );
    this.#sending.tell("connected");
    this.#showMessages();
    this.#send();
  }

  #showMessages() {
    if (this.#list) return;
    const deeds = {
      answer: (question, answer) => this.#answer(answerTo(question, answer)),
      write: (words) => this.#write(words),
      correct: (ref) => this.#sending.correct(ref),
    };
    this.#list = new List(element("list"), say, deeds, this.#me.account.accessToken);
    element("held").onclick = () => this.#write("my images");
    element("help").onclick = () => this.#write("help");
    element("messages").hidden = false;
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

  async #changed() {
    for (const look of this.#waiting.splice(0)) look();
    if (this.#stalled) this.#send();
    if (!this.#list || !this.#matrix) return;
    const said = await this.#matrix.said(this.#me.room);
    this.#list.show(conversation(said, this.#me.bot));
  }

  /** Wait until something is true, looking whenever something new is known. */
  async #until(seen, patience = Infinity) {
    const end = Date.now() + patience;
    for (;;) {
      const found = await seen();
      if (found) return found;
      if (Date.now() > end) throw new Error("no answer came");
      await new Promise((look) => {
        this.#waiting.push(look);
        setTimeout(look, 1000);
      });
    }
  }

  /** Say why it does not go on. What can never go on is forgotten: a new link begins anew, and sends nothing of before. */
  async stopped(failure) {
    this.#matrix?.stop();
    this.#sending.close();
    hideBirthday();
    tell(wordsFor(failure));
    const linkIsOver = [LinkEnded, NotYou, OtherBot].some((kind) => failure instanceof kind) && !this.#me.room;
    if (!linkIsOver && !(failure instanceof SignedOut)) return;
    await emptyQueue();
    await remember("me", undefined);
    await this.#matrix?.forget();
  }
}

function wordsFor(failure) {
  if (failure instanceof OtherBot) return say("otherBot");
  if (failure instanceof NotYou) return say("notYou");
  if (failure instanceof LinkEnded) return failure.said || say("linkEnded");
  if (failure instanceof SignedOut) return say("signedOut");
  console.error(failure.name, failure.message, failure.stack);
  return say("failed");
}

function tell(words) {
  element("notice").textContent = words;
  element("notice").hidden = false;
}

async function begin() {
  const [known, practice] = await Promise.all([recall("me"), fetch("/practice.json").then((answer) => answer.json())]);
  element("title").textContent = document.title = say("titleNamed", { practice: practice.name });
  element("emergency").textContent = practice.emergency;
  if (!known && !link) return tell(say("needsLink"));
  if (known?.room && link) tell(say("setUpAlready"));
  const isNew = link && !known?.room && link.code !== known?.code;
  const me = isNew ? link : known;
  await remember("me", me); // a phone may drop a page that is not looked at, and the link is not in its address any more
  const visit = new Visit(me, practice);
  return (me.room ? visit.again() : visit.first()).catch((failure) => visit.stopped(failure));
}

asOnlyTab(begin, () => tell(say("otherTab"))).catch(() => tell(say("failed")));
