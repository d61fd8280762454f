import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createSecretBox, SecretUnreadable } from "./secret-box.ts";

const masterKey = randomBytes(32);
const box = createSecretBox(masterKey);
const place = { workspaceId: "w1", table: "providers", row: "email", field: "secrets" };

describe("a sealed secret does not open", () => {
  const sealed = box.seal(place, "hunter2-hunter2");

  test.each([
    ["in another workspace", { ...place, workspaceId: "w2" }],
    ["in another table", { ...place, table: "webhooks" }],
    ["in another row", { ...place, row: "sms" }],
    ["in another field", { ...place, field: "settings" }],
    ["in a place whose names only look the same when joined", { ...place, workspaceId: 'w1","providers', table: "" }],
  ])("%s", (_where, elsewhere) => {
    expect(() => box.open(elsewhere, sealed)).toThrow(SecretUnreadable);
  });

  test("with any one character changed, and the error says nothing of the secret", () => {
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = sealed.slice(0, index) + (sealed[index] === "A" ? "B" : "A") + sealed.slice(index + 1);
      // The last base64url character may carry unused bits: then the bytes are the same and it must open to the same.
      if (Buffer.from(changed.split(".")[2] ?? "", "base64url").equals(Buffer.from(sealed.split(".")[2] ?? "", "base64url"))) {
        if (changed.startsWith(sealed.slice(0, 12))) continue;
      }
      let thrown: unknown;
      try {
        box.open(place, changed);
      } catch (error) {
        thrown = error;
      }
      expect(thrown, `character ${index}`).toBeInstanceOf(SecretUnreadable);
      expect(String(thrown)).not.toContain("hunter2");
    }
  });

  test.each(["", "v1", "v1.", "v1..", "v0.abcdefgh.AAAA", `${sealed.slice(0, 20)}`, sealed.slice(0, -8)])("cut to %j", (broken) => {
    expect(() => box.open(place, broken)).toThrow(SecretUnreadable);
  });

  test("with another master key, and says what to do", () => {
    expect(() => createSecretBox(randomBytes(32)).open(place, sealed)).toThrow(/another master key.*enter the secret anew/i);
  });
});

test("a master key of the wrong length is refused at once", () => {
  expect(() => createSecretBox(Buffer.alloc(16))).toThrow(/32 bytes/);
});

test.each(["", "a", "pässwörd 🔑 with \u0000 and \n", "x".repeat(100_000)])("what was sealed opens again (%#)", (secret) => {
  expect(box.open(place, box.seal(place, secret))).toBe(secret);
});

test("the same secret never looks the same twice, and is not to be seen", () => {
  const envelopes = new Set(Array.from({ length: 1000 }, () => box.seal(place, "the same secret")));
  expect(envelopes.size).toBe(1000);
  expect([...envelopes].join()).not.toContain("the same secret");
});

test("after the master key is replaced, what the old one sealed still opens and new secrets use the new one", () => {
  const newKey = randomBytes(32);
  const old = box.seal(place, "from before");
  const rotated = createSecretBox(newKey, masterKey);
  expect(rotated.open(place, old)).toBe("from before");
  const fresh = rotated.seal(place, "from after");
  expect(createSecretBox(newKey).open(place, fresh)).toBe("from after");
  expect(() => box.open(place, fresh)).toThrow(SecretUnreadable);
});
