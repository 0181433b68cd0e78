import { Link } from "react-router";
import { sessionContext } from "better-session/react-router";
import type { Route } from "./+types/home";

export const loader = ({ context }: Route.LoaderArgs) => ({ name: context.get(sessionContext).user?.name ?? "stranger" });

export default function Home({ loaderData }: Route.ComponentProps) {
  return (
    <main>
      <h1>{`Hello ${loaderData.name}`}</h1>
      <Link to="/account" prefetch="intent">
        Your account
      </Link>
    </main>
  );
}
