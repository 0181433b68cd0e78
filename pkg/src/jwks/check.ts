/** The result of a key set's check for gate.wasm and inspect.wasm: the value if it is valid, else "" and the number of a rejection. */
export interface KeySetCheck {
  valid: string;
  number: number;
}

/** The check if none was made: `unknown_key`. */
export const UNCHECKED: KeySetCheck = { valid: "", number: 0 };
