// Everything that speaks Matrix: the one file that knows matrix-js-sdk and its encryption (Rust, in WebAssembly).
//
// Guarantees:
// - The bot is who the link says: its master key is compared before anything is sent, at each visit, and again each time.
// - Nothing is sent but through `put`, and `put` sends ciphertext or throws. (The library's own `sendEvent` sends in the
//   clear to a room that it has not seen yet.)
// - Nobody but us and the bot is given what opens a message, whoever the homeserver says is in the room; and then nothing is sent.
// - What is shown as the bot's was sent by a device that the pinned identity has signed.
// - Keys go to signed devices only.

import "./older.js";
import * as sdk from "matrix-js-sdk";
import { OnlySignedDevicesIsolationMode } from "matrix-js-sdk/lib/crypto-api/index.js";
import { logger } from "matrix-js-sdk/lib/logger.js";
import { UserId, initAsync } from "@matrix-org/matrix-sdk-crypto-wasm";

import { ask, askForLibrary, notMatrix } from "./homeserver.js";
import { patiently } from "./patience.js";
import { HomeserverRefused, NotAlone, NotReady, OtherBot, SignedOut, TooOld } from "./stops.js";

initAsync().catch(() => {}); // while somebody types a date; what fails is tried again, or told, where it is waited for

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, getChild: () => silent };
logger.setLevel?.("silent", false);

const NO_ENGINE = [WebAssembly.CompileError, WebAssembly.LinkError, RangeError]; // the last: not enough memory
const ENCRYPTED = "m.room.encrypted";
const SIGNED_ONLY = new OnlySignedDevicesIsolationMode();
const ENOUGH = 60; // messages that a visit begins with
const EARLIER = 100; // messages that are then asked for at once

/** Do what the library asks of the homeserver, and fail as our own questions fail. */
async function asked(work) {
  try {
    return await work();
  } catch (failure) {
    if (failure instanceof HomeserverRefused) throw failure;
    if (failure.name === "AbortError" || failure instanceof sdk.ConnectionError) throw new TypeError("no connection");
    if (!failure.httpStatus) throw failure;
    throw new HomeserverRefused(failure.httpStatus, failure.data ?? {}, failure.data?.retry_after_ms);
  }
}

/** Return who is in the room or was asked in, as the homeserver says. */
const presentIn = (room) => room.getMembers().filter(({ membership }) => ["join", "invite"].includes(membership));

export class Matrix {
  #client;
  #crypto;
  #account;
  #bot;
  #key;
  #pinned = false;
  #isStopped = false;
  #news = new Set(); // ids of what came in this visit
  #reading; // what was said before, being read

  /** Return once the encryption is loaded, `tell` hears why it takes longer; throw `TooOld` where this browser can't run it. */
  static async isReady(tell) {
    try {
      await patiently(initAsync, tell);
    } catch (failure) {
      throw NO_ENGINE.some((kind) => failure instanceof kind) ? new TooOld() : failure;
    }
  }

  constructor(account, { bot, key }) {
    this.#account = account;
    this.#bot = bot;
    this.#key = key;
    const how = { baseUrl: location.origin, fetchFn: askForLibrary, logger: silent, verificationMethods: [] };
    this.#client = sdk.createClient({ ...how, ...account });
  }

  /**
   * Open our keys; `fresh` makes an identity of our own first, and `tell` hears why that takes longer. Throw `SignedOut` where the
   * browser has lost the keys.
   */
  async open(fresh, tell) {
    await this.#client.initRustCrypto({ useIndexedDB: true, ...this.#keysOf() });
    this.#crypto = this.#client.getCrypto();
    this.#crypto.setDeviceIsolationMode(SIGNED_ONLY);
    const { hasSelfSigning } = await this.#crypto.olmMachine.crossSigningStatus();
    if (fresh) await this.#publishIdentity(!hasSelfSigning, tell);
    else if (!hasSelfSigning) throw new SignedOut();
  }

  /** Publish our identity, made `anew`, or as a visit that was cut short has made it: the homeserver takes another one never. */
  async #publishIdentity(anew, tell) {
    const made = await this.#crypto.olmMachine.bootstrapCrossSigning(anew);
    const unasked = (upload) => upload(null); // a new account is asked for no password
    for (const request of [made.uploadKeysRequest, made.uploadSigningKeysRequest, made.uploadSignaturesRequest]) {
      const upload = () => asked(() => this.#crypto.outgoingRequestProcessor.makeOutgoingRequest(request, unasked));
      if (request) await patiently(upload, tell);
    }
  }

