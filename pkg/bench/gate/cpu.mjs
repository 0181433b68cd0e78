// CPU time of a process from /proc (Linux): user and system, all its threads.
import { readFileSync, readdirSync } from "node:fs";

const TICKS_PER_SECOND = 100;

export function cpuSeconds(pid) {
  const { fields } = stat(pid);
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND; // utime and stime, proc(5)
}

/** The process that this one started under that name. */
export function childNamed(name) {
  for (const pid of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      const { command, fields } = stat(pid);
      if (command === name && Number(fields[1]) === process.pid) return Number(pid);
    } catch {
      // It has ended meanwhile.
    }
  }
  throw new Error(`no child process named ${name}`);
}

/** `fields` follow the command, which is in parentheses and may hold spaces. */
function stat(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  const [open, close] = [text.indexOf("("), text.lastIndexOf(")")];
  return { command: text.slice(open + 1, close), fields: text.slice(close + 2).split(" ") };
}
