/** Allows only a path of this origin: "//elsewhere.example" or "javascript:" would mislead a person who just typed a password. */
export const safeReturn = (from: string | undefined): string => (from && /^\/(?![/\\])/.test(from) ? from : "/contacts");
