// Modules that a page imports by path run in Node as well: `/suite/…` is made relative.
import { register } from "node:module";

register(
  `data:text/javascript,${encodeURIComponent(`
  const suite = ${JSON.stringify(new URL("../suite/", import.meta.url).href)};
  export const resolve = (specifier, context, next) => next(specifier.startsWith("/suite/") ? suite + specifier.slice(7) : specifier, context);
`)}`,
  import.meta.url,
);
