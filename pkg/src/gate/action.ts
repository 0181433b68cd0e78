/** Actions, as gate.wasm decides them. The members are those of `bindings/protocol/src/action.rs`. */

/** The actor that vouches for a session. */
export type SessionSource = "cookie" | "origin" | "grace";

/** Respond to `get-session` with the body in `rest`. */
export interface AnswerAction {
  do: "answer";
  /** The cache can be minted again here. */
  due?: boolean;
  rest: string;
}

/** Forward a call of the auth API to the origin. */
export interface ForwardAction {
  do: "forward";
  path: string;
  /** Leave the cache cookie out. */
  bare?: boolean;
  rest: string;
}

/** Look the session up at the origin. */
export interface AskAction {
  do: "ask";
  /** Path and query of the lookup. */
  path: string;
  /** Send a POST, which carries out a deferred refresh. */
  post?: boolean;
  rest: string;
}

/** Request the origin's health check. */
export interface ProbeAction {
  do: "probe";
  path: string;
  rest: string;
}

/** Hand the request to the app. */
export interface NextAction {
  do: "next";
  path: string;
  /** Absent on a public path, where nobody vouches for the visitor. */
  source?: SessionSource;
  /** The cache can be minted again here. */
  due?: boolean;
  /** The verdict as JSON; "" on a public path. */
  rest: string;
}

/** Reject the request. */
export interface DenyAction {
  do: "deny";
  status: number;
  code: string;
  message: string;
  /** The sign-in page, for a redirect. */
  location?: string;
  /** The verdict as JSON, or "". */
  rest: string;
}

/** The next thing to do. `rest` is text that most requests never need to parse. */
export type Action = AnswerAction | ForwardAction | AskAction | ProbeAction | NextAction | DenyAction;

/** An action that needs no further lookup. */
export type FinalAction = AnswerAction | ForwardAction | NextAction | DenyAction;

/** By far the most frequent action. It needs no parsing. */
const ANSWER = '{"do":"answer"}\n';

/** Parses an action: a line of JSON, and `rest`. */
export function parseAction(text: string): Action {
  if (text.startsWith(ANSWER)) return { do: "answer", rest: text.slice(ANSWER.length) };
  const lineBreak = text.indexOf("\n");
  const action = JSON.parse(text.slice(0, lineBreak)) as Action;
  action.rest = text.slice(lineBreak + 1);
  return action;
}
