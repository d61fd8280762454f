// A spreadsheet runs a cell that begins with one of these signs as a formula. An apostrophe in front makes it text, and
// reading takes exactly one away, also from a text that began with an apostrophe by itself: so a value comes back as it was.
const formula = /^'*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;
const guarded = /^'+[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;
/** A telephone number or a number: no formula, and other systems do not read it with an apostrophe. */
const number = /^(\+\d{4,15}|-?\d+([.,]\d+)?)$/;

/** The value as a cell that no spreadsheet runs. */
export const guardedCell = (value: string): string => (formula.test(value) && !number.test(value) ? `'${value}` : value);

/** The value of a cell without the guard. */
export const unguarded = (cell: string): string => (guarded.test(cell) ? cell.slice(1) : cell);
