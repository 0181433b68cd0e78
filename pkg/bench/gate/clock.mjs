// A microsecond clock for a Worker, whose own clock has a resolution of milliseconds: this process writes the time into
// the Worker's memory without pause (/proc/<pid>/mem on Linux, which requires permission to trace workerd, as its parent has).
//
// Arguments: a process id and a hexadecimal marker. Finds the memory page that begins with the marker, prints "running" and
// writes the low 32 bits of its monotonic clock, in microseconds, to that page until it is killed.
import { closeSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { performance } from "node:perf_hooks";

const PAGE = 4096;
const AT_ONCE = 4 * 1024 * 1024;

const [pid, hex] = process.argv.slice(2);
const memory = openSync(`/proc/${pid}/mem`, "r+");
const address = find(Buffer.from(hex, "hex"));
console.log("running");
const word = Buffer.alloc(4);
try {
  for (;;) {
    word.writeInt32LE(Math.round(performance.now() * 1000) | 0);
    writeSync(memory, word, 0, 4, address);
  }
} catch {
  closeSync(memory); // workerd has ended
}

/** Returns the address of the writable page that begins with `marker`. */
function find(marker) {
  const chunk = Buffer.alloc(AT_ONCE);
  for (const [, from, to] of readFileSync(`/proc/${pid}/maps`, "latin1").matchAll(/^([0-9a-f]+)-([0-9a-f]+) rw/gm)) {
    const end = Number.parseInt(to, 16);
    for (let at = Number.parseInt(from, 16); at < end; at += AT_ONCE) {
      const length = read(chunk, Math.min(AT_ONCE, end - at), at);
      for (let page = 0; page < length; page += PAGE) {
        if (chunk.subarray(page, page + marker.length).equals(marker)) return at + page;
      }
    }
  }
  throw new Error("the Worker's page was not found");
}

function read(chunk, length, at) {
  try {
    return readSync(memory, chunk, 0, length, at);
  } catch {
    return 0; // an unreadable mapping
  }
}
