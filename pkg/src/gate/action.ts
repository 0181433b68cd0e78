/** Actions, as gate.wasm decides them. */
import type { ActionLine, SessionSource } from "../protocol/messages.js";
import type { GateVerdict } from "./types.js";

export type { SessionSource };

/**
 * The next thing to do. `rest` is the text after the line, which most requests never need to parse: a body or a verdict. The lookups
 * add `answer`, the body of the origin's response, and `byOrigin` if the origin should respond because it renews the cookies. `read`
 * returns the verdict of a remembered action.
 */
export type Action = ActionLine & { rest: string; answer?: string; byOrigin?: boolean; read?: () => GateVerdict };

/** One kind of action. */
type ActionOf<Kind extends Action["do"]> = Extract<Action, { do: Kind }>;

export type AnswerAction = ActionOf<"answer">;
export type ForwardAction = ActionOf<"forward">;
export type AskAction = ActionOf<"ask">;
export type ProbeAction = ActionOf<"probe">;
export type NextAction = ActionOf<"next">;
export type DenyAction = ActionOf<"deny">;

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
