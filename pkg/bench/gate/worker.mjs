// The gate as a Worker's handler, and nothing else.
import { env } from "cloudflare:workers";
import { createSessionGate } from "better-session/edge";

const gate = createSessionGate(env.OPTIONS);

export default { fetch: gate.fetch };
