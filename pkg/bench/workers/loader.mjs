// Loads a program into a fresh isolate for each request, with new bytes in each module.
const programs = {};

export default {
  async fetch(request, env) {
    const message = await request.json();
    if (message.programs) {
      for (const [name, files] of Object.entries(message.programs)) programs[name] = files.map(decoded);
      return new Response("ok");
    }
    const id = crypto.randomUUID();
    const modules = {};
    for (const { path, bytes, text } of programs[message.name]) {
      modules[path] = bytes ? { wasm: withSection(bytes, id).buffer } : { js: `${text}\n//${id}` };
    }
    const code = { compatibilityDate: "2026-04-01", compatibilityFlags: ["nodejs_compat"], mainModule: "worker.mjs", modules };
    const stub = env.LOADER.get(id, async () => code);
    const response = await stub.getEntrypoint().fetch("http://app.example/api/auth/get-session", { headers: { cookie: message.cookie } });
    const text = await response.text();
    return new Response(text, { status: text === "yes" ? 200 : 500 });
  },
};

/** Decodes a file before any start is timed. */
function decoded({ path, contents }) {
  const bytes = Uint8Array.from(atob(contents), (char) => char.charCodeAt(0));
  return path.endsWith(".wasm") ? { path, bytes } : { path, text: new TextDecoder().decode(bytes) };
}

/** Returns a module with a custom section that holds a name, so that no engine knows its bytes. */
function withSection(bytes, name) {
  const text = new TextEncoder().encode(name);
  const made = new Uint8Array(bytes.length + text.length + 3);
  made.set(bytes);
  made.set([0, text.length + 1, text.length], bytes.length);
  made.set(text, bytes.length + 3);
  return made;
}
