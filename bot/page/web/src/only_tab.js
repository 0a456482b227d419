// One tab at a time: two would share one set of keys, and neither would know what the other has used up.

import { NothingKept } from "./stops.js";

const NAME = "consentry";
const forEver = () => new Promise(() => {});
let ours; // by what the browser knows this tab, once it is the only one

const holders = async () => (await navigator.locks.query()).held.filter(({ name }) => name === NAME).map(({ clientId }) => clientId);

/** Return whether this is the only tab still. The browser is asked: a tab that slept has not heard yet that another took its place. */
export const isOnlyTab = async () => (await holders()).includes(ours);

/**
 * Run `work` as the only tab. Where there is another, `wait` says so, and is given what takes its place here; where another has taken
 * this one's place, `stop` ends what was begun. Once the other is closed, the page is loaded again.
 */
export async function asOnlyTab(work, wait, stop) {
  const untilClosed = () => navigator.locks.request(NAME, () => location.reload());
  const taken = () => {
    stop();
    untilClosed();
  };
  const held = (how) =>
    new Promise((decided, failed) => {
      const holding = navigator.locks.request(NAME, how, (lock) => {
        decided(lock !== null);
        return lock && forEver();
      });
      holding.catch((failure) => (failure.name === "AbortError" ? taken() : failed(new NothingKept(failure.name)))); // locks go with storage
    });
  if (!(await held({ ifAvailable: true }))) {
    await new Promise((here) => {
      wait(here);
      untilClosed();
    });
    await held({ steal: true });
  }
  [ours] = await holders();
  return work();
}
