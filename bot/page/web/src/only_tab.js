// One tab at a time: two would share one set of keys, and neither would know what the other has used up.

/** Run `work` as the only tab; where there is another, say so with `wait`, and begin when it is closed. */
export async function asOnlyTab(work, wait) {
  const forEver = () => new Promise(() => {});
  const held = await new Promise((decided) => {
    navigator.locks.request("consentry", { ifAvailable: true }, (lock) => {
      decided(lock !== null);
      return lock && forEver();
    });
  });
  if (held) return work();
  wait();
  return navigator.locks.request("consentry", () => location.reload());
}
