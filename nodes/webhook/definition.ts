import { z } from "zod";
import { defineNode } from "#contract/node-definition.ts";
import { parseTemplate } from "#contract/template.ts";
import { reportUnreadable, templateText } from "../values/template-text.ts";
import { headerNameProblem, headerValueProblem, splitHeader } from "./headers.ts";
import { describeWebhookResult, ownFields, webhookOutput } from "./output.ts";
import { urlProblem } from "./url-template.ts";

/** `templatesOf` gives the parts of the text that hold merge fields; what they hold is checked before the text as a whole. */
const checked = (text: z.ZodString, problemOf: (text: string) => string | undefined, templatesOf?: (text: string) => string[]) =>
  text.superRefine((value, context) => {
    const unreadable = (templatesOf?.(value) ?? []).map((template) => reportUnreadable(template, context));
    const message = unreadable.includes(true) ? undefined : problemOf(value);
    if (message) context.addIssue({ code: "custom", message });
  });
const whole = (text: string) => [text];

const Header = z.strictObject({
  name: checked(z.string(), headerNameProblem),
  /** The value may name secrets of the workspace: `Bearer {{ secrets.billing_key }}`. */
  value: checked(z.string().max(2000), headerValueProblem, (text) =>
    splitHeader(text).flatMap((piece) => ("text" in piece ? [piece.text] : [])),
  ),
});

/** Merge fields of a JSON body stand inside of texts only, so that a value cannot change the structure of the JSON. */
function jsonProblem(text: string): string | undefined {
  const { parts } = parseTemplate(text);
  try {
    JSON.parse(parts?.map((part) => ("text" in part ? part.text : "x")).join("") ?? "");
  } catch {
    return 'The body is not JSON. Merge fields stand between quotation marks: { "name": "{{ firstname }}" }';
  }
  return undefined;
}

const Body = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("none") }),
  z.strictObject({ type: z.literal("json"), json: checked(z.string().max(64 * 1024), jsonProblem, whole) }),
  z.strictObject({
    type: z.literal("form"),
    fields: z.array(z.strictObject({ name: z.string().min(1).max(200), value: templateText(5000) })).max(50),
  }),
]);

/** One HTTP status, or all statuses of a hundred. */
const Status = z.union([z.number().int().min(100).max(599), z.enum(["2xx", "3xx", "4xx", "5xx"])]);

const Field = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, "A field has up to 40 small letters, digits and underscores, and begins with a letter"),
  /** The path of the value in the answer: `data.order.id`. */
  path: z
    .string()
    .max(300)
    .regex(/^[^.\s]{1,100}(\.[^.\s]{1,100}){0,9}$/, "A path is made of names with dots between them, such as data.order.id"),
});
export const webhook = defineNode({
  type: "webhook",
  label: "Webhook",
  description: "Calls an address on the web, and keeps parts of the answer.",
  category: "data",
  // The call may carry every field of the contact to any host.
  needs: ({ headers }) =>
    headers.some(({ value }) => splitHeader(value).some((piece) => "secret" in piece))
      ? ["contacts:read", "secrets:use"]
      : ["contacts:read"],
  config: z
    .strictObject({
      method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]).default("POST"),
      url: checked(z.string().max(2000), urlProblem, whole),
      headers: z
        .array(Header)
        .max(20)
        .refine((all) => new Set(all.map(({ name }) => name.toLowerCase())).size === all.length, "Two headers have the same name")
        .default([]),
      body: Body.default({ type: "none" }),
      expect: z.array(Status).min(1, "Name the answers that are a success").max(20).default(["2xx"]),
      fields: z
        .array(Field)
        .max(20)
        .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, "Two fields have the same name")
        .refine((all) => all.every(({ name }) => !ownFields.includes(name)), `${ownFields.join(", ")} are there in any case`)
        .default([]),
      timeLimitSeconds: z.number().int().min(1).max(10).default(10),
      /** The call is made again when no answer came or one with these codes. Each pause is three times as long as the last. */
      retry: z
        .strictObject({
          codes: z.array(Status).max(20).default([408, 425, 429, "5xx"]),
          tries: z.number().int().min(1).max(10).default(4),
          firstSeconds: z.number().int().min(1).max(3600).default(10),
        })
        .default({ codes: [408, 425, 429, "5xx"], tries: 4, firstSeconds: 10 }),
    })
    .refine(({ method, body }) => method !== "GET" || body.type === "none", { path: ["body"], message: "A GET has no body" }),
  defaults: { method: "POST", url: "https://example.com/", body: { type: "none" } },
  output: webhookOutput,
  personal: ["answer"],
  describeResult: describeWebhookResult,
  names: {
    templates: ["url", "headers.*.value", "body.json", "body.fields.*.value"],
    secrets: ["headers.*.value"],
    outputs: ["fields.*.name"],
  },
  exits: () => [
    { handle: "success", label: "Success" },
    { handle: "error", label: "Error" },
  ],
});
