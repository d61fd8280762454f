import { BlockList, isIP } from "node:net";

/**
 * Finds the address of the client. A caller cannot invent the address of the socket. `X-Forwarded-For` is therefore
 * read only when the socket belongs to a proxy that the operator named, and it is read from the right: the first hop
 * that is not one of those proxies is the client. The caller may have written everything left of it.
 */
export function createClientAddress(
  trustedProxies: readonly string[],
): (socket: string | undefined, forwardedFor: string | undefined) => string {
  const isProxy = createProxyTest(trustedProxies);

  return (socket, forwardedFor) => {
    const peer = unmap(socket ?? "");
    if (isIP(peer) === 0) return "0.0.0.0";
    if (!isProxy(peer) || !forwardedFor) return peer;
    const hops = forwardedFor.split(",").map((hop) => unmap(hop.trim()));
    for (const hop of hops.reverse()) {
      // A hop that is not an address ends the part of the chain that can be trusted.
      if (isIP(hop) === 0) return peer;
      if (!isProxy(hop)) return hop;
    }
    return peer;
  };
}

/** Whether an address, of a socket or of a hop, is one of the proxies that the operator named. */
export function createProxyTest(trustedProxies: readonly string[]): (address: string) => boolean {
  const proxies = toBlockList(trustedProxies);
  return (given) => {
    const address = unmap(given);
    return isIP(address) !== 0 && proxies.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
  };
}

/**
 * The address that limits count by: the whole address for IPv4 and the /64 for IPv6, because one customer of a network
 * provider has at least a /64.
 */
export function addressBucket(address: string): string {
  const plain = unmap(address);
  if (isIP(plain) !== 6) return plain;
  return `${expand(plain).slice(0, 4).join(":")}::/64`;
}

/** A dual-stack socket shows IPv4 callers as ::ffff:192.0.2.1. Without this they would all share one /64. */
function unmap(address: string): string {
  const withoutZone = address.split("%")[0] ?? "";
  if (isIP(withoutZone) !== 6) return withoutZone;
  const groups = expand(withoutZone);
  const isMapped = groups.slice(0, 5).every((group) => group === "0") && groups[5] === "ffff";
  if (!isMapped) return withoutZone;
  const [high, low] = [Number.parseInt(groups[6] ?? "0", 16), Number.parseInt(groups[7] ?? "0", 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** The eight groups of an IPv6 address, without leading zeros. */
function expand(address: string): string[] {
  const [left = "", right] = dottedToHex(address.toLowerCase()).split("::");
  const head = left === "" ? [] : left.split(":");
  const tail = right === undefined || right === "" ? [] : right.split(":");
  const zeros = right === undefined ? [] : Array<string>(8 - head.length - tail.length).fill("0");
  return [...head, ...zeros, ...tail].map((group) => group.replace(/^0+(?=.)/, ""));
}

function dottedToHex(address: string): string {
  return address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a: string, b: string, c: string, d: string) =>
    [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)].map((group) => group.toString(16)).join(":"),
  );
}

function toBlockList(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = "", prefix] = entry.split("/");
    const version = isIP(address);
    if (version === 0) throw new Error(`"${entry}" is not an address or a range: write trusted proxies as 10.0.0.5 or 10.0.0.0/8.`);
    const family = version === 6 ? "ipv6" : "ipv4";
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}
