// The globals of an app in Hermes: network, cookies and timers are the host's, as in React Native; fetch, AbortController and URL are the
// packages that React Native and Expo use.
import "./host.mjs";
import "whatwg-fetch";
import { AbortController, AbortSignal } from "abort-controller";
import { URL, URLSearchParams } from "whatwg-url-without-unicode";

Object.assign(globalThis, { AbortController, AbortSignal, URL, URLSearchParams });
