/** Decrypts the identity that a gate attached to a request, on the server behind it. */
import { coreConfig } from "../config.js";
import { reviveRecord } from "../verifier/dates.js";
import { bounded } from "../verifier/input.js";
import type { Session, User, VerifierOptions } from "../types.js";
import { gateWasm, type GateModule } from "../runtime/gate.js";
import { Handle } from "../runtime/handle.js";
import { IDENTITY_HEADER } from "./forward.js";

/** A visitor whom the gate has authenticated. */
export interface Identity<S = {}, U = {}> {
  session: Session & S;
  user: User & U;
}

export interface OpenIdentityOptions extends Pick<VerifierOptions, "secret" | "secrets"> {
  /** The `gateSecret` of a gate that has no `secret`. */
  gateSecret?: string;
  /** The time of verification. Default now. */
  at?: Date | number;
  /** The path that the gate forwarded, if a proxy in between has rewritten it. */
  path?: string;
}

type Opener = InstanceType<GateModule["IdentityOpener"]>;

/** Openers by configuration: keys are derived once for each secret, and a program has one or two. */
const openers = new Map<string, Handle<GateModule, Opener>>();

/**
 * Returns the visitor's identity, or null unless the request has one that a gate with this secret encrypted for this method
 * and path at most 30 seconds ago. Never throws for a visitor's input.
 */
export function openIdentity<S = {}, U = {}>(request: Request, options: OpenIdentityOptions): Identity<S, U> | null {
  const header = bounded(request.headers.get(IDENTITY_HEADER));
  const opener = openerFor(options);
  if (header === "") return null;
  const path = options.path ?? new URL(request.url).pathname;
  const now = options.at === undefined ? Date.now() : Number(options.at);
  const text = opener.call((opener) => opener.open(header, request.method, path, now), "");
  if (text === "") return null;
  const identity = JSON.parse(text) as Identity<S, U>;
  reviveRecord(identity.session);
  reviveRecord(identity.user);
  return { session: identity.session, user: identity.user };
}

function openerFor({ gateSecret, secret = gateSecret, secrets }: OpenIdentityOptions): Handle<GateModule, Opener> {
  const config = coreConfig({ secret, secrets });
  let opener = openers.get(config);
  if (!opener) {
    opener = new Handle(gateWasm, (gate) => new gate.IdentityOpener(config));
    if (openers.size >= 8) openers.clear();
    openers.set(config, opener);
  }
  return opener;
}
