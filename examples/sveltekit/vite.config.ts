import adapter from "@sveltejs/adapter-node";
import { sveltekit } from "@sveltejs/kit/vite";
import { defineConfig } from "vite";

// The address under which visitors call the site. Without it SvelteKit assumes https, and refuses forms that are sent over http.
const origin = process.env.BETTER_AUTH_URL ?? "http://localhost:8787";

export default defineConfig({ plugins: [sveltekit({ adapter: adapter(), paths: { origin } })] });
