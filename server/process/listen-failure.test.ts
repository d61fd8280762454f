import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { checkListen, explainListenFailure } from "./listen-failure.ts";

test("a busy port is refused with a command that works", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  const { port } = other.address() as AddressInfo;
  try {
    const refusal: unknown = await checkListen("127.0.0.1", port).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "EADDRINUSE" });
    const advised = Number(String(refusal).match(/npm start -- --port (\d+)/)?.[1]);
    await expect(checkListen("127.0.0.1", advised)).resolves.toBeUndefined();
  } finally {
    other.close();
  }
});

test("an address that is not this machine's is refused by name", async () => {
  await expect(checkListen("192.0.2.1", 0)).rejects.toThrow("This machine has no address 192.0.2.1");
});

test("an error that has nothing to do with listening is handed back as it is", async () => {
  const error = new Error("something else");
  expect(await explainListenFailure(error, "127.0.0.1", 1)).toBe(error);
});
