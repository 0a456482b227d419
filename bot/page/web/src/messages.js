// What was said: above all what waits for an answer, then the rest.

import { focusOn } from "./buttons.js";
import { isOpen } from "./conversation.js";
import { List } from "./list.js";
import { say } from "./saying.js";

const element = (name) => document.getElementById(name);

export class Messages {
  #asked;
  #rest;
  #untouched = false;
  #heard = new Map(); // by message: the words that were shown last
  #answered = new Set(); // what is answered stays where it was until the next visit, under the finger

  constructor(deeds, token) {
    const answered = (id) => this.#answered.add(id);
    this.#asked = new List(element("asked"), { ...deeds, answered }, token);
    this.#rest = new List(element("list"), deeds, token);
    element("messages").hidden = false;
  }

  /** Show all this; return whether it is, else it is to be shown again soon: news is read out by itself. */
  show(items) {
    const isNews = (item) => item.isNews && this.#heard.get(item.id) !== item.text;
    const held = document.activeElement?.closest("li");
    const asked = items.filter((item) => isOpen(item) || this.#answered.has(item.id));
    const left = [...this.#asked.show(asked, isNews), ...this.#rest.show(items.filter((item) => !asked.includes(item)), isNews)];
    for (const item of items) if (!left.includes(item)) this.#heard.set(item.id, item.text);
    element("waiting").hidden = asked.length === 0;
    element("waiting-title").textContent = say(asked.some(isOpen) ? "waiting" : "answered");
    if (asked.length && this.#untouched) element("waiting-title").focus();
    if (asked.length) this.#untouched = false;
    if (held && !held.isConnected) focusOn(element("messages-title")); // it is gone, or moved into the other list
    return left.length === 0;
  }

  /** Show nothing more, and let nothing be tapped. */
  end() {
    this.show([]);
    element("messages").hidden = true;
  }

  /** Begin a later visit with what waits for an answer, as soon as it can be read, unless somebody does something first. */
  beginWithQuestions() {
    this.#untouched = true;
    for (const input of ["pointerdown", "keydown"]) addEventListener(input, () => (this.#untouched = false), { once: true });
  }
}
