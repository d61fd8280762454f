/**
 * What a change says in the audit log: what is set now, and under `before` what it was. Fields that were sent as they were
 * are left out.
 */
export function changeDetails<T extends object>(before: object | undefined, change: T): Record<string, unknown> {
  const old = (before ?? {}) as Record<string, unknown>;
  const changed = Object.entries(change).filter(([key, value]) => value !== undefined && !isSame(value, old[key]));
  if (changed.length === 0) return {};
  return { before: Object.fromEntries(changed.map(([key]) => [key, old[key] ?? null])), ...Object.fromEntries(changed) };
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
