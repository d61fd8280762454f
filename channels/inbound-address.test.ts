import { expect, test } from "vitest";
import { callableAddress } from "./inbound-address.ts";

test("a provider on the internet is not asked to report to an address that only this machine has", () => {
  for (const host of ["localhost:3000", "127.0.0.1:3000", "127.1.2.3", "[::1]:3000", "sluice.localhost"]) {
    expect(callableAddress(`http://${host}/api`, undefined), host).toBeUndefined();
    expect(callableAddress(`http://${host}/api`, "http://127.0.0.1:9"), host).toBe(`http://${host}/api`);
  }
  expect(callableAddress("https://sluice.example.com/api", undefined)).toBe("https://sluice.example.com/api");
  expect(callableAddress(undefined, undefined)).toBeUndefined();
});
