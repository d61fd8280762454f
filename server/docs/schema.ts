import type { JsonSchema } from "./openapi.ts";

export interface Field {
  name: string;
  type: string;
  required: boolean;
}

/** Lists the fields of an object, down to the second level, with their types in words. */
export function listFields(schema: JsonSchema, prefix = ""): Field[] {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const field = property as JsonSchema;
    const own = { name: prefix + name, type: nameType(field), required: required.has(name) && field.default === undefined };
    const inner = innerObject(field);
    return inner && prefix === "" ? [own, ...listFields(inner.schema, `${name}${inner.suffix}.`)] : [own];
  });
}

export function nameType(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((choice) => JSON.stringify(choice)).join(" | ");
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return [...new Set(choices.map((choice) => nameType(choice as JsonSchema)))].join(" | ");
  if (Array.isArray(schema.type)) return schema.type.join(" | ");
  switch (schema.type) {
    case "array":
      return `list of ${schema.items ? plural(nameType(schema.items as JsonSchema)) : "anything"}${limits(schema.minItems, schema.maxItems)}`;
    case "string":
      return schema.format
        ? ({ uuid: "uuid", "date-time": "time", email: "e-mail" }[schema.format] ?? schema.format)
        : `text${limits(schema.minLength, schema.maxLength)}`;
    case "integer":
    case "number":
      return `${schema.type === "integer" ? "whole number" : "number"}${limits(schema.minimum, schema.maximum)}`;
    case "boolean":
      return "true or false";
    case "null":
      return "null";
    case "object":
      return "object";
    default:
      return "anything";
  }
}

const plural = (type: string): string => (/^\w+$/.test(type) && type !== "text" && type !== "anything" ? `${type}s` : type);

function limits(least: number | undefined, most: number | undefined): string {
  const lower = least === undefined || least <= Number.MIN_SAFE_INTEGER ? undefined : least;
  const upper = most === undefined || most >= Number.MAX_SAFE_INTEGER ? undefined : most;
  if (lower !== undefined && upper !== undefined) return ` (${lower} to ${upper})`;
  if (upper !== undefined) return ` (at most ${upper})`;
  return lower !== undefined && lower > 0 ? ` (at least ${lower})` : "";
}

function innerObject(schema: JsonSchema): { schema: JsonSchema; suffix: string } | undefined {
  if (schema.properties) return { schema, suffix: "" };
  const items = schema.type === "array" ? (schema.items as JsonSchema | undefined) : undefined;
  return items?.properties ? { schema: items, suffix: "[]" } : undefined;
}
