// The host's side of an app in Hermes: messages go out as lines, and come in as calls of `fromHost`.
let count = 0;
const waiting = new Map();

/** The URLs of all requests. */
export const sent = [];

globalThis.toHost = (message) => print(`\u0001${JSON.stringify(message)}`);
globalThis.fromHost = (id, message) => {
  const entry = waiting.get(id);
  if (entry && !entry.repeats) waiting.delete(id);
  entry?.receive(message);
};

function send(message, receive) {
  const id = (count += 1);
  waiting.set(id, { receive });
  toHost({ id, ...message });
  return id;
}

globalThis.setTimeout = (run, ms = 0, ...args) => send({ kind: "timer", ms }, () => run(...args));
globalThis.clearTimeout = (id) => void waiting.delete(id);
globalThis.performance ??= { now: () => Date.now() };
globalThis.console ??= { log: print, error: print, warn: print, assert() {} };
globalThis.self = globalThis;
globalThis.window = globalThis;

globalThis.XMLHttpRequest = class {
  withCredentials = false;
  #headers = {};

  open(method, url) {
    Object.assign(this, { method, url });
  }

  setRequestHeader(name, value) {
    this.#headers[name] = value;
  }

  send(body) {
    const { method, url, withCredentials } = this;
    sent.push(url);
    this.id = send({ kind: "request", method, url, withCredentials, headers: this.#headers, body: body ?? null }, (answer) => {
      if (answer.error) return this.onerror?.();
      Object.assign(this, { status: answer.status, statusText: answer.statusText, responseURL: answer.url });
      Object.assign(this, { response: answer.text, responseText: answer.text, headers: answer.headers });
      this.onload?.();
    });
  }

  getAllResponseHeaders() {
    return this.headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  }

  abort() {
    waiting.delete(this.id);
    toHost({ kind: "abort", of: this.id });
    this.onabort?.();
  }
};
