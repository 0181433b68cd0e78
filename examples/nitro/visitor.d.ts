import type { Visitor } from "better-session/nitro";

declare module "nitro/h3" {
  interface H3EventContext {
    visitor: Visitor;
  }
}
