const uuids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** The ids that a value names anywhere. */
export const idsIn = (value: unknown): string[] => [
  ...new Set((JSON.stringify(value) ?? "").match(uuids)?.map((id) => id.toLowerCase()) ?? []),
];

/** The value with other ids in place of those that are known. */
export function withIds<T>(value: T, known: ReadonlyMap<string, string>): T {
  const json = JSON.stringify(value);
  if (json === undefined) return value;
  return JSON.parse(json.replace(uuids, (id) => known.get(id.toLowerCase()) ?? id));
}
