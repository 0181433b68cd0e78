/** Types of the platform that only `lib: ["DOM"]` declares, derived from the globals of whichever runtime's types are there. */

/** The argument of `new Headers()`. */
export type HeadersInput = NonNullable<ConstructorParameters<typeof Headers>[0]>;

/** A compiled `WebAssembly.Module`, or any object where no such type is declared. */
export type CompiledModule = typeof globalThis extends { WebAssembly: { Module: abstract new (...parts: never[]) => infer Module } }
  ? Module
  : object;

/** A JSON Web Key (RFC 7517): `kty` selects the members that hold the key. */
export interface JsonWebKey {
  kty?: string;
  alg?: string;
  use?: string;
  key_ops?: string[];
  ext?: boolean;
  crv?: string;
  x?: string;
  y?: string;
  n?: string;
  e?: string;
  d?: string;
  k?: string;
  p?: string;
  q?: string;
  dp?: string;
  dq?: string;
  qi?: string;
  oth?: { d?: string; r?: string; t?: string }[];
}
