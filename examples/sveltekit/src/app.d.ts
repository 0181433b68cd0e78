import type { Visitor } from "better-session/sveltekit";

declare global {
  namespace App {
    interface Locals {
      visitor: Visitor;
    }
  }
}
