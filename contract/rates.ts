/**
 * How many requests of a kind are answered in a minute. A route names its class; without one it is `read` for GET and
 * `write` for everything else. Requests that send messages count for the whole workspace, whoever makes them.
 */
export const rateClasses = {
  read: { requests: 600, seconds: 60, of: "caller" },
  write: { requests: 120, seconds: 60, of: "caller" },
  send: { requests: 30, seconds: 60, of: "workspace" },
  // A sender of a hundred parts a second has three reports on each of them.
  provider: { requests: 60_000, seconds: 60, of: "account" },
} as const satisfies Record<string, RateLimit>;

export interface RateLimit {
  requests: number;
  seconds: number;
  /** Whose requests are counted together: a person's or a key's, a workspace's, or those to a provider's account. */
  of: "caller" | "workspace" | "account";
}

export type RateClass = keyof typeof rateClasses;
