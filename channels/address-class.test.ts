import { expect, test } from "vitest";
import { classifyAddress } from "./address-class.ts";

test.each([
  ...["0.0.0.0", "0.1.2.3", "169.254.169.254", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1"],
  ...["240.0.0.1", "255.255.255.255", "100.100.100.200", "168.63.129.16", "fd00:ec2::254"],
  ...["::", "::7f00:1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1"],
  ...["2001::1", "2001:0:4136:e378::", "2001:db8::1", "2002:7f00:1::", "3fff::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1"],
  ...["4000::1", "5f00::1", "a000::1", "f000::1", "127.1", "0x7f000001", "2130706433", "example.com", ""],
])("%s is never called", (address) => expect(classifyAddress(address)).toBe("never"));

test.each(["127.0.0.1", "127.255.255.254", "::1", "0:0:0:0:0:0:0:1"])("%s is this machine", (address) => {
  expect(classifyAddress(address)).toBe("loopback");
});

test.each(["10.0.0.1", "172.16.0.1", "172.31.255.254", "192.168.1.1", "100.64.0.1", "100.127.255.254", "fc00::1", "fd12:3456::1"])(
  "%s is of a private network",
  (address) => expect(classifyAddress(address)).toBe("private"),
);

test.each(["8.8.8.8", "1.1.1.1", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1", "126.255.255.255", "128.0.0.1"])(
  "%s is public",
  (address) => expect(classifyAddress(address)).toBe("public"),
);

test.each(["2001:4860:4860::8888", "2606:4700:4700::1111", "2a00:1450:4001::200e"])("%s is public", (address) => {
  expect(classifyAddress(address)).toBe("public");
});
