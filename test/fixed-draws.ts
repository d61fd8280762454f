import fc from "fast-check";

/** PROPERTY_SEED fixes what fast-check draws. A commit is judged by what it changed, so CI draws the same every time. */
const seed = process.env.PROPERTY_SEED;
if (seed) fc.configureGlobal({ seed: Number(seed) });
