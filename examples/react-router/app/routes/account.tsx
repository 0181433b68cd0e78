import { Form } from "react-router";
import { sessionContext } from "better-session/react-router";
import type { Route } from "./+types/account";

export const loader = ({ context }: Route.LoaderArgs) => ({ name: context.get(sessionContext).user?.name });

export async function action({ context, request }: Route.ActionArgs) {
  return { saved: `${(await request.formData()).get("note")}, by ${context.get(sessionContext).user?.name}` };
}

export default function Account({ loaderData, actionData }: Route.ComponentProps) {
  return (
    <main>
      <h1>{`Account of ${loaderData.name}`}</h1>
      <Form method="post">
        <input name="note" defaultValue="A note" aria-label="Note" />
        <button>Save a note</button>
      </Form>
      <output>{actionData?.saved}</output>
    </main>
  );
}
