// Starts a Better Auth server with its database and signs in a user. Prints its URL and the user's cookies.
import { SECRET, signUp, startOrigin } from "../../../harness/origin.mjs";

const origin = await startOrigin({ auth: { logger: { disabled: true } } });
const jar = await signUp(origin);
setInterval(() => (origin.requests.length = 0), 200).unref();
console.log(JSON.stringify({ url: origin.url, secret: SECRET, cookie: jar.header() }));
