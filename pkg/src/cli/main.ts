/** The command line: explains a cookie, and compares a server with options. */
import { parseArgs } from "node:util";
import { BetterSessionError } from "../error.js";
import { doctor } from "./doctor.js";
import { inspect } from "./inspect.js";
import { readInput, readOptions } from "./input.js";

const USAGE = `usage: better-session inspect [FILE] [--options FILE] [--base-url URL]
       better-session doctor ORIGIN [FILE] [--options FILE] [--base-url URL]

inspect  explains a Cookie header, or a bare session_data value.
doctor   compares the behaviour of the Better Auth server at ORIGIN with the options. With the Cookie header of a signed-in
         visitor it compares the cookies too.

FILE        the cookie; without it, standard input. It is never an argument.
--options   a JSON file with the options of betterAuth or of the gate; without it, { "session": { "cookieCache": { "enabled": true } } }
--base-url  the option baseURL

The secret is read from the environment: BETTER_AUTH_SECRET or BETTER_AUTH_SECRETS. Exit code: 0, 1 if something differs or is
rejected, 2 for a wrong call.`;

/** Runs a command. Resolves to the exit code. */
export async function main(args: string[]): Promise<number> {
  try {
    const { positionals, values } = parseArgs({
      args,
      allowPositionals: true,
      options: { "options": { type: "string" }, "base-url": { type: "string" }, "help": { type: "boolean" } },
    });
    const [command, ...rest] = positionals;
    if (values.help) return print(USAGE, 0);
    const options = readOptions(values.options, values["base-url"]);
    if (command === "inspect" && rest.length <= 1) return inspect(readInput(rest[0]) ?? "", options, console.log);
    if (command === "doctor" && rest[0] && rest.length <= 2) return await doctor(rest[0], readInput(rest[1]), options, console.log);
    return print(USAGE, 2);
  } catch (error) {
    // An argument can be a secret that was typed in the wrong place: messages of the parser and of the file system quote it.
    if ((error as { code?: string }).code === "ENOENT") return print("better-session: a file that was named does not exist", 2);
    return print(error instanceof BetterSessionError ? `better-session: ${error.message}` : USAGE, 2);
  }
}

function print(text: string, exitCode: number): number {
  console.error(text);
  return exitCode;
}
