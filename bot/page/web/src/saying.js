// The language of this visit, and everything said in it.

import { languageOf, speaker } from "./words.js";

const asked = new URLSearchParams(location.search).get("lang");
const language = languageOf(asked ? [asked] : navigator.languages);

/** Say a sentence by its name, with what belongs into it. */
export const say = speaker(language.words);

/** Put the words of the page into it. */
export function sayAll() {
  document.documentElement.lang = language.name;
  document.documentElement.dir = language.direction;
  for (const each of document.querySelectorAll("[data-say]")) each.textContent = say(each.dataset.say);
}
