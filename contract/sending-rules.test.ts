import { describe, expect, test } from "vitest";
import { GivenSendingRules, readSendingRules, usualSendingRules } from "./sending-rules.ts";

const withAddresses = (...addresses: string[]) => ({ ...usualSendingRules, sandbox: { on: true, addresses } });

describe("the addresses of the sandbox", () => {
  test("are refused where messages never go to them, each by name", () => {
    const { error } = GivenSendingRules.safeParse(withAddresses("(202) 555-0134", "me@example.com", "Ann Lee"));
    expect(error?.issues.map(({ path, message }) => [path.join("."), message])).toEqual([
      ["sandbox.addresses", expect.stringContaining("“2025550134”")],
      ["sandbox.addresses", expect.stringContaining("“AnnLee”")],
    ]);
  });

  test("are kept as messages go to them", () => {
    const { data } = GivenSendingRules.safeParse(withAddresses("+1 (415) 555-0100", " me@bücher.de "));
    expect(data?.sandbox.addresses).toEqual(["+14155550100", "me@xn--bcher-kva.de"]);
  });

  test("that were stored before hold, whatever stands among them: nobody else is written to", () => {
    expect(readSendingRules(withAddresses("Ann Lee")).sandbox.on).toBe(true);
  });
});
