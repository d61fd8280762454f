/** The JSON of a column. It is read parsed and written as text (JSON.stringify), so that an array never turns into a Postgres array by accident. */
// biome-ignore lint/suspicious/noExplicitAny: what a JSON column holds is parsed by a schema where it is read.
export type Json = any;
