import type { Visitor } from "better-session/nuxt";

declare module "h3" {
  interface H3EventContext {
    visitor: Visitor;
  }
}