  #keysOf() {
    return { cryptoDatabasePrefix: this.#account.userId }; // a later account of this browser begins with none of its keys
  }

  /** Begin to listen; `changed` is called whenever something new is known, `signedOut` when the account has ended. */
  async start(changed, signedOut) {
    const client = this.#client;
    const filter = new sdk.Filter(this.#account.userId);
    const nothing = { types: [] };
    const room = { timeline: { limit: ENOUGH }, ephemeral: nothing, account_data: nothing };
    filter.setDefinition({ presence: nothing, account_data: nothing, room });
    for (const event of [sdk.RoomEvent.Timeline, sdk.RoomEvent.Redaction, sdk.RoomEvent.MyMembership]) client.on(event, changed);
    for (const event of [sdk.RoomStateEvent.Members, sdk.MatrixEventEvent.Decrypted]) client.on(event, changed);
    client.on(sdk.HttpApiEvent.SessionLoggedOut, signedOut);
    await client.startClient({ filter, initialSyncLimit: ENOUGH, disablePresence: true, pollTimeout: 20_000 });
    await new Promise((done) => {
      const look = () => client.isInitialSyncComplete() && done();
      client.on(sdk.ClientEvent.Sync, look);
      look();
    });
    client.on(sdk.RoomEvent.Timeline, (event, _, isEarlier) => isEarlier || this.#news.add(event.getId()));
  }

  stop() {
    this.#pinned = false;
    this.#isStopped = true;
    this.#client.stopClient();
  }

  /** Forget the keys of an account that has ended. */
  async forget() {
    this.stop();
    await this.#client.clearStores(this.#keysOf());
  }

  /** Try again at once, because the connection is back. */
  wake() {
    this.#client.retryImmediately();
  }

  /** Compare the bot's master key with the link's, as the homeserver shows it now; throw `OtherBot` where it is another. */
  async pin() {
    const machine = this.#crypto.olmMachine;
    const who = () => new UserId(this.#bot); // the library uses its arguments up
    await machine.updateTrackedUsers([who()]);
    const { id, type, body } = machine.queryKeysForUsers([who()]);
    // Asked by ourselves: the library would wait as long as a busy homeserver says, and not say so.
    const answer = await ask("POST", "keys/query", JSON.parse(body), this.#account.accessToken);
    await machine.markRequestAsSent(id, type, JSON.stringify(answer));
    const identity = await this.#pinnedIdentity();
    if (!identity.isVerified()) {
      const signed = await identity.verify();
      await ask("POST", "keys/signatures/upload", JSON.parse(signed.body), this.#account.accessToken);
    }
    this.#pinned = true;
  }

  async #pinnedIdentity() {
    const identity = await this.#crypto.olmMachine.getIdentity(new UserId(this.#bot));
    const [master] = identity ? Object.values(JSON.parse(identity.masterKey).keys) : [];
    if (master !== this.#key) throw new OtherBot();
    return identity;
  }

  /** Give the room's key to whoever is to read there, so that what is sent next waits for nothing; this may fail, `put` does it too. */
  async prepare(room) {
    await this.#knownSafe(room);
    await this.#crypto.roomEncryptors[room]?.prepareForEncryption(false, SIGNED_ONLY);
  }

  /**
   * Send ciphertext under this transaction id, or throw; return the event's id. The same id twice is sent once. `leaves` is called just
   * before, and may throw.
   */
  async put(room, type, content, transaction, leaves = () => {}) {
    const known = await this.#knownSafe(room);
    const event = new sdk.MatrixEvent({ type, content, room_id: room, sender: this.#account.userId, event_id: `~${transaction}` });
    await asked(() => this.#crypto.encryptEvent(event, known)); // which may ask for keys first
    if (event.getWireType() !== ENCRYPTED) throw new Error("not encrypted");
    await this.#safeNow(known); // encrypting may have waited, and brought news
    const path = ["rooms", room, "send", ENCRYPTED, transaction].map(encodeURIComponent).join("/");
    await leaves();
    const { event_id: id } = await ask("PUT", path, event.getWireContent(), this.#account.accessToken);
    if (!id) throw notMatrix();
    return id;
  }

  /** Return the room, where it is encrypted, and the bot of the link is alone there with us; throw where that isn't known. */
  async #knownSafe(room) {
    const known = this.#client.getRoom(room);
    const ready = this.#pinned && known?.getMyMembership() === "join" && (await this.#crypto.isEncryptionEnabledInRoom(room));
    if (!ready) throw new NotReady();
    known.getEncryptionTargetMembers = async () => presentIn(known).filter(({ userId }) => this.#isOneOfUs(userId));
    await this.#safeNow(known);
    return known;
  }

  async #safeNow(room) {
    if (!presentIn(room).every(({ userId }) => this.#isOneOfUs(userId))) throw new NotAlone();
    await this.#pinnedIdentity();
  }

  #isOneOfUs(user) {
    return [this.#account.userId, this.#bot].includes(user);
  }

  async makeLobby() {
    const encryption = { type: "m.room.encryption", state_key: "", content: { algorithm: "m.megolm.v1.aes-sha2" } };
    const wanted = { preset: "trusted_private_chat", is_direct: true, invite: [this.#bot], initial_state: [encryption] };
    return (await ask("POST", "createRoom", wanted, this.#account.accessToken)).room_id;
  }

  isInWith(room) {
    return this.#client.getRoom(room)?.getMember(this.#bot)?.membership === "join";
  }

  isIn(room) {
    return this.#client.getRoom(room)?.getMyMembership() === "join";
  }

  /** Return whether we are in the room no more; the homeserver itself is asked, because its first news may be old. */
  static async hasEnded(account, room) {
    const answer = await ask("GET", "joined_rooms", undefined, account.accessToken).catch(() => null); // no connection
    return answer !== null && !answer.joined_rooms.includes(room);
  }

  /** Return whether we are known to be put out of the room: the practice has ended it. */
  isPutOut(room) {
    return ["leave", "ban"].includes(this.#client.getRoom(room)?.getMyMembership());
  }

  /** Return the room, other than the lobby, that the bot has invited to, if there is one. */
  ownRoom(lobby) {
    const isOurs = (room) => {
      const inviter = room.getMember(this.#account.userId)?.events.member?.getSender();
      if (room.getMyMembership() === "invite") return inviter === this.#bot;
      return room.getCreator() === this.#bot && this.isIn(room.roomId) && this.isInWith(room.roomId);
    };
    return this.#client.getRooms().find((room) => room.roomId !== lobby && isOurs(room))?.roomId;
  }

  join(room) {
    return ask("POST", `join/${encodeURIComponent(room)}`, {}, this.#account.accessToken);
  }

  async leave(room) {
    await this.#client.leave(room);
    await this.#client.forget(room);
  }

  /** Tell the homeserver that this message and all before it were seen. */
  markSeen(room, event) {
    const path = ["rooms", room, "receipt", "m.read", event].map(encodeURIComponent).join("/");
    return ask("POST", path, {}, this.#account.accessToken);
  }

  /** Read what was said in the room before what is known of it, back to its beginning: a question may stand anywhere. */
  readBack(room) {
    this.#reading ??= this.#readBack(room).finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async #readBack(room) {
    const timeline = this.#client.getRoom(room).getLiveTimeline();
    const earlier = () => asked(() => this.#client.paginateEventTimeline(timeline, { backwards: true, limit: EARLIER }));
    while (!this.#isStopped && timeline.getPaginationToken("b")) await patiently(earlier);
  }

  /** Return what was said in the room, in order, as plain values; of edits and answers, what they are about. */
  async said(room) {
    const events = (this.#client.getRoom(room)?.getLiveTimeline().getEvents() ?? []).filter((event) => !event.isState());
    await Promise.allSettled(events.map((event) => this.#client.decryptEventIfNeeded(event))); // an answer may stand behind its question
    return Promise.all(events.map((event) => this.#plain(event)));
  }

  async #plain(event) {
    return {
      id: event.getId(),
      type: event.getType(),
      content: event.getOriginalContent(), // the library would put edits in, whoever made them
      relation: event.getRelation(),
      transaction: event.getUnsigned().transaction_id, // of what this device has sent
      sender: event.getSender(),
      mine: event.getSender() === this.#account.userId,
      redacted: event.isRedacted(),
      isNews: this.#news.has(event.getId()),
      trusted: await this.#isTrusted(event),
    };
  }

  async #isTrusted(event) {
    if (!event.isEncrypted() || event.isRedacted() || event.isDecryptionFailure()) return false;
    const info = await this.#crypto.getEncryptionInfoForEvent(event);
    return info !== null && info.shieldColour === 0;
  }
}
