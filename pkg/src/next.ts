/** `better-session/next`: the gate as the proxy of a Next.js app, and the visitor in its server code. */
export { sessionProxy, type ProxyHandler, type SessionProxyContext } from "./frameworks/next/proxy.js";
export { getVisitor, type NextVisitor } from "./frameworks/next/visitor.js";
