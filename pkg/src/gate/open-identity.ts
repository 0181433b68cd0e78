/** Decrypts the identity that a gate attached to a request, on the server behind it. */
import { assertOptions, coreConfig } from "../config.js";
import { reviveRecord } from "../verifier/dates.js";
import { bounded, cookieHeader } from "../verifier/input.js";
import type { CookieSource, Session, User, VerifierOptions } from "../types.js";
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
  /** The path that the gate forwarded. Required for `Headers`, and if a proxy in between has rewritten the path. */
  path?: string;
  /** The method that the gate forwarded. Default: the request's; "GET" for `Headers`. */
  method?: string;
}

/** A `Request`, or the `IncomingMessage` of Node, whose `url` a router may have shortened. */
type RequestLike = Partial<Pick<Request, "method" | "url" | "headers">> & { originalUrl?: string };

type Opener = InstanceType<GateModule["IdentityOpener"]>;

/** Openers by configuration: keys are derived once for each secret, and a program has one or two. */
const openers = new Map<string, Handle<GateModule, Opener>>();

/**
 * Returns the visitor's identity, or null unless the request has one that a gate with this secret encrypted for this method
 * and path at most 30 seconds ago. If the identity refers to the session cache, the request's cookies must still have it.
 * Never throws for a visitor's input.
 */
export function openIdentity<S = {}, U = {}>(source: CookieSource, options: OpenIdentityOptions): Identity<S, U> | null {
  assertOptions(options);
  const opener = openerFor(options);
  const { headers = source, method, url, originalUrl } = (typeof source === "string" ? {} : source) as RequestLike;
  const fields = headers as unknown as { get?(name: string): string | null } & Record<string, unknown>;
  const header = bounded(typeof fields.get === "function" ? fields.get(IDENTITY_HEADER) : fields[IDENTITY_HEADER]);
  if (header === "") return null;
  const path = options.path ?? pathOf(originalUrl ?? url ?? "");
  const now = options.at === undefined ? Date.now() : Number(options.at);
  const bound = options.method ?? method ?? "GET";
  const text = opener.call((opener) => opener.open(header, bound, path, cookieHeader(source), now), "");
  if (text === "") return null;
  const identity = JSON.parse(text) as Identity<S, U>;
  reviveRecord(identity.session);
  reviveRecord(identity.user);
  return { session: identity.session, user: identity.user };
}

/** Returns the path of a URL or a request target. */
function pathOf(url: string): string {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/[^/?#]*)?([^?#]*)/i.exec(url)?.[1] ?? "";
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
