import { lookup } from "node:dns/promises";

export interface HostAddress {
  address: string;
  family: 4 | 6;
}
export type LookUp = (host: string) => Promise<HostAddress[]>;

/** The host may not be used: somebody must name another one, or the operator must allow it. */
export class HostRefused extends Error {
  override name = "HostRefused";
}

export const systemLookUp: LookUp = async (host) =>
  (await lookup(host, { all: true })).map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));

/** As people type it: [::1] in brackets, a name with the root's dot at its end. */
export const bareHost = (host: string): string => host.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
