// node engine.mjs SCENE: what works behind the page's form, in a scene of its own; what came of it is printed. `test_page_engine.py`
// says what should.

import { build } from "../../bot/page/web/node_modules/esbuild/lib/main.js";
import { memoryDatabase } from "./stand_ins.mjs";

const SOURCE = new URL("../../bot/page/web/src/", import.meta.url);
const page = (module) => import(new URL(module, SOURCE));
const named = (failure) => failure.constructor.name;

const uploaded = [];
const answered = []; // paths that the homeserver was asked
globalThis.indexedDB = memoryDatabase();
globalThis.addEventListener = globalThis.removeEventListener = () => {};
globalThis.location = { origin: "http://page.test", reload: () => {} };
globalThis.fetch = async (path) => {
  answered.push(path);
  return { ok: true, json: async () => ({ event_id: "$1" }) };
};
globalThis.XMLHttpRequest = class {
  upload = {};
  status = 200;
  open() {}
  setRequestHeader() {}
  send(data) {
    uploaded.push(data);
    this.response = JSON.stringify({ content_uri: `mxc://here/${uploaded.length}` });
    this.onload();
  }
};

const PHOTO = new File(["what is seen on a photo"], "left_arm.jpg", { type: "image/jpeg" });
const WORDS = "itchy rash";

/** Everything that is kept in this browser, as letters. */
async function kept() {
  const { queued, queuedAt } = await page("kept.js");
  const rows = await Promise.all((await queued()).map(queuedAt));
  return rows.flatMap(({ about, photo, uploaded }) => [about, photo, uploaded]).filter(Boolean).map(({ bytes }) => Buffer.from(bytes).toString("latin1")).join();
}

/** A queue that notes what it sends; `fail`, called before each, may throw. */
async function queue(fail = () => {}) {
  const { Queue } = await page("queue.js");
  const sent = [];
  const told = [];
  const send = async (type, content, id, leaves) => {
    await fail(sent.length);
    await leaves();
    sent.push([id, content.body, content.file?.url, content["org.consentry"].once]);
  };
  return { queue: new Queue(send, "token", (name) => told.push(name)), sent, told };
}

