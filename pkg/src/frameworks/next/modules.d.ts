/** The parts of Next.js that are used here. It is an optional peer, and too large to install for two types. */
declare module "next/server.js" {
  export const NextResponse: { next(init: { request: { headers: Headers } }): Response };
}
declare module "next/headers.js" {
  export function headers(): Promise<{ get(name: string): string | null }>;
}
