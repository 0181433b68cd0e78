#!/usr/bin/env node
// The command line: `npx better-session inspect` and `npx better-session doctor <origin>`.
import "../dist/index.js";
import "../dist/explain.js";
import { main } from "../dist/lib/cli/main.js";

process.exitCode = await main(process.argv.slice(2));
