// The adapters: each example, built and started with the real framework.
import { casesOf } from "../test-files.mjs";

export const title = "Frameworks";
const what = "the example, in front of a real server";
export const cases = [...casesOf("pkg/test/frameworks", what), ...casesOf("matrix/frameworks", what)];
