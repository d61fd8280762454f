/** A value that a flow asked for, as people read it. */
export const valueText = (value: string | number | boolean): string => (value === true ? "Yes" : value === false ? "No" : String(value));
