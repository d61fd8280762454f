import type { JsonSchema } from "./openapi.ts";

const exampleId = "0198c5d2-7c1e-7b3a-9d54-2f6e8a1b3c4d";

/** Makes an example value that fits a schema. It has only the required fields, and the first choice everywhere. */
export function exampleOf(schema: JsonSchema, name = ""): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.default !== undefined) return schema.default;
  const [choice] = schema.anyOf ?? schema.oneOf ?? [];
  if (choice) return exampleOf(choice as JsonSchema, name);
  switch (schema.type) {
    case "object":
      return exampleObject(schema);
    case "array":
      return (schema.minItems ?? 0) > 0 ? [exampleOf(schema.items as JsonSchema, name)] : [];
    case "integer":
    case "number":
      return schema.minimum ?? 1;
    case "boolean":
      return true;
    case "null":
      return null;
    case "string":
      return exampleText(schema, name);
    default:
      return {};
  }
}

function exampleObject(schema: JsonSchema): Record<string, unknown> {
  const required = new Set(schema.required ?? []);
  const names = Object.keys(schema.properties ?? {});
  // A body without required fields would be shown as {}, which explains nothing. The first two fields are shown
  // instead.
  const shown = required.size > 0 ? names.filter((name) => required.has(name)) : names.slice(0, 2);
  return Object.fromEntries(shown.map((name) => [name, exampleOf(schema.properties?.[name] as JsonSchema, name)]));
}

function exampleText(schema: JsonSchema, name: string): string {
  if (schema.format === "uuid") return exampleId;
  if (schema.format === "email" || name === "email") return "ana@example.com";
  if (schema.format === "date-time") return "2026-11-22T09:00:00.000Z";
  const known: Record<string, string> = {
    firstname: "Ana",
    lastname: "Lopes",
    name: "Ana Lopes",
    phoneNumber: "+14155550123",
    password: "a long passphrase",
    token: "the part of the link behind #",
    timeZone: "Europe/Lisbon",
    country: "PT",
  };
  return known[name] ?? (name === "" ? "text" : name);
}
