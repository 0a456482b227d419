// The messages, the newest first. What is no longer said is no longer there: a photo goes when it was filed.

import { askIfSure, attempt, button, choice, disable, enable, focusOn, keepAsking, paragraph, row } from "./buttons.js";
import { isOpen } from "./conversation.js";
import { sentPicture, wipe } from "./pictures.js";
import { saveFile } from "./saved_file.js";
import { say } from "./saying.js";
import { MORE, somebodyElse, withdraw } from "./writing.js";

export class List {
  #element;
  #deeds;
  #token;
  #shown = new Map(); // by message: what was drawn, and as what

  /** `deeds` are what buttons do: `answer(question, answer)`, `write(words)`, `sayNotMe()`, `correct(ref)`; `answered` hears of a tap. */
  constructor(element, deeds, token) {
    this.#element = element;
    this.#deeds = deeds;
    this.#token = token;
  }

  /**
   * Have news read out by a screen reader, and nothing else: all that was said before would be heard at each visit. Return the news that
   * is not shown yet, because something else is drawn.
   */
  show(items, isNews) {
    const drawn = items.filter((item) => this.#shown.get(item.id)?.as !== JSON.stringify(item));
    const news = drawn.filter(isNews);
    const isAlone = news.length === drawn.length;
    if (drawn.length) this.#element.setAttribute("aria-live", isAlone ? "polite" : "off");
    const left = isAlone ? [] : news.filter(({ id }) => !this.#shown.has(id));
    this.#show(items.filter((item) => !left.includes(item)));
    return left;
  }

  #show(items) {
    const now = new Map(items.map((item) => [item.id, item]));
    for (const [id, { entry }] of this.#shown) if (!now.has(id)) this.#remove(id, entry);
    let above = null; // the entry of the next newer message
    for (const item of [...items].reverse()) {
      const entry = this.#entryOf(item);
      const place = above === null ? this.#element.firstChild : above.nextSibling;
      if (place !== entry) this.#element.insertBefore(entry, place);
      above = entry;
    }
  }

  #remove(id, entry) {
    wipe(entry);
    entry.remove();
    this.#shown.delete(id);
  }

  #entryOf(item) {
    const as = JSON.stringify(item);
    const before = this.#shown.get(item.id);
    if (before?.as === as) return before.entry;
    const entry = before?.entry ?? document.createElement("li");
    wipe(entry);
    entry.classList.toggle("mine", Boolean(item.mine));
    entry.dir = "auto";
    keepFocus(entry, () => entry.replaceChildren(...keepAsking(entry, this.#drawn(item, entry))));
    this.#shown.set(item.id, { entry, as });
    return entry;
  }

  #drawn(item, entry) {
    if (item.kind === "unsure") return [paragraph(say("unsure"))];
    if (item.kind === "question") return [paragraph(item.text), this.#answers(item), ...waits(item)];
    if (item.kind === "file") return this.#file(item, entry);
    const whose = item.mark.id === "asks-whose" ? [this.#whose(item)] : [];
    const other = item.isNewcomer ? [this.#otherPerson()] : [];
    return [paragraph(item.text), ...other, ...whose, ...waits(item), ...item.refs.map((ref) => this.#ofPhoto(ref)), ...this.#more(item)];
  }

  #answers(item) {
    const { id, answers, chosen } = item;
    return choice(answers, chosen, isOpen(item), (answer) => {
      this.#deeds.answered(id);
      return this.#deeds.answer(id, answer);
    });
  }

  #whose(item) {
    const { id, mark, chosen } = item;
    const people = mark.whose.map((text) => ({ id: text, text }));
    return choice(people, chosen, isOpen(item), (whose) => {
      this.#deeds.answered(id);
      return this.#deeds.sayWhose(mark.question, mark.whose.indexOf(whose) + 1, whose);
    });
  }

  /** Let somebody say that the link is not theirs; it ends all that it gave them, so it is asked once more. */
  #otherPerson() {
    const other = button(say("otherPerson"), () =>
      askIfSure(shown, other, say("otherPersonSure"), say("notLost"), () => this.#deeds.sayNotMe()),
    );
    const shown = row([other]);
    return shown;
  }

  #more({ mark }) {
    if (!mark.more) return [];
    const more = button(say("more"), async () => {
      disable([more]);
      if (!(await attempt(more, () => this.#deeds.write(MORE)))) enable(more);
    });
    return [row([more])];
  }

  #file(item, entry) {
    const isPicture = item.type.startsWith("image/");
    const named = item.mine && isPicture ? say("photo") : say(item.mine ? "yourFile" : "theirFile", { name: item.name });
    if (isPicture) {
      sentPicture(item.file, item.type, this.#token, named).then((picture) => {
        if (picture && entry.isConnected) entry.prepend(picture);
      });
    }
    return item.mine ? [paragraph(item.text || named)] : [paragraph(item.text || named), ...this.#saving(item)];
  }

  /** Offer to save a file; what became of it is told beside the button. */
  #saving(item) {
    const status = paragraph("");
    status.setAttribute("role", "status");
    const save = button(say("save", { name: item.name }), async () => {
      disable([save]);
      status.textContent = say("saving");
      const done = await saveFile(item, this.#token).then(() => "saved", () => "notSaved");
      status.textContent = say(done);
      enable(save);
    });
    return [row([save]), status];
  }

  /** What can be done about one photo; taking it back is asked once more. */
  #ofPhoto(ref) {
    const whole = ref.replace("-", "\u2060-\u2060"); // no line ends at its hyphen
    const takeBack = button(say("takeBack", { ref: whole }), () => {
      const [sure, keep] = [say("takeBackSure", { ref: whole }), say("keepIt", { ref: whole })];
      askIfSure(shown, takeBack, sure, keep, () => this.#deeds.write(withdraw(ref)));
    });
    const notMe = button(say("notMe", { ref: whole }), () => attempt(notMe, () => this.#deeds.write(somebodyElse(ref))));
    const shown = row([
      button(say("correct", { ref: whole }), () => this.#deeds.correct(ref)),
      notMe,
      takeBack,
    ]);
    return shown;
  }
}

/** Draw a message anew; the focus stays on the button it was on, or on the message where that can't be tapped any more. */
function keepFocus(entry, draw) {
  const held = entry.contains(document.activeElement) && document.activeElement.matches("button") && document.activeElement.textContent;
  draw();
  if (!held) return;
  const after = [...entry.querySelectorAll("button")].find((each) => each.textContent === held && !each.disabled);
  if (after) after.focus();
  else focusOn(entry);
}

/** Say of what was tapped or written that it has not left yet. */
const waits = (item) => (item.waits ? [paragraph(say("waits"))] : []);
