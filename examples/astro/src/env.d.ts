declare namespace App {
  interface Locals {
    visitor: import("better-session/astro").Visitor;
  }
}
