/** The path that the identity of a Next.js app's visitor is bound to: a server component cannot know its own. No URL has this one. */
export const IDENTITY_PATH = "better-session/next";
