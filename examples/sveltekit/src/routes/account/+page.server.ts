/** The gate lets nobody in without a session, so there is a user. */
export const load = async ({ locals, fetch }) => {
  const me = await fetch("/api/me"); // an internal request: it passes the gate too
  return { name: locals.visitor.user?.name, email: (await me.json()).user.email };
};

export const actions = {
  default: async ({ locals, request }) => ({ saved: `${(await request.formData()).get("note")}, by ${locals.visitor.user?.name}` }),
};
