import { lookup as systemLookup } from "node:dns/promises";
import { BlockList, isIP, isIPv6 } from "node:net";
import type { Problem } from "#contract/api-errors.ts";
import type { SmtpSettings } from "#contract/providers.ts";

/** What the operator of the instance allows; a workspace cannot widen it. */
export interface SmtpHostRules {
  /** Also hosts of the private network and of this machine. */
  allowPrivateHosts: boolean;
  /** Ports besides those that mail uses. */
  extraPorts: readonly number[];
}

export interface HostAddress {
  address: string;
  family: 4 | 6;
}
export type LookUp = (host: string) => Promise<HostAddress[]>;

/** The host may not be used: somebody must name another one, or the operator must allow it. */
export class HostRefused extends Error {
  override name = "HostRefused";
}

const mailPorts: readonly number[] = [25, 465, 587, 2525];

const loopback = rangesOf(["127.0.0.0/8", "::1/128"]);
const privateNetworks = rangesOf(["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"]);
/**
 * Never a mail server: this network, link-local (the metadata service of cloud machines), protocol assignments,
 * documentation, benchmarks, multicast, reserved; and IPv6 forms that carry an IPv4 address inside (mapped, compatible,
 * NAT64, Teredo, 6to4), which would pass for public and arrive somewhere else.
 */
const never = rangesOf([
  ...["0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24"],
  ...["203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"],
  ...["::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32"],
  ...["2002::/16", "3fff::/20", "fe80::/10", "fec0::/10", "ff00::/8"],
]);

/** What can be said of the settings without asking DNS; all of it. Paths are those of the provider's request. */
export function smtpHostProblems(settings: SmtpSettings, rules: SmtpHostRules): Problem[] {
  const problems: Problem[] = [];
  const host = bareHost(settings.host);
  // Mail catchers of developers listen where they like, on the machine itself.
  const isCatcher = rules.allowPrivateHosts && settings.port >= 1024 && isThisMachine(host);
  if (!isCatcher && !mailPorts.includes(settings.port) && !rules.extraPorts.includes(settings.port)) {
    const allowed = [...mailPorts, ...rules.extraPorts].join(", ");
    problems.push({ path: "settings.port", message: `Port ${settings.port} is not a mail port. Allowed are ${allowed}.` });
  }
  if (/[\s/@?#%:]/.test(isIPv6(host) ? "" : host) || host === "") {
    problems.push({ path: "settings.host", message: "The host is a name or an address only, such as smtp.example.com" });
  } else if (isIP(host) !== 0) {
    const refusal = addressRefusal(host, settings.security, rules);
    if (refusal) problems.push(refusal);
  } else if (settings.security === "none" && !isThisMachine(host)) {
    problems.push({ path: "settings.security", message: unencryptedOnlyLocal });
  }
  return problems;
}

/**
 * The addresses to connect to, every one of them checked. The caller connects to these and asks DNS no second time, so
 * an answer that changes in between changes nothing. One bad answer among good ones refuses the host.
 */
export async function resolveSmtpHost(settings: SmtpSettings, rules: SmtpHostRules, lookUp: LookUp = systemLookUp): Promise<HostAddress[]> {
  const [problem] = smtpHostProblems(settings, rules);
  if (problem) throw new HostRefused(problem.message);
  const host = bareHost(settings.host);
  const family = isIP(host);
  // Names that look like numbers (127.1, 0x7f000001) are no literals to Node; the resolver turns them into one.
  const addresses = family === 0 ? await lookUp(host) : [{ address: host, family: family as 4 | 6 }];
  for (const { address } of addresses) {
    const refusal = addressRefusal(address, settings.security, rules);
    if (refusal) throw new HostRefused(`${host} cannot be used. ${refusal.message}`);
  }
  return addresses;
}

const unencryptedOnlyLocal =
  "Without encryption the password and every message could be read on the way: only for a server on this machine.";

function addressRefusal(address: string, security: SmtpSettings["security"], rules: SmtpHostRules): Problem | undefined {
  const local = isLoopback(address);
  // A zone (fe80::1%eth0) names an interface of this machine: link-local, and unknown to the lists below.
  if (isIP(address) === 0 || address.includes("%") || (!local && contains(never, address))) {
    return { path: "settings.host", message: "This address is not one that a mail server can have." };
  }
  if ((local || contains(privateNetworks, address)) && !rules.allowPrivateHosts) {
    const message = "It is in a private network. The operator of this instance can allow that with ALLOW_PRIVATE_HOSTS=true.";
    return { path: "settings.host", message };
  }
  return security === "none" && !local ? { path: "settings.security", message: unencryptedOnlyLocal } : undefined;
}

const systemLookUp: LookUp = async (host) =>
  (await systemLookup(host, { all: true })).map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));

/** As people type it: [::1] in brackets, a name with the root's dot at its end. */
export const bareHost = (host: string): string => host.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");

const isThisMachine = (host: string): boolean => /(^|\.)localhost$/i.test(host) || (isIP(host) !== 0 && isLoopback(host));

const isLoopback = (address: string): boolean => contains(loopback, address);

/**
 * A list for each family, because Node's own list takes an IPv4 address and its IPv6-mapped form for the same: the rule
 * against mapped addresses would refuse every IPv4 address there is.
 */
interface Ranges {
  v4: BlockList;
  v6: BlockList;
}

function contains(ranges: Ranges, address: string): boolean {
  return isIPv6(address) ? ranges.v6.check(address, "ipv6") : ranges.v4.check(address, "ipv4");
}

function rangesOf(networks: string[]): Ranges {
  const ranges = { v4: new BlockList(), v6: new BlockList() };
  for (const text of networks) {
    const [network = "", prefix] = text.split("/");
    if (isIPv6(network)) ranges.v6.addSubnet(network, Number(prefix), "ipv6");
    else ranges.v4.addSubnet(network, Number(prefix), "ipv4");
  }
  return ranges;
}
