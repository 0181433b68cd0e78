"use server";
import { getVisitor } from "better-session/next";

/** Server actions read the visitor as pages do. The proxy has refused everybody without a session with a 401. */
export async function saveNote(text: string) {
  const { user } = await getVisitor();
  return `${text}, by ${user?.name}`;
}
