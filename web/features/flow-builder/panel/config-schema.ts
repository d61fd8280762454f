/** A schema of settings as JSON Schema tells it, as far as settings of steps use it. */
export interface ConfigSchema {
  type?: string | string[];
  properties?: Record<string, ConfigSchema>;
  required?: string[];
  items?: ConfigSchema;
  oneOf?: ConfigSchema[];
  anyOf?: ConfigSchema[];
  enum?: (string | number)[];
  const?: string | number;
  default?: unknown;
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
}

/** What kind of control a place needs. */
export type Control =
  | { kind: "variants"; key: string; variants: ConfigSchema[] }
  | { kind: "object" }
  | { kind: "list"; item: ConfigSchema }
  | { kind: "scalars"; item: ConfigSchema | undefined }
  | { kind: "weekdays" | "dates" | "choice" | "switch" | "seconds" | "number" | "time" | "text" | "flow" | "flows" | "step" | "fixed" };

export function controlOf(schema: ConfigSchema, key: string): Control {
  if (schema.const !== undefined) return { kind: "fixed" };
  if (schema.oneOf) return { kind: "variants", key: tagOf(schema.oneOf), variants: schema.oneOf };
  if (key === "flowId") return { kind: "flow" };
  if (key === "flowIds") return { kind: "flows" };
  if (key === "target") return { kind: "step" };
  if (schema.properties) return { kind: "object" };
  if (schema.type === "array") {
    if (schema.items?.minimum === 1 && schema.items.maximum === 7) return { kind: "weekdays" };
    if (schema.items && memberFor(schema.items, {}).properties) return { kind: "list", item: schema.items };
    return { kind: "scalars", item: schema.items };
  }
  if (schema.enum) return { kind: "choice" };
  if (schema.type === "boolean") return { kind: "switch" };
  if (schema.type === "integer" || schema.type === "number") return { kind: key.endsWith("Seconds") ? "seconds" : "number" };
  return { kind: (key === "time" || key === "from" || key === "to") && isTime(schema) ? "time" : "text" };
}

/**
 * The one of the schemas of a place that a value is written by. Tests and groups of them stand in one list, and are told apart
 * by their keys.
 */
export function memberFor(schema: ConfigSchema, value: unknown): ConfigSchema {
  const members = schema.anyOf?.filter(({ properties }) => properties) ?? [];
  const keys = typeof value === "object" && value !== null ? Object.keys(value) : [];
  return members.find(({ properties = {} }) => keys.every((key) => Object.hasOwn(properties, key))) ?? members[0] ?? schema;
}

const isTime = ({ pattern, anyOf }: ConfigSchema): boolean => pattern?.includes("[0-5]") === true || (anyOf?.some(isTime) ?? false);

/** The key by which the variants of a choice are told apart: the one that has another constant in each. */
export function tagOf(variants: readonly ConfigSchema[]): string {
  const [first] = variants;
  return Object.keys(first?.properties ?? {}).find((key) => variants.every((one) => one.properties?.[key]?.const !== undefined)) ?? "type";
}

/** The least value of a schema: what must be there, and nothing that may be left out. */
export function leastValue(schema: ConfigSchema): unknown {
  if (schema.const !== undefined) return schema.const;
  const member = memberFor(schema, {});
  if (member !== schema) return leastValue(member);
  if (schema.default !== undefined) return structuredClone(schema.default);
  if (schema.oneOf?.[0]) return leastValue(schema.oneOf[0]);
  if (schema.enum) return schema.enum[0];
  if (schema.properties) {
    const { properties } = schema;
    return Object.fromEntries((schema.required ?? []).map((key) => [key, leastOf(key, properties[key] ?? {})]));
  }
  if (schema.type === "array") return Array.from({ length: schema.minItems ?? 0 }, () => leastValue(schema.items ?? {}));
  if (schema.type === "boolean") return false;
  if (schema.type === "integer" || schema.type === "number") return Math.max(schema.minimum ?? 1, 1);
  return "";
}

/** Items of lists are told apart by an id that nobody types. */
const leastOf = (key: string, schema: ConfigSchema) =>
  key === "id" ? `i${Math.random().toString(36).slice(2, 10)}` : isTime(schema) ? "09:00" : leastValue(schema);
