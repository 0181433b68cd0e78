import { App, config } from "./app.js";
import { provideServerRendering, renderApplication } from "@angular/platform-server";
import { bootstrapApplication } from "@angular/platform-browser";

/** Returns the HTML of the page for a session. */
export const render = (initial: unknown) => {
  const { providers } = config(initial);
  const app = { providers: [provideServerRendering(), ...providers] };
  const document = "<!doctype html><html><head><title>app</title></head><body><app-root></app-root></body></html>";
  return renderApplication((context: any) => bootstrapApplication(App, app, context), {
    document,
    url: "http://app.example/",
    allowedHosts: ["app.example"],
  });
};
