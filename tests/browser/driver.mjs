// A person at a browser: one JSON command a line on stdin, one answer a line on stdout. `driver.py` is the other end.
//
// A page has a name. "fresh" opens it in a profile of its own, in memory; otherwise it is in the one on disk, which outlives
// the browser. A wait looks at what can be seen on the page, and ends with what was seen.

import { readFileSync } from "node:fs";
import readline from "node:readline";
import { fileURLToPath } from "node:url";
import puppeteer from "puppeteer-core";
import { unpackedBrowser } from "./unpack.mjs";

const standIn = await unpackedBrowser(); // also where it is not used, for its fonts
const ARGUMENTS = [
  "--no-sandbox", "--disable-gpu", "--disable-webgl", "--disable-dev-shm-usage", "--no-first-run", "--no-pings",
  "--disable-background-networking", "--disable-component-update", "--disable-domain-reliability", "--disable-sync",
  "--font-render-hinting=none", "--lang=en-AU", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];
const PREFERENCES = {
  "intl.accept_languages": "en-AU", "network.dns.disabled": true, "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false, "datareporting.policy.dataSubmissionEnabled": false,
  "devtools.jsonview.enabled": false, // it would show practice.json in a page of its own
};
let phone = { deviceScaleFactor: 1, isMobile: true, hasTouch: true };
let browser;
let downloadBehavior; // in every profile of Chromium; Firefox has preferences for it
const axe = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");
const pages = new Map();
const profiles = new Map();
const troubles = [];
const received = new Map(); // by page: how many bytes
const quotas = new Map(); // by page: what holds its quota
const met = new Map(); // by page: how many requests a fault was laid for

function listen(name, page) {
  page.on("pageerror", (error) => troubles.push(`${name}: ${error.message}`));
  page.on("console", (said) => {
    if (["error", "warn", "issue"].includes(said.type())) troubles.push(`${name}: ${said.type()} ${said.text()} ${said.location()?.url ?? ""}`);
  });
}

async function profileOf(name) {
  if (!name) return browser.defaultBrowserContext();
  if (!profiles.has(name)) profiles.set(name, await browser.createBrowserContext({ downloadBehavior }));
  return profiles.get(name);
}

const visible = (selector) => {
  const found = [...document.querySelectorAll(selector)].filter((each) => each.checkVisibility({ visibilityProperty: true }));
  return found.map((each) => each.innerText ?? "").join("\n");
};

const moveClock = (ahead) => {
  const Right = Date;
  globalThis.Date = class extends Right {
    constructor(...parts) {
      super(...(parts.length ? parts : [Right.now() + ahead]));
    }
    static now() {
      return Right.now() + ahead;
    }
  };
};

const makeOlder = () => {
  delete Promise.withResolvers;
};

/** A slower line and processor, and how many bytes came over the line. */
async function slowDown(name, page, { processor, latency, down, up }) {
  const session = await page.createCDPSession();
  await session.send("Emulation.setCPUThrottlingRate", { rate: processor });
  await session.send("Network.enable");
  if (down) await session.send("Network.emulateNetworkConditions", { offline: false, latency, downloadThroughput: down / 8, uploadThroughput: up / 8 });
  received.set(name, 0);
  session.on("Network.loadingFinished", ({ encodedDataLength }) => received.set(name, received.get(name) + encodedDataLength));
}

const momentSeen = (selector, words) => {
  const found = [...document.querySelectorAll(selector)].filter((each) => each.checkVisibility({ visibilityProperty: true }));
  return found.some((each) => new RegExp(words, "s").test(each.innerText ?? "")) && performance.now();
};

const unlessReloading = (error) => {
  if (!/context was destroyed|detached|no such frame|no such node|stale element/i.test(error.message)) throw error;
  return "";
};

const PATIENCE = Number(process.env.PATIENCE) * 1000; // as `tests/patience.py` has it

/** The first that is seen there and says so, once there is one. */
async function seenAt(page, selector, words) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    for (const each of await page.$$(selector).catch(unlessReloading)) {
      const [text, seen] = await each
        .evaluate((it) => [it.innerText ?? "", it.checkVisibility({ visibilityProperty: true }) && !it.matches(":disabled")])
        .catch((error) => [unlessReloading(error), false]);
      if (seen && (!words || text.includes(words))) return each;
    }
    if (Date.now() > end) throw new Error(`not to be seen: ${selector} ${words ?? ""}; instead: ${await page.evaluate(visible, "body")}`);
    await new Promise((later) => setTimeout(later, 100));
  }
}

/** Answer the first requests like this in the homeserver's place; without a status, break the connection. */
async function layFault({ page, method, path, status, answer, times }) {
  const pattern = new RegExp(path);
  let seen = 0;
  const faulty = pages.get(page);
  await faulty.setRequestInterception(true);
  faulty.on("request", (request) => {
    if (request.method() !== method || !pattern.test(request.url())) return request.continue();
    seen += 1;
    met.set(page, seen);
    if (seen > times) return request.continue();
    if (!status) return request.abort("connectionreset");
    if (typeof answer === "string") return request.respond({ status, contentType: "text/javascript", body: answer });
    return request.respond({ status, contentType: "application/json", body: JSON.stringify(answer) });
  });
}

