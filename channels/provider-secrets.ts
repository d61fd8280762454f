import type { ProviderDefinition } from "./provider-definition.ts";

export type Secrets = Record<string, string | undefined>;

/**
 * The secrets of a provider as one text to be encrypted; undefined when none was given. A single secret is stored as it
 * is, several as JSON. They are entered together: leaving one of several out loses it.
 */
export function secretsToText({ secrets }: ProviderDefinition, given: Secrets): string | undefined {
  const names = Object.keys(secrets.shape);
  const filled = names.filter((name) => given[name]);
  if (filled.length === 0) return undefined;
  const [only] = names;
  return names.length === 1 && only ? given[only] : JSON.stringify(Object.fromEntries(filled.map((name) => [name, given[name]])));
}

/** @throws SyntaxError when the stored text is not what `secretsToText` made for this provider. */
export function secretsFromText({ secrets }: ProviderDefinition, text: string | null): Secrets {
  if (text === null) return {};
  const names = Object.keys(secrets.shape);
  const [only] = names;
  if (names.length === 1 && only) return { [only]: text };
  return names.length === 0 ? {} : (JSON.parse(text) as Secrets);
}
