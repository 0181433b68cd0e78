// Reads the CPU time of a process from /proc (Linux): user and system time of all threads.
import { readFileSync, readdirSync } from "node:fs";

const TICKS_PER_SECOND = 100;

export function cpuSeconds(pid) {
  const { fields } = stat(pid);
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND; // utime and stime, proc(5)
}

/** Returns the id of the child process with the given name. */
export function childNamed(name) {
  for (const pid of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      const { command, fields } = stat(pid);
      if (command === name && Number(fields[1]) === process.pid) return Number(pid);
    } catch {
      // The process has ended.
    }
  }
  throw new Error(`no child process named ${name}`);
}

/** Parses /proc/<pid>/stat. The command is in parentheses and may contain spaces; `fields` follow it. */
function stat(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  const [open, close] = [text.indexOf("("), text.lastIndexOf(")")];
  return { command: text.slice(open + 1, close), fields: text.slice(close + 2).split(" ") };
}
