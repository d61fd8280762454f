import { BlockList, isIP, isIPv6 } from "node:net";

/** How safe an IP address is for a program that connects to addresses which strangers choose. */
export type AddressClass =
  | "public"
  | "loopback"
  /** In a private network. The operator of the instance may allow it. */
  | "private"
  /** No request is ever sent there. */
  | "never";

const loopback = rangesOf(["127.0.0.0/8", "::1/128"]);
const privateNetworks = rangesOf(["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"]);
/**
 * Three kinds of ranges are never called. The first are this network, link-local, protocol assignments, documentation,
 * benchmarks, multicast and reserved ranges. The second are IPv6 forms that carry an IPv4 address inside (mapped,
 * compatible, NAT64, Teredo, 6to4): they look public and lead to another address. The third are the addresses at which
 * cloud machines fetch their own keys; some of them are in ranges that look public or private.
 */
const never = rangesOf([
  ...["0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24"],
  ...["203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"],
  ...["::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32"],
  ...["2002::/16", "3fff::/20", "fe80::/10", "fec0::/10", "ff00::/8"],
  ...["100.100.100.200/32", "168.63.129.16/32", "fd00:ec2::254/128"],
]);
/** The part of IPv6 that is assigned to networks. The rest is reserved. */
const globalUnicast = rangesOf(["2000::/3"]);

/** Classifies an address for mail servers, webhooks and every other host that a workspace may name. */
export function classifyAddress(address: string): AddressClass {
  // A zone (fe80::1%eth0) names an interface of this machine. The address is link-local, and the lists do not know zones.
  if (isIP(address) === 0 || address.includes("%")) return "never";
  if (contains(loopback, address)) return "loopback";
  if (contains(never, address)) return "never";
  if (contains(privateNetworks, address)) return "private";
  return isIPv6(address) && !contains(globalUnicast, address) ? "never" : "public";
}

/**
 * Each family has its own list. Node's BlockList treats an IPv4 address and its IPv6-mapped form as the same, so in one
 * list the rule against mapped addresses would refuse every IPv4 address.
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
