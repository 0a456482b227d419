// What messages are made of on the page.

/** Return a button for each answer; once one is chosen none can be tapped again. */
export function choice(answers, chosen, over, choose) {
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

/** Ask once more, in the place of these buttons, before something is done that is hard to undo. */
export function askIfSure(shown, sure, keep, deed) {
  const before = [...shown.childNodes];
  const tapped = document.activeElement;
  const goBack = () => {
    shown.replaceChildren(...before);
    tapped?.focus();
  };
  const stay = button(keep, goBack);
  shown.replaceChildren(
    button(sure, () => {
      goBack();
      deed();
    }),
    stay,
  );
  stay.focus();
}
