import { describe, expect, test } from "vitest";
import { channels } from "#contract/messages.ts";
import type { ProviderDefinition } from "./provider-definition.ts";
import { secretsFromText, secretsToText } from "./provider-secrets.ts";
import { defaultProvider, findProvider, namesOfProvider, providers } from "./providers.ts";
import { namesThatStay, staysHere } from "./stays-here.ts";

describe("the list of providers", () => {
  test.each(channels)("keeps messages on %s on this machine until somebody chooses otherwise", (channel) => {
    expect(defaultProvider(channel).definition.staysHere).toBe(true);
  });

  test("reads the name that earlier versions stored, and writes the current one", () => {
    expect(findProvider("sms", "catch")?.name).toBe("capture");
    expect(staysHere("catch")).toBe(true);
    expect(namesOfProvider("capture").sort()).toEqual(["capture", "catch"]);
    expect(namesOfProvider("catch").sort()).toEqual(["capture", "catch"]);
  });

  test("does not know a provider of another channel or of no channel, and promises nothing about its messages", () => {
    expect(findProvider("sms", "smtp")).toBeUndefined();
    expect(findProvider("email", "constructor")).toBeUndefined();
    expect(staysHere("pigeon")).toBe(false);
    expect(namesOfProvider("pigeon")).toEqual(["pigeon"]);
  });

  test("names apart those that keep messages here, and no other", () => {
    const staying = channels.flatMap((channel) =>
      Object.entries<ProviderDefinition>(providers[channel]).flatMap(([name, { staysHere: stays, previousNames = [] }]) =>
        stays ? [name, ...previousNames] : [],
      ),
    );
    expect(new Set(staying)).toEqual(new Set(namesThatStay));
  });

  test("gives no name twice within a channel, previous names included", () => {
    for (const channel of channels) {
      const all = Object.entries<ProviderDefinition>(providers[channel]);
      const names = all.flatMap(([name, { previousNames = [] }]) => [name, ...previousNames]);
      expect(new Set(names).size).toBe(names.length);
    }
  });
});

describe("the secrets of a provider", () => {
  const { definition: smtp } = findProvider("email", "smtp") ?? {};
  if (!smtp) throw new Error("There is no SMTP.");
  const { secretStoredAlone: _, ...several } = smtp;

  test.each(["hunter2", "12345", '{"a":1}', "{}", "null", '["password"]'])(
    "are stored as they are when there is one, as earlier versions read it: %s",
    (password) => {
      expect(secretsToText(smtp, { password })).toBe(password);
      expect(secretsFromText(smtp, password)).toEqual({ password });
    },
  );

  test("of earlier versions stay what they were beside one that came later", () => {
    const text = secretsToText(smtp, { password: "hunter2", mailboxPassword: "b" });
    expect(secretsFromText(smtp, text ?? null)).toEqual({ password: "hunter2", mailboxPassword: "b" });
    const alone = secretsToText(smtp, { mailboxPassword: "b" });
    expect(secretsFromText(smtp, alone ?? null)).toEqual({ mailboxPassword: "b" });
  });

  test("are not there where none is", () => {
    expect(secretsFromText(smtp, null)).toEqual({});
    expect(secretsToText(smtp, { password: undefined })).toBeUndefined();
  });

  test("come back under their names when there are several", () => {
    const text = secretsToText(several, { password: "a", mailboxPassword: "b" });
    expect(secretsFromText(several, text ?? null)).toEqual({ password: "a", mailboxPassword: "b" });
  });
});
