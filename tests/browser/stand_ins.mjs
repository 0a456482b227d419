// What a browser gives the page, and Node does not: as little of it as the page uses.

/** A database in memory, with what kept.js asks of one. */
export function memoryDatabase() {
  const stores = new Map();
  let last = 0;
  const done = (result, ...heard) => {
    const request = { result };
    queueMicrotask(() => heard.forEach((name) => request[name]?.()));
    return request;
  };
  const answered = (result) => done(result, "onsuccess");
  const copied = (value) => (value?.constructor === Object ? { ...value } : value); // what is changed outside is not changed here
  const access = (kept) => ({
    get: (key) => answered(copied(kept.get(key))),
    getKey: (key) => answered(kept.has(key) ? key : undefined),
    getAllKeys: () => answered([...kept.keys()]),
    put: (value, key) => answered(void kept.set(key, copied(value))),
    add: (value) => answered(void kept.set((last += 1), copied(value))),
    delete: (key) => answered(void kept.delete(key)),
    clear: () => answered(kept.clear()),
  });
  const database = {
    createObjectStore: (name) => stores.set(name, new Map()),
    transaction(name) {
      const transaction = { objectStore: () => access(stores.get(name)) };
      setTimeout(() => transaction.oncomplete()); // after all that was asked in it
      return transaction;
    },
  };
  return { open: () => done(database, "onupgradeneeded", "onsuccess") };
}

/** XMLHttpRequest, as homeserver.js uploads with it; it tells of no progress. */
export function uploads(ask) {
  return class {
    upload = {};
    #headers = {};
    #answer;

    open(method, path) {
      this.#answer = (body) => ask(path, { method, body, headers: this.#headers, signal: AbortSignal.timeout(this.timeout) });
    }

    setRequestHeader(name, value) {
      this.#headers[name] = value;
    }

    getResponseHeader(name) {
      return this.headers.get(name);
    }

    async send(body) {
      try {
        const answer = await this.#answer(body);
        Object.assign(this, { status: answer.status, headers: answer.headers, response: await answer.text() });
      } catch {
        return this.onerror();
      }
      return this.onload();
    }
  };
}

let compiled;

/** WebAssembly, compiled once for all pages; each has an instance, and memory, of its own. */
export const sharing = Object.assign(Object.create(WebAssembly), {
  async instantiateStreaming(answer, imports) {
    compiled ??= WebAssembly.compileStreaming(answer);
    return { instance: await WebAssembly.instantiate(await compiled, imports) };
  },
});
