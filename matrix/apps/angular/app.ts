// An app of Angular, compiled by Angular in the browser and on the server (JIT). The signal is the recipe of the README: recipe.ts has its lines.
import "@angular/compiler";
import { Component, InjectionToken, inject, provideZonelessChangeDetection, type ApplicationConfig } from "@angular/core";
import { provideClientHydration } from "@angular/platform-browser";
import { authClient } from "./client.js";
import { followSession } from "./recipe.js";

/** The session that the server found, or null. */
export const INITIAL = new InjectionToken<any>("the initial session");

@Component({ selector: "app-root", template: `<b>{{ name() }}</b>` })
export class App {
  initial = inject(INITIAL);
  hydrated = authClient.hydrateSession(this.initial);
  session = followSession();
  name(): string {
    const { data, isPending } = this.session();
    return (isPending ? this.initial : data)?.user.name ?? "nobody";
  }
}

export const config = (initial: unknown): ApplicationConfig => ({
  providers: [provideZonelessChangeDetection(), provideClientHydration(), { provide: INITIAL, useValue: initial }],
});