const SCENES = {
  async sealed() {
    const { keepPhotos } = await page("queue.js");
    const { recall, seal, unseal } = await page("kept.js");
    await keepPhotos([PHOTO], WORDS);
    const key = await recall("seal");
    const bytes = await seal("photo 1", new TextEncoder().encode("a"));
    const opened = await unseal("photo 2", bytes).then(() => true, () => false);
    return { kept: await kept(), extractable: key.extractable, opensUnderAnotherName: opened };
  },
  async lostConnection() {
    const { keepPhotos } = await page("queue.js");
    await keepPhotos([PHOTO], WORDS);
    let fails = 2;
    const ids = new Set();
    const { queue: it, sent, told } = await queue(() => {
      if (fails-- > 0) throw Object.assign(new TypeError("no connection"), { retryAfter: 1 });
    });
    await it.run();
    const as = uploaded[0].constructor.name;
    return { as, sent: sent.length, uploads: uploaded.length, url: sent[0][2], told, left: await kept(), ids: ids.size };
  },
  async closedInBetween() {
    const { keepPhotos } = await page("queue.js");
    const { NotReady } = await page("stops.js");
    await keepPhotos([PHOTO], WORDS);
    const tried = [];
    const { Queue } = await page("queue.js");
    const first = new Queue(async (type, content, id) => { tried.push(id, content["org.consentry"].once); throw new NotReady(); }, "token", () => {});
    const why = await first.run().catch(named);
    const { queued, queuedAt } = await page("kept.js");
    const isWrittenAgain = Boolean((await queuedAt((await queued())[0])).photo);
    const { queue: second, sent } = await queue();
    await second.run();
    return { why, isWrittenAgain, sameId: new Set([...tried, sent[0][0], sent[0][3]]).size === 1, uploads: uploaded.length, sent: sent.length };
  },
  async askedTwice() {
    const { keepPhotos, keepWords } = await page("queue.js");
    const { queue: it, sent } = await queue();
    await keepPhotos([PHOTO], WORDS);
    await keepWords("and a word");
    await Promise.all([it.run(), it.run()]);
    await it.run();
    return { sent: sent.map(([, body]) => body) };
  },
  async notTaken() {
    const { keepWords } = await page("queue.js");
    const { HomeserverRefused } = await page("stops.js");
    await keepWords("too much");
    await keepWords("next");
    const { queue: it, sent, told } = await queue((count) => {
      if (count === 0 && !told.includes("notTaken")) throw new HomeserverRefused(413, { errcode: "M_TOO_LARGE" });
    });
    await it.run();
    await it.run();
    const { queued } = await page("kept.js");
    const before = sent.map(([, body]) => body);
    const stayed = (await queued()).length;
    await it.retry();
    await it.run();
    return { sent: before, told, stayed, later: sent.at(-1)[1], left: (await queued()).length };
  },
  /** A photo is thrown away while it is uploaded, or while its message is encrypted, or answered; and of two that were refused, one. */
  async thrownAway(when) {
    const { keepPhotos, keepWords, throwAllAway, Queue } = await page("queue.js");
    const { queued } = await page("kept.js");
    await keepPhotos([PHOTO], WORDS);
    let said;
    const gone = async () => void (said = await throwAllAway());
    const sent = [];
    const told = [];
    const send = async (type, content, id, leaves) => {
      if (when === "encrypted") await gone();
      await leaves();
      sent.push(content.body);
      if (when === "answered") await gone();
    };
    const given = globalThis.XMLHttpRequest;
    globalThis.XMLHttpRequest = class extends given {
      async send(data) {
        if (when === "uploaded") await gone();
        super.send(data);
      }
    };
    await new Queue(send, "token", (name) => told.push(name)).run();
    return { said, sent, last: told.at(-1), left: (await queued()).length };
  },
  async oneOfTwoRefused() {
    const { keepWords, Queue, throwAway } = await page("queue.js");
    const { HomeserverRefused } = await page("stops.js");
    const told = [];
    const refusing = async () => {
      throw new HomeserverRefused(413, { errcode: "M_TOO_LARGE" });
    };
    const it = new Queue(refusing, "token", (name, places) => told.push(places.length));
    await keepWords("first");
    await it.run();
    await throwAway([...await (await page("kept.js")).queued()]);
    await keepWords("second");
    await it.run();
    return told;
  },
  /** The second of two can't be read; and how many are kept while the second is sealed. */
  async several(isThere) {
    const { keepPhotos } = await page("queue.js");
    const { queued } = await page("kept.js");
    const second = new File(["another"], "right_arm.jpg", { type: "image/jpeg" });
    let meanwhile;
    second.arrayBuffer = async () => {
      meanwhile = (await queued()).length;
      if (!isThere) throw new Error("it was deleted");
      return new ArrayBuffer(1);
    };
    const came = await keepPhotos([PHOTO, second], WORDS).then(() => "kept", named);
    return { came, meanwhile, kept: (await queued()).length };
  },
  async neverPasses(status, code, times) {
    const { keepWords, Queue } = await page("queue.js");
    const { HomeserverRefused } = await page("stops.js");
    await keepWords("refused");
    await keepWords("next");
    let tries = 0;
    const { queue: it, sent, told } = await queue(() => {
      if (sent.length === 0 && !told.includes("notTaken") && tries < times && (tries += 1)) throw new HomeserverRefused(status, { errcode: code }, 1);
    });
    await it.run();
    const later = [];
    await new Queue(async (type, content) => void later.push(content.body), "token", () => {}).run(); // of the next visit
    return { tries, told, sent: sent.map(([, body]) => body), later };
  },
  async answeredByAnother(...answers) {
    const { upload } = await page("homeserver.js");
    const given = globalThis.XMLHttpRequest;
    const came = [];
    for (const answer of answers) {
      globalThis.XMLHttpRequest = class extends given {
        send() {
          this.response = answer;
          this.onload();
        }
      };
      came.push(await upload(new ArrayBuffer(1), "token", () => {}).catch(named));
    }
    return came;
  },
  /** Photos are chosen, and others in their place, while one from the room is shown. */
  async choosesMany(many) {
    const [open, most, elements] = [new Set(), [], {}];
    const element = (children = []) => ({
      children,
      append: (...more) => children.push(...more),
      replaceChildren: () => children.splice(0),
      setAttribute() {},
      getContext: () => ({ drawImage() {} }),
    });
    globalThis.location.search = "?lang=en";
    globalThis.document = { createElement: () => element(), getElementById: (name) => (elements[name] ??= element()) };
    globalThis.createImageBitmap = async () => {
      const picture = { width: 4000, height: 3000, close: () => open.delete(picture) };
      most.push(open.add(picture).size);
      await new Promise((done) => setTimeout(done));
      return picture;
    };
    globalThis.OffscreenCanvas = class {
      getContext = () => ({ drawImage() {}, getImageData: () => ({ data: new Uint8Array(4 * 20 * 20), width: 20, height: 20 }) });
    };
    const { showChosen } = await page("chosen.js");
    const { pictureOf } = await page("pictures.js");
    const photos = (count) => Array.from({ length: count }, () => PHOTO);
    await Promise.all([pictureOf(PHOTO, ""), showChosen(photos(many)), showChosen(photos(many - 1)), pictureOf(PHOTO, "")]);
    return { openAtOnce: Math.max(...most), left: open.size, opened: most.length, shown: elements.chosen.children.length };
  },
  async linkEnds(said) {
    const elements = {};
    globalThis.location.search = "?lang=en";
    globalThis.document = { getElementById: (name) => (elements[name] ??= {}) };
    const { tellWhy } = await page("notice.js");
    const { LinkEnded } = await page("stops.js");
    tellWhy(new LinkEnded(said));
    return elements.notice.textContent;
  },
  async tabs(wanted) {
    const waiting = [];
    let [held, client] = [null, ""];
    const locks = {
      async request(name, ...rest) {
        const [how, work] = rest.length === 2 ? rest : [{}, ...rest];
        if (how.steal) held.stolen();
        else if (held && how.ifAvailable) return work(null);
        else if (held) return new Promise(() => waiting.push(work));
        const ours = (held = { name, clientId: client });
        const isStolen = new Promise((_, stolen) => (ours.stolen = () => stolen(Object.assign(new Error(), { name: "AbortError" }))));
        const done = Promise.resolve(work({ name })).then(() => held === ours && (held = null)); // a browser lets go of it then
        return Promise.race([done, isStolen]);
      },
      query: async () => ({ held: held ? [held] : [] }),
    };
    Object.defineProperty(globalThis, "navigator", { value: { locks }, configurable: true });
    const seen = [];
    const later = () => new Promise((done) => setTimeout(done, 5));
    const tabs = [];
    for (const tab of ["first", "second"]) {
      const { asOnlyTab, isOnlyTab } = await page(`only_tab.js?${tab}`);
      const wait = (here) => seen.push(`${tab} waits`) && tabs.push({ here });
      client = tab;
      asOnlyTab(() => seen.push(`${tab} works`), wait, () => seen.push(`${tab} stops`));
      await later();
      tabs.push({ isOnlyTab });
    }
    const waits = waiting.length;
    const [first, { here }, second] = tabs;
    if (wanted === "here") here();
    await later();
    const only = await Promise.all([first, second].map(({ isOnlyTab }) => isOnlyTab()));
    return { seen, waiting: waits, only };
  },
  async meets(...answers) {
    const { meet } = await page("meeting.js");
    const { Watch } = await page("watch.js");
    const bot = "@bot:here";
    const said = [];
    const hear = (id, trusted = true, sender = bot) => said.push({ id: `$${said.length}`, sender, trusted, content: { "org.consentry": { id } } });
    hear("asks-code");
    const written = [];
    let joined = false;
    const matrix = {
      makeLobby: async () => "!lobby",
      ownRoom: () => (joined ? "!own" : undefined),
      isInWith: () => true,
      said: async () => [...said],
      put: async (room, type, content) => {
        written.push(content.body);
        for (const answer of answers.shift() ?? []) hear(...answer);
        joined = said.some(({ content, trusted }) => trusted && content["org.consentry"].id === "joined");
      },
      join: async () => {},
      leave: async () => {},
    };
    const asked = [];
    const me = { bot, code: "CODE" };
    const askAgain = async () => `again ${asked.push("again")}`;
    const came = await meet(matrix, me, async () => "1984-03-07", new Watch(), askAgain, () => {}).then(() => me.room, named);
    return { came, written };
  },
  /** With whom the room's key is shared before anything is sent. */
  async prepares() {
    const world = {};
    const { Matrix } = await bundledMatrix(world);
    const shared = async (change, pinned = true) => {
      Object.assign(world, { membership: "join", encrypted: true, master: "KEY", encrypts: true, known: true, others: [], sharedWith: [] });
      const matrix = new Matrix({ userId: "@me:here", accessToken: "token" }, { bot: "@bot:here", key: "KEY" });
      await matrix.open(false);
      if (pinned) await matrix.pin();
      Object.assign(world, change);
      const came = await matrix.prepare("!room").then(() => "shared", named);
      return [came, world.sharedWith];
    };
    return {
      ready: await shared({}),
      notCompared: await shared({}, false),
      somebodyElseIsThere: await shared({ others: [{ userId: "@x:here", membership: "join" }] }),
      unknown: await shared({ known: false }),
      notJoined: await shared({ membership: "invite" }),
      notEncrypted: await shared({ encrypted: false }),
      anotherBot: await shared({ master: "OTHER" }),
    };
  },
  async puts() {
    const world = { membership: "join", encrypted: true, master: "KEY", encrypts: true, known: true };
    const { Matrix } = await bundledMatrix(world);
    const outcome = async (change, pinned = true) => {
      Object.assign(world, { membership: "join", encrypted: true, master: "KEY", encrypts: true, known: true, others: [], meanwhile: undefined });
      const matrix = new Matrix({ userId: "@me:here", accessToken: "token" }, { bot: "@bot:here", key: "KEY" });
      await matrix.open(false);
      if (pinned) await matrix.pin();
      answered.length = 0;
      Object.assign(world, change);
      const came = await matrix.put("!room", "m.room.message", { body: WORDS }, "1").then(() => "sent", named);
      return [came, answered.map((path) => path.replace("/_matrix/client/v3/", ""))];
    };
    const somebody = (membership) => [{ userId: "@x:here", membership }];
    return {
      ready: await outcome({}),
      readers: world.readers,
      somebodyElseIsThere: await outcome({ others: somebody("join") }),
      somebodyElseWasAskedIn: await outcome({ others: somebody("invite") }),
      somebodyElseWasThere: await outcome({ others: somebody("leave") }),
      somebodyElseComesMeanwhile: await outcome({ meanwhile: somebody("join") }),
      whoCouldRead: world.readers,
      notCompared: await outcome({}, false),
      unknown: await outcome({ known: false }),
      notJoined: await outcome({ membership: "invite" }),
      notEncrypted: await outcome({ encrypted: false }),
      cameOutInClear: await outcome({ encrypts: false }),
      anotherBot: await outcome({ master: "OTHER" }),
      anotherBotFromTheStart: await (async () => {
        world.master = "OTHER";
        const matrix = new Matrix({ userId: "@me:here", accessToken: "token" }, { bot: "@bot:here", key: "KEY" });
        await matrix.open(false);
        return matrix.pin().then(() => "compared", named);
      })(),
    };
  },
};

