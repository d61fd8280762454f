import { lookup } from "node:dns/promises";

export interface HostAddress {
  address: string;
  family: 4 | 6;
}
export type LookUp = (host: string) => Promise<HostAddress[]>;

/** The host may not be used. The author must name another one, or the operator must allow this one. */
export class HostRefused extends Error {
  override name = "HostRefused";
}

export const systemLookUp: LookUp = async (host) =>
  (await lookup(host, { all: true })).map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));

/** Removes what people type around a host: the brackets of [::1], and the root's dot at the end of a name. */
export const bareHost = (host: string): string => host.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
