// What the page gets from its own server before it can do anything. Lines break meanwhile, also in the middle of a file.

import { patiently } from "./patience.js";
import { TooOld } from "./stops.js";

/** Return the answer; where something on the way answered, it is as good as no connection. */
async function got(path, how) {
  const answer = await fetch(path, how);
  if (answer.status === 404) throw new Error(`not here any more: ${path}`);
  if (!answer.ok) throw new TypeError(`${answer.status}: ${path}`);
  return answer;
}

/** Return what the practice says of itself; `tell` hears why it takes longer. */
export function aboutPractice(tell) {
  const read = async () => {
    const answer = await got("/practice.json");
    return answer.json().catch(() => {
      throw new TypeError("not from the practice"); // such as a network that wants a sign-in first
    });
  };
  return patiently(read, tell);
}

/** Have the browser keep the whole file. Firefox may take the middle of one, where a line broke, for its end: so it is compared. */
async function wholeOf(path, integrity, tell) {
  let cache = "default";
  const read = () => got(path, { cache, integrity }).then((answer) => answer.arrayBuffer());
  await patiently(read, (why) => {
    cache = "reload";
    tell(why);
  });
}

/**
 * Return what encrypts, with the library: a megabyte that is loaded behind the first form. It is fetched first, as often as it takes,
 * and then imported from what the browser keeps: some browsers give an import that failed once never another try.
 */
export async function theCode(tell) {
  const files = document.querySelector("script[data-code]").dataset.code.split(" ");
  await Promise.all(files.map((file) => wholeOf(...file.split("#"), tell)));
  return import("./matrix.js").catch((failure) => {
    throw failure instanceof SyntaxError ? new TooOld() : failure;
  });
}
