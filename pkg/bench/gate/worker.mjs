// A Worker whose handler is the gate.
import { env } from "cloudflare:workers";
import { createSessionGate } from "better-session/edge";

const gate = createSessionGate(env.OPTIONS);

export default { fetch: gate.fetch };
