#!/usr/bin/env bash
# redis (node-redis) 6.3.1: `socket.socketTimeout` also counts the time in which the client has nothing to send, and the default
# reconnectStrategy does not reconnect after it. A healthy client that is idle for that long is closed for good: isOpen is false.
# With `pingInterval`, or a reconnectStrategy of one's own, it goes on. Needs redis-server.
set -euo pipefail
folder=$(mktemp -d)
redis-server --port 0 --unixsocket "$folder/redis.sock" --save "" --dir "$folder" >"$folder/redis.log" &
server=$!
trap 'kill "$server"; rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact redis@6.3.1
cat >case.mjs <<'PROGRAM'
import { createClient } from "redis";
const cases = {
  "default": {}, "pingInterval 200": { pingInterval: 200 }, "reconnectStrategy 50": { socket: { reconnectStrategy: 50 } },
};
for (const [name, options] of Object.entries(cases)) {
  const client = createClient({ ...options, socket: { path: process.cwd() + "/redis.sock", socketTimeout: 1000, ...options.socket } });
  client.on("error", () => {});
  await client.connect();
  await new Promise((resolve) => setTimeout(resolve, 2500));
  const answer = await client.ping().catch((error) => error.constructor.name);
  console.log(`${name}: open ${client.isOpen}, ping ${answer}`);
  if (client.isOpen) client.destroy();
}
PROGRAM
seen=$(node case.mjs)
echo "$seen"
[ "$seen" = "default: open false, ping ClientClosedError
pingInterval 200: open true, ping PONG
reconnectStrategy 50: open true, ping PONG" ]
