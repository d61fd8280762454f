import { isIP } from "node:net";
import { classifyAddress } from "../address-class.ts";
import type { HostAddress } from "../host-look-up.ts";
import { bareHost, HostRefused } from "../host-look-up.ts";

/** The hosts that the operator of the instance allows. A workspace cannot widen this. */
export interface HttpRules {
  /** Hosts of the private network and of this machine are allowed too. */
  allowPrivateHosts: boolean;
  /** Allowed ports besides 80 and 443. */
  extraPorts: readonly number[];
}

export const publicOnly: HttpRules = { allowPrivateHosts: false, extraPorts: [] };

const webPorts: readonly number[] = [80, 443];

/**
 * Parses the address of a request as a browser does, so that 127.1, 0x7f000001 and full-width digits become the address
 * that they mean. A literal address is checked here, because the socket looks up only names.
 * @throws HostRefused
 */
export function checkUrl(text: string, rules: HttpRules): URL {
  const url = URL.parse(text);
  if (!url) throw new HostRefused("The address is not a complete one, such as https://example.com/path.");
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new HostRefused("Only addresses that begin with https:// or http:// are called.");
  if (url.username !== "" || url.password !== "")
    throw new HostRefused("A user name or password cannot stand in the address; use a header.");
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  if (!webPorts.includes(port) && !rules.extraPorts.includes(port)) {
    const allowed = [...webPorts, ...rules.extraPorts].join(", ");
    throw new HostRefused(
      `Port ${port} is not allowed. Allowed are ${allowed}; the operator of this instance can add others with HTTP_EXTRA_PORTS.`,
    );
  }
  const host = bareHost(url.hostname);
  if (host === "") throw new HostRefused("The address names no host.");
  if (isIP(host) !== 0) checkAddress(host, rules);
  return url;
}

/** Checks every address of a DNS answer. One refused address among allowed ones refuses the name.
 * @throws HostRefused
 */
export function checkAddresses(host: string, addresses: readonly HostAddress[], rules: HttpRules): void {
  if (addresses.length === 0) throw new HostRefused(`${host} has no address.`);
  for (const { address } of addresses) checkAddress(address, rules, host);
}

function checkAddress(address: string, rules: HttpRules, host = address): void {
  const found = classifyAddress(address);
  if (found === "never") throw new HostRefused(`${host} cannot be called: it is not an address of the web.`);
  if (found === "public" || rules.allowPrivateHosts) return;
  throw new HostRefused(
    `${host} cannot be called: it is in a private network. The operator of this instance can allow that with ALLOW_PRIVATE_HOSTS=true.`,
  );
}
