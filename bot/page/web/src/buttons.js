// What messages are made of on the page. What a button is for may fail; then that is said beside it.

import { say } from "./saying.js";
import { whyNotKept } from "./stops.js";

/** Return these parts of an entry, drawn anew: whoever is being asked in it whether they are sure is asked still. */
export function keepAsking(entry, parts) {
  const asking = [...entry.querySelectorAll("[data-asks]")];
  const has = (part, text) => [...part.querySelectorAll("button")].some((each) => each.textContent === text);
  return parts.map((part) => asking.find(({ dataset }) => has(part, dataset.asks)) ?? part);
}

/** Return a button for each answer, `chosen` pressed; once the question is not `open` any more none can be tapped again. */
export function choice(answers, chosen, open, choose) {
  const buttons = answers.map((answer) => {
    const tapped = button(answer.text, async () => {
      disable(buttons);
      tapped.setAttribute("aria-pressed", "true");
      if (await attempt(tapped, () => choose(answer.id))) return;
      for (const each of buttons) each.disabled = false;
      tapped.removeAttribute("aria-pressed");
      tapped.focus();
    });
    tapped.disabled = !open;
    if (chosen === answer.id) tapped.setAttribute("aria-pressed", "true");
    return tapped;
  });
  return row(buttons);
}

/** Let none of these be tapped. The focus, which a browser would drop with them, waits on the message that they stand in. */
export function disable(buttons) {
  const entry = buttons.includes(document.activeElement) && document.activeElement.closest("li");
  if (entry) focusOn(entry);
  for (const each of buttons) each.disabled = true;
}

/** Let this be tapped again, and give it the focus back that waited for it. */
export function enable(each) {
  each.disabled = false;
  if (document.activeElement === each.closest("li")) each.focus();
}

/** Put the focus on something that is no button. */
export function focusOn(element) {
  element.tabIndex = -1;
  element.focus();
}

export function row(buttons) {
  const element = document.createElement("p");
  element.className = "row";
  element.append(...buttons);
  return element;
}

export function paragraph(text) {
  const element = document.createElement("p");
  element.textContent = text;
  return element;
}

export function button(text, pressed) {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = text;
  element.addEventListener("click", pressed);
  return element;
}

/** Let a button do something; return whether it did. Where it could not, that is said under its row until it can. */
export async function attempt(tapped, deed) {
  const place = tapped.closest(".row");
  const said = place.nextElementSibling?.matches(".failed") ? place.nextElementSibling : null;
  try {
    await deed();
    said?.remove();
    return true;
  } catch (failure) {
    const status = said ?? paragraph("");
    status.classList.add("status", "failed");
    status.setAttribute("role", "alert");
    place.after(status);
    status.textContent = say(whyNotKept(failure));
    return false;
  }
}

/** Ask once more, in the place of these buttons, before something is done that is hard to undo. */
export function askIfSure(shown, tapped, sure, keep, deed) {
  const before = [...shown.childNodes];
  shown.dataset.asks = tapped.textContent;
  const goBack = () => {
    delete shown.dataset.asks;
    shown.replaceChildren(...before);
    tapped.focus();
  };
  const stay = button(keep, goBack);
  shown.replaceChildren(
    button(sure, () => {
      goBack();
      attempt(tapped, deed);
    }),
    stay,
  );
  stay.focus();
}
