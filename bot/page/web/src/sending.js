// The form from which a photo is sent. What was tapped is in the queue before the form is empty.

import { asToBeSent, clearChosen, endTips, isPlaceKnown, keepPlace, showChosen } from "./chosen.js";
import { askToKeep } from "./persisting.js";
import { keepPhotos, keepWords } from "./queue.js";
import { say } from "./saying.js";
import { whyNotKept } from "./stops.js";
import { chooseNobody, choosePerson, chosenPerson, isAsked, offerWhose, recallWhose } from "./whose.js";
import { correct } from "./writing.js";

const [form, file, photos, about, words, refused, send, cancel, progress, status] = [
  "sending", "file", "photos", "about", "words", "form-status", "send", "cancel", "progress", "send-status",
].map((name) => document.getElementById(name));
const MEGABYTE = 1_000_000; // as the practice's limit is written

/** Say why what stands in the form was not taken: apart from how far the sending of something else is. */
const refuse = (name, belongs) => (refused.textContent = say(name, belongs));

export class Sending {
  #largest;
  #queued;
  #correcting = ""; // the photo that the words are for, "" for what is sent anew
  #drafts = new Map(); // by what they are for: words that stand in the box no more, and are not sent

  /** `largest` is in bytes; `queued` is called when something new waits to be sent. */
  constructor(largest, queued) {
    this.#largest = largest;
    this.#queued = queued;
    file.addEventListener("change", () => showChosen([...file.files]));
    form.addEventListener("submit", (event) => this.#submit(event));
    cancel.addEventListener("click", () => {
      words.value = "";
      this.#writeFor("");
    });
  }

  open() {
    form.hidden = false;
    recallWhose();
  }

  close() {
    form.hidden = true;
  }

  /** Say how far it is; `done`, from 0 to 1, moves the bar. */
  tell(name, done) {
    status.textContent = name ? say(name) : "";
    progress.hidden = done === undefined;
    progress.value = done ?? 0;
  }

  /** Say no more how far something is: it could not be sent, and that is said apart. */
  giveUp() {
    if (status.textContent !== say("connected")) this.tell("");
  }

  /** Let the next words be the right ones for a photo. */
  correct(ref) {
    this.#writeFor(ref);
    words.focus();
  }

  /** Let the box be for this photo, or for what is sent anew. What stands in it was written for something else: it comes back with that. */
  #writeFor(ref) {
    this.#drafts.set(this.#correcting, words.value);
    this.#correcting = ref;
    words.value = this.#drafts.get(ref) ?? "";
    photos.hidden = Boolean(ref);
    offerWhose(!ref);
    cancel.hidden = !ref;
    about.textContent = ref ? say("aboutRef", { ref }) : say("about");
  }

  async #submit(event) {
    event.preventDefault();
    if (send.disabled) return;
    send.disabled = true; // a second tap sends nothing twice
    refused.textContent = "";
    try {
      // As it stands when it is tapped: what is typed or chosen while it is sealed is another message.
      await this.#keep({ files: this.#correcting ? [] : [...file.files], text: words.value.trim(), person: chosenPerson(), ref: this.#correcting });
    } catch (failure) {
      this.giveUp();
      refuse(whyNotKept(failure)); // what was chosen still stands in the form
    } finally {
      send.disabled = false;
    }
  }

  async #keep(tapped) {
    const { files, text, person } = tapped;
    const tooLarge = files.find((each) => each.size > this.#largest);
    if (tooLarge) {
      refuse("tooLarge", { name: tooLarge.name, megabytes: this.#largest / MEGABYTE });
    } else if (!files.length && !text) refuse("nothingChosen");
    else if (files.length && isAsked() && !person) {
      refuse("choosePerson");
      choosePerson();
    } else if (files.length && !(await isPlaceKnown())) refuse("place");
    else await this.#kept(tapped, await asToBeSent(files));
  }

  async #kept(tapped, toBeSent) {
    if (!toBeSent) {
      refuse("placeStays");
      return;
    }
    endTips();
    const { text, person, ref } = tapped;
    this.tell("keeping");
    if (ref) await keepWords(correct(ref, text));
    else if (toBeSent.length) await keepPhotos(toBeSent, text, person);
    else await keepWords(text);
    this.#empty(tapped);
    this.tell("kept");
    askToKeep();
    this.#queued();
  }

  #empty({ files, text, ref }) {
    if (this.#correcting === ref && words.value.trim() === text) words.value = "";
    if (this.#drafts.get(ref)?.trim() === text) this.#drafts.delete(ref); // something else was begun meanwhile
    if (ref && this.#correcting === ref) this.#writeFor("");
    if (ref || file.files.length !== files.length || files.some((each, at) => each !== file.files[at])) return;
    file.value = "";
    clearChosen();
    keepPlace();
    chooseNobody(); // for the next photo they are asked anew
  }
}
