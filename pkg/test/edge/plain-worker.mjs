// The shortest Worker: the gate is the handler.
import { env } from "cloudflare:workers";
import { createSessionGate } from "better-session/edge";

const gate = createSessionGate(env.OPTIONS);

export default { fetch: gate.fetch };
