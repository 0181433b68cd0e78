/** The client's program for React Native, whose engine has no WebAssembly. */
import { provideClient } from "./client.js";
import { startJavaScript } from "./client-javascript.js";

provideClient(async () => startJavaScript());
