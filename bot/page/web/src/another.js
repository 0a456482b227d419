// A later link on a phone that is set up: it may be for somebody else whom the same person answers for. Somebody else's own link is
// not for this phone, so nothing is done with it before it was asked.

const [section, add, leave] = ["another", "another-add", "another-leave"].map((name) => document.getElementById(name));

/** Return whether the link is to be used here. */
export async function isForAnother() {
  section.hidden = false;
  const wanted = await new Promise((said) => {
    add.onclick = () => said(true);
    leave.onclick = () => said(false);
    add.focus();
  });
  section.hidden = true;
  return wanted;
}

export function hideAnother() {
  section.hidden = true;
}
