// The messages, the newest first. What is no longer said is no longer there: a photo goes when it was filed.

import { sentPicture, wipe } from "./pictures.js";
import { say } from "./saying.js";
import { somebodyElse, withdraw } from "./writing.js";

export class List {
  #element;
  #deeds;
  #token;
  #shown = new Map(); // by message: what was drawn, and as what

  /** `deeds` are what buttons do: `answer(question, answer)`, `write(words)`, `correct(ref)`. */
  constructor(element, deeds, token) {
    this.#element = element;
    this.#deeds = deeds;
    this.#token = token;
  }

  show(items) {
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
    entry.replaceChildren(...this.#drawn(item, entry));
    this.#shown.set(item.id, { entry, as });
    return entry;
  }

  #drawn(item, entry) {
    if (item.kind === "unsure") return [paragraph(say("unsure"))];
    if (item.kind === "question") return [paragraph(item.text), this.#answers(item)];
    if (item.kind === "file") return this.#file(item, entry);
    const whose = item.mark.id === "asks-whose" ? [this.#whose(item)] : [];
    return [paragraph(item.text), ...whose, ...item.refs.map((ref) => this.#ofPhoto(ref))];
  }

  #answers({ id, answers, chosen, over }) {
    return choice(answers, chosen, over, (answer) => this.#deeds.answer(id, answer));
  }

  #whose({ mark, chosen }) {
    const people = mark.whose.map((text, at) => ({ id: at + 1, text }));
    return choice(people, chosen, false, (number) => this.#deeds.write(String(number)));
  }

  #file(item, entry) {
    const isPicture = item.mine && item.type.startsWith("image/");
    if (isPicture) {
      sentPicture(item.file, item.type, this.#token, say("photo")).then((picture) => {
        if (picture && entry.isConnected) entry.prepend(picture);
      });
    }
    const named = isPicture ? say("photo") : say("file", { name: item.name });
    return [paragraph(item.text || named)];
  }

  /** What can be done about one photo; taking it back is asked once more. */
  #ofPhoto(ref) {
    const whole = ref.replace("-", "\u2060-\u2060"); // no line ends at its hyphen
    const usual = [
      button(say("correct", { ref: whole }), () => this.#deeds.correct(ref)),
      button(say("notMe", { ref: whole }), () => this.#deeds.write(somebodyElse(ref))),
      button(say("takeBack", { ref: whole }), () => {
        shown.replaceChildren(...sure);
        sure[1].focus();
      }),
    ];
    const sure = [
      button(say("takeBackSure", { ref: whole }), () => {
        shown.replaceChildren(...usual);
        this.#deeds.write(withdraw(ref));
      }),
      button(say("keepIt", { ref: whole }), () => {
        shown.replaceChildren(...usual);
        usual[2].focus();
      }),
    ];
    const shown = row(usual);
    return shown;
  }
}

/** Return a button for each answer; once one is chosen none can be tapped again. */
function choice(answers, chosen, over, choose) {
  const buttons = answers.map((answer) => {
    const tapped = button(answer.text, () => {
      for (const each of buttons) each.disabled = true;
      tapped.setAttribute("aria-pressed", "true");
      choose(answer.id);
    });
    tapped.disabled = over || chosen !== null;
    if (chosen === answer.id) tapped.setAttribute("aria-pressed", "true");
    return tapped;
  });
  return row(buttons);
}

function row(buttons) {
  const element = document.createElement("p");
  element.className = "row";
  element.append(...buttons);
  return element;
}

function paragraph(text) {
  const element = document.createElement("p");
  element.textContent = text;
  return element;
}

function button(text, pressed) {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = text;
  element.addEventListener("click", pressed);
  return element;
}