/** matrix.js with a library that does as `world` says. */
async function bundledMatrix(world) {
  const crypto = {
    olmMachine: {
      crossSigningStatus: async () => ({ hasSelfSigning: true }),
      updateTrackedUsers: async () => {},
      queryKeysForUsers: () => ({ body: "{}" }),
      markRequestAsSent: async () => {},
      getIdentity: async () => ({ masterKey: JSON.stringify({ keys: { master: world.master } }), isVerified: () => true }),
    },
    outgoingRequestProcessor: { makeOutgoingRequest: async () => {} },
    setDeviceIsolationMode() {},
    roomEncryptors: { "!room": { prepareForEncryption: async (_, devices) => void world.sharedWith.push(devices.constructor.name) } },
    isEncryptionEnabledInRoom: async () => world.encrypted,
    async encryptEvent(event, where) {
      world.others = world.meanwhile ?? world.others;
      world.readers = (await where.getEncryptionTargetMembers()).map(({ userId }) => userId);
      event.isSealed = world.encrypts;
    },
  };
  const room = {
    getMyMembership: () => world.membership,
    getMembers: () => [{ userId: "@me:here", membership: "join" }, { userId: "@bot:here", membership: "join" }, ...(world.others ?? [])],
  };
  const client = { initRustCrypto: async () => {}, getCrypto: () => crypto, getRoom: () => (world.known ? room : null) };
  globalThis.library = {
    createClient: () => client,
    MatrixEvent: class {
      constructor(event) {
        this.event = event;
      }
      getWireType() {
        return this.isSealed ? "m.room.encrypted" : this.event.type;
      }
      getWireContent() {
        return this.isSealed ? { ciphertext: "…" } : this.event.content;
      }
    },
  };
  const standIn = `export const { createClient, MatrixEvent } = globalThis.library; export const logger = {}; export class UserId {};
    export class OnlySignedDevicesIsolationMode {}; export const initAsync = async () => {};`;
  const library = {
    name: "library",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^(matrix-js-sdk|@matrix-org)/ }, ({ path }) => ({ path, namespace: "library" }));
      onLoad({ filter: /.*/, namespace: "library" }, () => ({ contents: standIn }));
    },
  };
  const entryPoints = [new URL("matrix.js", SOURCE).pathname];
  const { outputFiles } = await build({ entryPoints, bundle: true, write: false, format: "esm", plugins: [library], logLevel: "error" });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString("base64")}`);
}

const [scene, given = "[]"] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await SCENES[scene](...JSON.parse(given))), () => process.exit(0));
