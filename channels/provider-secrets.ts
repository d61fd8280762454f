import type { ProviderDefinition } from "./provider-definition.ts";

export type Secrets = Record<string, string | undefined>;

/**
 * The secrets of a provider after a change: one that is left out stays as it is stored, and an empty one is forgotten.
 * Undefined where nothing was given, so that nothing changes.
 */
export function changeSecrets(
  { secrets }: ProviderDefinition,
  { given, stored }: { given: Secrets; stored: Secrets },
): Secrets | undefined {
  const names = Object.keys(secrets.shape);
  if (names.every((name) => given[name] === undefined)) return undefined;
  return Object.fromEntries(names.flatMap((name) => ((given[name] ?? stored[name]) ? [[name, given[name] ?? stored[name]]] : [])));
}

/** The names of the secrets that are there. */
export const namesOfSecrets = (secrets: Secrets): string[] => Object.keys(secrets).filter((name) => secrets[name]);

/** The last four characters of the secrets that may be shown so far. A short secret would lose too much of itself. */
export function endsOfSecrets({ shownEnds = [] }: ProviderDefinition, secrets: Secrets): Record<string, string> {
  return Object.fromEntries(
    shownEnds.flatMap((name) => {
      const secret = secrets[name];
      return secret !== undefined && secret.length >= 16 ? [[name, secret.slice(-4)]] : [];
    }),
  );
}

/** The secrets that settings go with, of those that there are. */
export function secretsInUse(secrets: Secrets, uses: boolean | readonly string[]): Secrets {
  if (typeof uses === "boolean") return uses ? secrets : {};
  return Object.fromEntries(Object.entries(secrets).filter(([name]) => uses.includes(name)));
}

/**
 * The secrets of a provider as one text to be encrypted; undefined when there is none. A single secret is stored as it
 * is, several as JSON.
 */
export function secretsToText({ secrets, secretStoredAlone }: ProviderDefinition, given: Secrets): string | undefined {
  const names = Object.keys(secrets.shape);
  const filled = names.filter((name) => given[name]);
  if (filled.length === 0) return undefined;
  const [only] = filled;
  if (only && filled.length === 1 && (names.length === 1 || only === secretStoredAlone)) return given[only];
  return JSON.stringify(Object.fromEntries(filled.map((name) => [name, given[name]])));
}

/** @throws SyntaxError when the stored text is not what `secretsToText` made for this provider. */
export function secretsFromText({ secrets, secretStoredAlone }: ProviderDefinition, text: string | null): Secrets {
  if (text === null) return {};
  const names = Object.keys(secrets.shape);
  const [only] = names;
  if (names.length === 1 && only) return { [only]: text };
  if (names.length === 0) return {};
  if (secretStoredAlone === undefined) return JSON.parse(text) as Secrets;
  return readSeveral(text, names) ?? { [secretStoredAlone]: text };
}

/** Undefined for a text that is one secret as it is. */
function readSeveral(text: string, names: readonly string[]): Secrets | undefined {
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read !== "object" || read === null || Array.isArray(read)) return undefined;
    const isSeveral = Object.entries(read).every(([name, value]) => names.includes(name) && typeof value === "string");
    return isSeveral && Object.keys(read).length > 0 ? (read as Secrets) : undefined;
  } catch {
    return undefined;
  }
}
