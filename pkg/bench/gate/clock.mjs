// A clock of microseconds for a Worker, whose own shows milliseconds: a process that writes the time into the Worker's
// memory without pause (/proc/<pid>/mem, Linux; whoever may trace workerd may do that, as its parent does).
//
// Called with a process id and a marker in hexadecimal, it looks for the page that begins with the marker, says "running"
// and writes the microseconds of its own monotonic clock there, 32 bits of them, until it is ended.
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

/** The address of the writable page that begins with `marker`. */
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
    return 0; // what is mapped for nobody to read
  }
}
