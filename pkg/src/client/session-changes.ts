/** The rule for which calls `useSession` refetches, beside the `atomListeners` of the plugins. */

/** Paths of the core after which the session may be another one, and two that the tables of their plugins omit. */
const CHANGES_SESSION =
  /^\/(sign-|revoke-|update-|change-|delete-|verify-email|magic-link\/verify|one-tap\/|multi-session\/revoke$|one-time-token\/verify$)/;

/** Returns whether a call that succeeded may have changed the session. `ids` are the plugins', as `plain` spells them. */
export function changesSession(path: string, isWrite: boolean, ids: string[]): boolean {
  const [, plugin, endpoint] = path.split("/");
  // No table says that the endpoint of a plugin that is not here leaves the session alone.
  return changesCoreSession(path) || !!(isWrite && endpoint && !ids.includes(plain(plugin!)));
}

/** Returns whether a path of the core may have changed the session. */
export const changesCoreSession = (path: string) => CHANGES_SESSION.test(path);

/** Ids and segments of paths differ in case and dashes: `phoneNumber`, `phone-number`. */
export const plain = (name: string) => name.replaceAll("-", "").toLowerCase();
