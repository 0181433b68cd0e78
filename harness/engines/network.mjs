// A network namespace with two links to this machine, so that one can be cut without a packet that tells of it.
import { execFileSync } from "node:child_process";

const asRoot = process.getuid() === 0 ? [] : ["sudo", "-n"];
const ip = (...args) => {
  const [command, ...rest] = [...asRoot, "ip", ...args];
  execFileSync(command, rest, { stdio: ["ignore", "ignore", "pipe"] });
};

/**
 * Creates a namespace. `via` runs a command in it; `inside` is its address; `near` and `far` are addresses of this machine as
 * it sees them. `cut()` takes the link to `far` down and `heal()` brings it back; packets are lost in silence meanwhile.
 */
export function createNamespace(number = process.pid % 200) {
  const name = `bs-${process.pid}-${number}`;
  const links = ["near", "far"].map((kind, at) => ({
    outer: `bs${process.pid % 100000}${kind[0]}${number % 10}`,
    inner: `${kind}0`,
    host: `10.${200 + at}.${number % 250}.1`,
    guest: `10.${200 + at}.${number % 250}.2`,
  }));
  ip("netns", "add", name);
  try {
    ip("-n", name, "link", "set", "lo", "up");
    for (const { outer, inner, host, guest } of links) {
      ip("link", "add", outer, "type", "veth", "peer", "name", inner, "netns", name);
      ip("addr", "add", `${host}/24`, "dev", outer);
      ip("link", "set", outer, "up");
      ip("-n", name, "addr", "add", `${guest}/24`, "dev", inner);
      ip("-n", name, "link", "set", inner, "up");
    }
  } catch (error) {
    ip("netns", "del", name);
    throw error;
  }
  const [near, far] = links;
  return {
    via: [...asRoot, "ip", "netns", "exec", name],
    inside: near.guest,
    near: near.host,
    far: far.host,
    cut: () => ip("link", "set", far.outer, "down"),
    heal: () => ip("link", "set", far.outer, "up"),
    remove: () => ip("netns", "del", name),
  };
}