const DO = {
  async start({ profile, saved, engine, program, width = 412, height = 839 }) {
    downloadBehavior = { policy: "allow", downloadPath: saved };
    const isFirefox = program && engine === "firefox";
    if (isFirefox) phone = {}; // only its size can be told
    const preferences = { ...PREFERENCES, "browser.download.folderList": 2, "browser.download.dir": saved };
    const how = isFirefox ? { browser: engine, extraPrefsFirefox: preferences } : { headless: "shell", args: ARGUMENTS, downloadBehavior };
    const defaultViewport = { ...phone, width, height };
    const patient = { timeout: PATIENCE, protocolTimeout: 2 * PATIENCE };
    browser = await puppeteer.launch({ ...how, ...patient, executablePath: program ?? standIn, userDataDir: profile, defaultViewport });
    return browser.version();
  },
  async stop() {
    pages.clear();
    profiles.clear();
    await browser.close();
  },
  async open({ page: name, url, fresh, ahead, older, before, line, fault }) {
    const page = await (await profileOf(fresh)).newPage();
    if (line) await slowDown(name, page, line);
    if (older) await page.evaluateOnNewDocument(makeOlder);
    if (before) await page.evaluateOnNewDocument(before);
    if (ahead) await page.evaluateOnNewDocument(moveClock, ahead);
    pages.set(name, page);
    if (fault) await layFault({ page: name, ...fault });
    listen(name, page);
    await page.goto(url, { timeout: 0 });
    return page.url();
  },
  async close({ page }) {
    await pages.get(page).close();
    pages.delete(page);
  },
  goto: async ({ page, url }) => void (await pages.get(page).goto(url, { timeout: 0 })),
  type: async ({ page, selector, text }) => (await seenAt(pages.get(page), selector)).type(text),
  writes: ({ page, text }) => pages.get(page).keyboard.type(text),
  async press({ page, key, held }) {
    const { keyboard } = pages.get(page);
    if (held) await keyboard.down(held);
    await keyboard.press(key);
    if (held) await keyboard.up(held);
  },
  async tap({ page, selector, words }) {
    for (let tries = 9; ; tries -= 1) {
      try {
        const found = await seenAt(pages.get(page), selector, words);
        await found.evaluate((it) => it.scrollIntoView({ block: "center" }));
        return await found.click();
      } catch (failure) {
        if (!tries || !failure.message.includes("detached")) throw failure; // else it was drawn anew under the finger
      }
    }
  },
  async choose({ page, selector, files }) {
    await (await pages.get(page).$(selector)).uploadFile(...files);
  },
  async choosesByKey({ page, key, files }) {
    const opened = pages.get(page);
    const waiting = opened.waitForFileChooser({ timeout: PATIENCE });
    await opened.evaluate(() => true); // by then the browser knows that no dialog of its own is to open
    await opened.keyboard.press(key);
    const chooser = await waiting;
    await chooser.accept(files);
  },
  sees: ({ page, selector = "body" }) => pages.get(page).evaluate(visible, selector),
  async waits({ page, selector = "body", words, seconds, gone }) {
    const pattern = new RegExp(words, "s");
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const seen = await pages.get(page).evaluate(visible, selector).catch(unlessReloading);
      if (pattern.test(seen) !== Boolean(gone)) return seen;
      if (Date.now() > end) throw new Error(`not seen: ${words} in ${selector}; instead: ${await pages.get(page).evaluate(visible, "body")}`);
      await new Promise((later) => setTimeout(later, 100));
    }
  },
  async moment({ page, selector, words, seconds }) {
    const how = { polling: "raf", timeout: seconds * 1000 };
    return (await pages.get(page).waitForFunction(momentSeen, how, selector, words)).jsonValue();
  },
  received: ({ page }) => received.get(page),
  faults: layFault,
  met: ({ page }) => met.get(page) ?? 0,
  async quota({ page, bytes }) {
    const opened = pages.get(page);
    const session = await opened.createCDPSession();
    const { origin } = new URL(opened.url());
    await session.send("Storage.overrideQuotaForOrigin", bytes === null ? { origin } : { origin, quotaSize: bytes });
    if (bytes !== null) quotas.set(page, session); // it holds as long as this is open
    else await quotas.get(page)?.detach();
  },
  front: ({ page }) => pages.get(page).bringToFront(),
  offline: ({ page, on }) => pages.get(page).setOfflineMode(on),
  run: ({ page, script }) => pages.get(page).evaluate(script),
  shot: async ({ page, path, whole }) => void (await pages.get(page).screenshot({ path, fullPage: whole })),
  size: ({ page, width, height }) => pages.get(page).setViewport({ ...phone, width, height }),
  async violations({ page }) {
    await pages.get(page).evaluate(`${axe};0`);
    return pages.get(page).evaluate(async (runOnly) => {
      const { violations } = await axe.run(document, { runOnly });
      return violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html.slice(0, 120)).join(" ")}`);
    }, ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]);
  },
  troubles: () => troubles,
};

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { do: what, ...how } = JSON.parse(line);
  let answer;
  try {
    answer = { done: (await DO[what](how)) ?? null };
  } catch (error) {
    answer = { failed: `${what}: ${error.message}` };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await browser?.close().catch(() => {});
