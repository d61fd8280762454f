import { describe, expect, test } from "vitest";
import { addressBucket, createClientAddress } from "./client-address.ts";

describe("the address of a caller", () => {
  const direct = createClientAddress([]);
  const proxied = createClientAddress(["10.0.0.0/8", "2001:db8:ffff::1"]);

  test("is the socket's, whatever X-Forwarded-For says, when no proxy is trusted", () => {
    expect(direct("203.0.113.7", "198.51.100.1")).toBe("203.0.113.7");
    expect(direct("127.0.0.1", "198.51.100.1")).toBe("127.0.0.1");
  });

  test("is the socket's when the peer is not one of the trusted proxies", () => {
    expect(proxied("203.0.113.7", "198.51.100.1")).toBe("203.0.113.7");
  });

  test("is the rightmost hop that is not a trusted proxy: what stands left of it was written by the caller", () => {
    expect(proxied("10.0.0.5", "1.1.1.1, 198.51.100.1, 10.9.9.9")).toBe("198.51.100.1");
    expect(proxied("2001:db8:ffff::1", "198.51.100.1")).toBe("198.51.100.1");
  });

  test("is the proxy's own when the chain cannot be read", () => {
    expect(proxied("10.0.0.5", "198.51.100.1, nonsense")).toBe("10.0.0.5");
    expect(proxied("10.0.0.5", "10.1.1.1, 10.2.2.2")).toBe("10.0.0.5");
  });

  test("is the IPv4 address behind a mapped one, also for proxies", () => {
    expect(direct("::ffff:203.0.113.7", undefined)).toBe("203.0.113.7");
    expect(direct("::ffff:cb00:7107", undefined)).toBe("203.0.113.7");
    expect(proxied("::ffff:10.0.0.5", "198.51.100.1")).toBe("198.51.100.1");
  });

  test("a proxy that is no address is refused at start", () => {
    expect(() => createClientAddress(["proxy.internal"])).toThrow('"proxy.internal" is not an address');
  });
});

describe("what limits count by", () => {
  test("is the address for IPv4, mapped or not", () => {
    expect(addressBucket("203.0.113.7")).toBe("203.0.113.7");
    expect(addressBucket("::ffff:203.0.113.7")).toBe("203.0.113.7");
  });

  test("is the /64 for IPv6, however the address is written", () => {
    const bucket = "2001:db8:1:2::/64";
    for (const address of ["2001:db8:1:2::1", "2001:0db8:0001:0002:ffff:ffff:ffff:ffff", "2001:DB8:1:2:0:0:0:5%eth0"]) {
      expect(addressBucket(address)).toBe(bucket);
    }
    expect(addressBucket("2001:db8:1:3::1")).not.toBe(bucket);
  });
});
