/** The fetch plugin that follows `{ redirect: true, url }`, as social sign-in answers; never to a scheme that runs script. */
import type { FetchPlugin } from "./options.js";

/** Follows `{ redirect: true, url }`, as social sign-in answers; never to a scheme that runs script. */
export const redirectPlugin: FetchPlugin = {
  id: "redirect",
  name: "Redirect",
  hooks: {
    onSuccess({ data }) {
      if (data?.redirect && data.url && typeof window !== "undefined" && window.location) {
        const url = new URL(data.url, location.href);
        if (!/^(javascript|data|vbscript):/.test(url.protocol)) location.href = url.href;
      }
    },
  },
};
