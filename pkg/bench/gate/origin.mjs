// A Better Auth server on its real database with one person signed in. Prints where it is and that person's cookies.
import { SECRET, signUp, startOrigin } from "../../../harness/origin.mjs";

const origin = await startOrigin({ auth: { logger: { disabled: true } } });
const jar = await signUp(origin);
setInterval(() => (origin.requests.length = 0), 200).unref();
console.log(JSON.stringify({ url: origin.url, secret: SECRET, cookie: jar.header() }));
