// The form for signing up or signing in on one device.

import { explain, h, whileBusy } from "./dom.js";
import { demoUser, updateDemoUser } from "./demo-user.js";

/** Creates the form. `again` is { email } if the same user signs in once more: then only the password has to be entered. */
export function signForm(device, { mode = demoUser.known || device.name === "phone" ? "in" : "up", again = null } = {}) {
  const root = h("div.sign");
  const draw = (next) => root.replaceChildren(form(device, next, again, draw));
  draw(mode);
  return root;
}

function form(device, mode, again, switchTo) {
  const up = mode === "up";
  const problem = h("p.problem", { role: "alert" });
  const submit = h("button.primary", { type: "submit" }, up ? "Sign up" : device.name === "phone" ? "Sign in on this device" : "Sign in");
  const onsubmit = async (event) => {
    event.preventDefault();
    problem.textContent = "";
    const entered = { ...Object.fromEntries(new FormData(event.target)), ...again };
    const { data, error } = await whileBusy(submit, () => (up ? device.signUp(entered) : device.signIn(entered)));
    if (error) problem.textContent = explain(error);
    else updateDemoUser({ ...entered, name: data.user.name });
  };
  return h(
    "form",
    { onsubmit, novalidate: false, "aria-label": `${up ? "Sign up" : "Sign in"} on the ${device.name}` },
    up && field(device, "name", "Name", "text", "name", demoUser.name),
    again && h("input", { type: "email", autocomplete: "username", value: again.email, hidden: true }),
    !again && field(device, "email", "Email", "email", "username", demoUser.email),
    field(
      device,
      "password",
      "Password",
      "password",
      up ? "new-password" : "current-password",
      again && !demoUser.known ? "" : demoUser.password,
    ),
    problem,
    h(
      "div.row",
      {},
      submit,
      !again &&
        h(
          "button.quiet",
          { type: "button", onclick: () => switchTo(up ? "in" : "up") },
          up ? "I have signed up before" : "Sign up instead",
        ),
    ),
  );
}

function field(device, name, label, type, autocomplete, value) {
  const id = `${device.name}-${name}`;
  return h(
    "p.field",
    {},
    h("label", { for: id }, label),
    h("input", { id, name, type, autocomplete, value, required: true, spellcheck: "false" }),
  );
}
