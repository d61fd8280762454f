import { isIP } from "node:net";
import { classifyAddress } from "#channels/address-class.ts";
import { bareHost } from "#channels/host-look-up.ts";
import type { HttpRules } from "#channels/http/http-rules.ts";
import type { Db } from "#db/client.ts";
import { findSealedSecrets, workspaceSecretPlace } from "#db/queries/workspace-secrets.ts";
import { type SecretBox, SecretUnreadable } from "#db/secret-box.ts";
import type { HttpRequest } from "#engine/flow/node-executor.ts";

/** The reason, for the author of the flow, why the secrets of a request may not be sent. */
export class SecretWithheld extends Error {
  override name = "SecretWithheld";
}

/**
 * Opens the secrets that the headers of a request name, if each of them may go to the host of the request.
 *
 * @throws SecretWithheld if one is not stored, cannot be opened, or may not be sent to this host or without encryption.
 */
export async function readSecrets(
  options: { db: Db; box: SecretBox; rules: HttpRules },
  workspaceId: string,
  request: HttpRequest,
): Promise<ReadonlyMap<string, string>> {
  const names = [
    ...new Set(request.headers.flatMap(({ value }) => value.flatMap((part) => (typeof part === "string" ? [] : part.secret)))),
  ];
  if (names.length === 0) return new Map();
  const stored = new Map((await findSealedSecrets(options.db, { workspaceId, names })).map((secret) => [secret.name, secret]));
  const missing = names.filter((name) => !stored.has(name));
  if (missing.length > 0) {
    throw new SecretWithheld(
      `The workspace has no secret "${missing.join('", "')}". Store it in the settings, or take it out of the headers.`,
    );
  }
  const url = URL.parse(request.url);
  for (const { name, hosts } of stored.values()) checkHost(url, name, hosts, options.rules);
  try {
    return new Map(
      [...stored.values()].map(({ name, secret }) => [name, options.box.open(workspaceSecretPlace({ workspaceId, name }), secret)]),
    );
  } catch (error) {
    if (error instanceof SecretUnreadable) throw new SecretWithheld(error.message);
    throw error;
  }
}

/** A host without a port stands for the usual port of its scheme. The host of an address is part of the flow, not of the data. */
function checkHost(url: URL | null, name: string, hosts: readonly string[], { allowPrivateHosts }: HttpRules): void {
  if (!hosts.some((host) => host === url?.host)) {
    const may = hosts.length === 0 ? "It may be sent to no host yet." : `It may be sent to ${hosts.join(", ")}.`;
    throw new SecretWithheld(
      `The secret "${name}" was not sent to ${url?.host ?? "this address"}. ${may} An admin can store it again with other hosts, in the settings.`,
    );
  }
  if (url?.protocol !== "https:" && !(allowPrivateHosts && isOfPrivateNetwork(bareHost(url?.hostname ?? "")))) {
    throw new SecretWithheld(`The secret "${name}" was not sent, because the address is not encrypted. Begin it with https://.`);
  }
}

/** Whether a host is one of the operator's own network by its very name, so that a call to it does not cross the internet. */
const isOfPrivateNetwork = (host: string): boolean =>
  isIP(host) === 0
    ? /^[^.]+$|\.(localhost|local|internal|home\.arpa)$/.test(host)
    : ["private", "loopback"].includes(classifyAddress(host));

/** Some servers repeat the headers of a request in their answer: as they came, as JSON, in an address or encoded. */
export function withoutSecrets(text: string, secrets: Iterable<string>): string {
  let left = text;
  for (const secret of secrets) {
    for (const spelling of spellingsOf(secret)) left = left.replaceAll(spelling, "•••");
  }
  return left;
}

function spellingsOf(secret: string): string[] {
  const plain = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];
  // An encoded text of a few signs is found everywhere by chance.
  if (secret.length < 8) return plain;
  const hex = Buffer.from(secret).toString("hex");
  // Base64 looks different by what stands before: its characters depend on the place modulo 3, and the outer ones on the neighbours.
  const inBase64 = [0, 1, 2].map((before) => {
    const encoded = Buffer.from("\0".repeat(before) + secret)
      .toString("base64")
      .replace(/=+$/, "");
    return encoded.slice(Math.ceil((before * 4) / 3), (secret.length + before) % 3 === 0 ? undefined : -1);
  });
  const inUrls = inBase64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"));
  return [...plain, hex, hex.toUpperCase(), ...inBase64, ...inUrls].sort((a, b) => b.length - a.length);
}
