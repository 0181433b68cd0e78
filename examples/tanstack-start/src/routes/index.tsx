import { Link, createFileRoute } from "@tanstack/react-router";
import { getName } from "../visitor";

export const Route = createFileRoute("/")({
  loader: () => getName().catch(() => null),
  component: () => (
    <main>
      <h1>{`Hello ${Route.useLoaderData() ?? "stranger"}`}</h1>
      <Link to="/account">Your account</Link>
    </main>
  ),
});
