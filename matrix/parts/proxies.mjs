// Forward authentication behind Debian's nginx and Caddy.
import { casesOf } from "../test-files.mjs";

export const title = "Proxies";
export const cases = casesOf("matrix/proxies", "nginx `auth_request` and Caddy `forward_auth`");
