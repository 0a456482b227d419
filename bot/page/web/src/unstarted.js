// What to do where the page's own script did not come, or not whole, so that nothing of the page works. It stands alone: what it
// imported could be what did not come.

const element = (name) => document.getElementById(name);
const parts = () => [...document.querySelectorAll("script[src], link[rel=modulepreload]")].map((each) => each.src || each.href);

/** Have the browser fetch every part anew, because it may have kept a part that was cut off; then begin again, with the same link. */
async function tryAgain() {
  element("try-again").disabled = true;
  await Promise.all(parts().map((path) => fetch(path, { cache: "reload" }).catch(() => {})));
  location.reload();
}

/** Say what the practice says of itself, where that can be had. */
async function sayWhoToCall() {
  const { emergency, phone } = await (await fetch("/practice.json")).json();
  element("emergency").textContent = emergency;
  if (!phone) return;
  element("phone").textContent = phone;
  element("phone").href = `tel:${phone.replace(/[^0-9+]/g, "")}`;
  element("call").hidden = false;
}

addEventListener("load", () => {
  if (!element("old")) return; // the page has begun
  element("old").remove();
  element("unstarted").hidden = false;
  element("try-again").onclick = tryAgain;
  sayWhoToCall().catch(() => {}); // what stands there is enough
});
