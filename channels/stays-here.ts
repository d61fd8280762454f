/**
 * Every name under which a message is stored that never left this machine: the current name first. It stands apart from the
 * list of providers because every page of the browser asks, and needs none of the schemas there for it.
 */
export const namesThatStay = ["capture", "catch"] as const;

/** Whether messages by this provider never leave this machine. Those of an unknown provider may leave it. */
export const staysHere = (provider: string): boolean => namesThatStay.some((name) => name === provider);
