// Whose photo it is, chosen before it is sent, for somebody who answers for several. Nothing is chosen beforehand: what was right for
// the last photo may be wrong for the next.

import { recall, remember, sealJson, unsealJson } from "./kept.js";

const NAME = "whose";
const DOUBTED = "whoseDoubted";
const UNKNOWN = "?"; // instead of a message, where none was read yet
const [group, people] = ["whose", "people"].map((name) => document.getElementById(name));
let shown = [];
let latest = ""; // the message in which the assistant has said it last
let isDoubted = false; // somebody was added, and the assistant has not said yet for whom one answers now
let doubted = ""; // the message that was the last when somebody was added

/** Show those whom this browser knows, if they are several. */
export async function recallWhose() {
  doubted = (await recall(DOUBTED)) ?? "";
  isDoubted = doubted !== "";
  const kept = await recall(NAME);
  if (kept) show(await unsealJson(NAME, kept));
}

/** Take in for whom the assistant says that one answers, and in which message; null where it said nothing. */
export async function learnWhose(said) {
  if (said === null) return;
  const { names, saidIn } = said;
  latest = saidIn;
  const isNews = JSON.stringify(names) !== JSON.stringify(shown);
  const isSaidAnew = isDoubted && doubted !== UNKNOWN && saidIn !== doubted; // whoever was added may have been there before
  if (!isNews && !isSaidAnew) return;
  isDoubted = false;
  show(names);
  await remember(DOUBTED, undefined);
  await remember(NAME, await sealJson(NAME, names));
}

/** Forget them: who comes next on this phone may be somebody else. */
export async function forgetWhose() {
  isDoubted = false;
  show([]);
  await remember(DOUBTED, undefined);
  await remember(NAME, undefined);
}

/** Name nobody on a photo until the assistant has named somebody else: it asks. `on` false: nobody was added after all. */
export async function doubtWhose(on) {
  doubted = on ? latest || UNKNOWN : "";
  await remember(DOUBTED, doubted || undefined);
  isDoubted = on;
  offerWhose(true);
}

/** Return whose photo it is: who was chosen, or the only one there is; undefined where that isn't known. */
export function chosenPerson() {
  if (isDoubted) return undefined;
  return isAsked() ? people.querySelector("input:checked")?.value : shown[0];
}

/** Choose nobody again. */
export function chooseNobody() {
  for (const each of people.querySelectorAll("input:checked")) each.checked = false;
}

/** Whether somebody must be chosen before a photo is sent. */
export const isAsked = () => !isDoubted && shown.length > 1;

export function choosePerson() {
  people.querySelector("input").focus();
}

/** Hide or show the choice; a correction needs none. */
export function offerWhose(on) {
  group.hidden = !(on && isAsked());
}

function show(names) {
  shown = names;
  people.replaceChildren(...names.map(radio));
  offerWhose(true);
}

function radio(name) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  Object.assign(input, { type: "radio", name: NAME, value: name });
  label.append(input, name);
  return label;
}
