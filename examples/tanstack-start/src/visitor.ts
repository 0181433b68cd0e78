import { redirect } from "@tanstack/react-router";
import { createServerFn } from "@tanstack/react-start";
import { session } from "./start";

/** The visitor's name. In the browser it is a call of a server function, which the gate refuses without a session. */
export const getName = createServerFn()
  .middleware([session])
  .handler(({ context }) => context.visitor.user?.name ?? null);

export const saveNote = createServerFn({ method: "POST" })
  .middleware([session])
  .validator((text: string) => text)
  .handler(({ context, data }) => `${data}, by ${context.visitor.user?.name}`);

/** For `beforeLoad` of pages that need a session. */
export async function requireName(path: string) {
  const name = await getName().catch(() => null);
  if (!name) throw redirect({ href: `/sign-in?callbackURL=${encodeURIComponent(path)}`, reloadDocument: true });
  return { name };
}
