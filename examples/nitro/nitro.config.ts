import { defineNitroConfig } from "nitro/config";

export default defineNitroConfig({ compatibilityDate: "2026-04-01" });
