// Snippets that are a line here and a kilobyte in wasm. Decisions are made in Rust.

const ISO_DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)$/;

// Dates come back as Dates; a key that could reach a prototype is left out.
const revive = (key, value) => {
  if (key === "__proto__" || (key === "constructor" && value && typeof value === "object" && "prototype" in value)) return;
  const date = typeof value === "string" && ISO_DATE.test(value) && new Date(value);
  return date && !isNaN(date) ? date : value;
};

export const chain = (job) => job.chain;
export const verbatim = (job) => job.verbatim;
export const body = (job) => job.body;
export const context = (job) => job.context();
export const hook = (job, which, scene) => job.hook(which, scene);
export const fault = (job, code, cause) => job.fault(code, cause);
export const repeatable = (context) => context.repeatable;
export const response = (scene) => scene.response;
export const requests = (scene, request) => void (scene.request = request);
export const responds = (scene, response) => void (scene.response = response);
export const ends = (scene, changed, data, error) => void Object.assign(scene, { changed, data, error });
export const object = () => ({});
export const status = (answer) => answer.status;
export const session = (answer) => answer.session;
export const refresh = (answer) => answer.needsRefresh;
export const revocation = ({ token }) => ({ token });
export const release = (guard) => guard.release();

/** The value of a JSON text; `undefined` when it is none. */
export const parse = (text) => {
  try {
    return JSON.parse(text, revive);
  } catch {}
};

/** As `fetch`, and nothing but a Response comes out of it. */
export const request = async (context) => {
  const response = await (0, context.customFetchImpl)(context.url, context);
  response.headers.get("date");
  return response;
};

export const header = (response) => response.headers.get("content-type") ?? "";

/** Returns the body of an answer, as a promise also when it was read before. */
export const content = async (response, blob) => (blob ? response.blob() : response.text());

/** Seconds that the server asks for; NaN when it does not. */
export const patience = (response) => parseInt(response.headers.get("retry-after") ?? response.headers.get("x-retry-after"));

/** A server's refusal: what it says, with the status. */
export const refusal = (response, text) => ({
  ...parse(text),
  status: response.status,
  statusText: response.statusText,
});

export const find = (list, { id, token }) =>
  Array.isArray(list) ? list.find((session) => (token === undefined ? session?.id === id : session?.token === token)) : null;

export const revoked = () => ({ status: true });

/** Lets the caller's signal and the timeout abort `context`, until `release`. */
export const guard = (context) => {
  const { signal: caller, timeout: ms } = context;
  const controller = new AbortController();
  const stop = () => controller.abort(caller.reason);
  const timer = ms > 0 && ms < 2 ** 31 && setTimeout(() => controller.abort(), ms);
  context.caller = caller;
  context.signal = controller.signal;
  caller?.addEventListener("abort", stop);
  if (caller?.aborted) stop();
  return {
    release() {
      clearTimeout(timer);
      caller?.removeEventListener("abort", stop);
      return context.signal.aborted | (caller?.aborted << 1) | ((caller?.reason?.name === "TimeoutError") << 2);
    },
  };
};

/** Resolves after `ms`, or as soon as the caller gives up. */
export const sleep = (ms, { caller }) =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      caller?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    caller?.addEventListener("abort", done);
  });
