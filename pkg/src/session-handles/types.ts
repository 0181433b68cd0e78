/** The members that the gate adds to each session of a list, with the option `sessionHandles`. */

export interface Device {
  type: "desktop" | "mobile" | "tablet" | "tv" | "bot" | null;
  vendor: string | null;
  model: string | null;
  /** The operating system's name, such as `macOS`. */
  os: string | null;
}

export interface Browser {
  name: string;
  version: string | null;
}

/** Cloudflare's location of a request. */
export interface Place {
  city?: string;
  region?: string;
  /** Two letters, ISO 3166-1. */
  country?: string;
}

/** Absent unless the list passed through a gate with `sessionHandles`, which also puts a handle in the place of `token`. */
export interface SessionDescription {
  /** The session of the caller. */
  current?: boolean;
  /** By the user agent that signed in; null if it is unknown. */
  device?: Device | null;
  browser?: Browser | null;
  /** Of the current session only, on Cloudflare. */
  place?: Place;
}
