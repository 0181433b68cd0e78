// A fetch handler that makes calls on demand.

/** Returns a handler: `{ samples }` sets the candidates up, and `{ name, calls }` calls one of them. */
export function callsOf(all, setUp) {
  return async (request) => {
    try {
      const { samples, name, calls } = await request.json();
      if (samples) await setUp(samples);
      const run = all[name];
      for (let i = 0; i < calls; i++) {
        const result = run();
        if (result instanceof Promise) await result;
      }
      return new Response("ok");
    } catch (error) {
      return new Response(String(error?.stack ?? error), { status: 500 });
    }
  };
}
