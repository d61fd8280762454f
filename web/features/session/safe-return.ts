/** Only a path of ours: "//elsewhere.example" and "javascript:" would lead a person who just typed a password astray. */
export const safeReturn = (from: string | undefined): string => (from && /^\/(?![/\\])/.test(from) ? from : "/contacts");
