import { z } from "zod";
import { readComparableDate } from "./comparable-date.ts";
import { typedValue } from "./comparable-text.ts";
import { ConsentStatement } from "./consents.ts";
import type { ApiName, ContactField, FieldKind, RequiredField, TextField } from "./contact-fields.ts";
import { apiName, contactFields, isRequired, sortableFields, textFields } from "./contact-fields.ts";
import { FreeData } from "./free-data.ts";
import { PageQuery, Timestamp, Uuid } from "./pagination.ts";
import { requiredText } from "./required-text.ts";
import { typedText } from "./typed-text.ts";

/** A schema for each text field, by its name in the API. */
type TextShape<Required extends z.ZodType, Optional extends z.ZodType> = {
  [K in TextField as ApiName<K>]: K extends RequiredField ? Required : Optional;
};
const textShape = <Required extends z.ZodType, Optional extends z.ZodType>(
  required: (longest: number) => Required,
  optional: (longest: number) => Optional,
) =>
  Object.fromEntries(
    textFields.map((field) => [apiName(field), (isRequired(field) ? required : optional)(contactFields[field].longest)]),
  ) as TextShape<Required, Optional>;

const typed = (longest: number) => z.string().overwrite(typedText).max(longest);

export const Contact = z.object({
  id: Uuid,
  /** The `name` where given, else first and last name. Never empty ("No name"). */
  displayName: z.string(),
  ...textShape(
    () => z.string(),
    () => z.string().nullable(),
  ),
  /** As typed or imported. */
  phoneNumber: z.string().nullable(),
  /** The number as the network knows it; null when there is none or it cannot be used. */
  phoneE164: z.string().nullable(),
  smsOptedOutAt: Timestamp.nullable(),
  emailOptedOutAt: Timestamp.nullable(),
  optOutSource: z.string().nullable(),
  dnc: z.boolean(),
  metadata: z.record(z.string(), z.unknown()),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Contact = z.infer<typeof Contact>;

/** Fields a member edits by hand. A number or an address that no message can be sent to is refused where it is new. */
export const ContactInput = z.strictObject({
  ...textShape(
    (longest) => typed(longest).default(""),
    (longest) => typed(longest).nullish(),
  ),
  phoneNumber: typed(contactFields.phone.longest).nullish(),
  smsOptedOut: z.boolean().optional(),
  emailOptedOut: z.boolean().optional(),
  dnc: z.boolean().optional(),
  metadata: FreeData.optional(),
});
export type ContactInput = z.infer<typeof ContactInput>;

/** A new contact. `evenIfTwin` adds it although somebody who may be the same person is there. */
export const NewContact = z.strictObject({ ...ContactInput.shape, evenIfTwin: z.boolean().default(false) });
export type NewContact = z.infer<typeof NewContact>;

/** A contact that shares the number or the address of a new one. `likely`: nothing says that it is somebody else. */
export const ContactTwin = z.object({ contact: Contact, same: z.array(z.enum(["phoneNumber", "email"])), likely: z.boolean() });
export type ContactTwin = z.infer<typeof ContactTwin>;

/** What is asked before a contact is added: who shares its number or its address. */
export const TwinQuery = z.strictObject({
  name: typed(contactFields.name.longest).optional(),
  firstname: typed(contactFields.firstname.longest).optional(),
  lastname: typed(contactFields.lastname.longest).optional(),
  email: typed(contactFields.email.longest).optional(),
  phoneNumber: typed(contactFields.phone.longest).optional(),
});

/** A change: what is left out stays as it is, also in `metadata`, where null takes a field away. */
export const ContactPatch = z
  .strictObject({
    ...ContactInput.shape,
    ...textShape(
      (longest) => typed(longest).optional(),
      (longest) => typed(longest).nullish(),
    ),
    /** Needed where the change takes back an opt-out or a do-not-contact. */
    consent: ConsentStatement.optional(),
  })
  .refine((patch) => Object.keys(patch).length > 0, "Nothing to change was given");
export type ContactPatch = z.infer<typeof ContactPatch>;

const { consent: _, ...writtenShape } = ContactPatch.shape;
/** A caller who wrote a contact and may not read it is told which one it is, and what they sent. */
export const WrittenContact = z.strictObject({ id: Uuid, ...writtenShape });
export type WrittenContact = z.infer<typeof WrittenContact>;

/** Operators by kind of field, with whether they take a value. Matching is case-insensitive. */
export const filterOperators = {
  text: {
    is: "is",
    is_not: "is not",
    contains: "contains",
    not_contains: "does not contain",
    starts_with: "starts with",
    ends_with: "ends with",
    is_empty: "is empty",
    is_not_empty: "is not empty",
  },
  choice: { is: "is", is_not: "is not", in: "is any of", not_in: "is none of", is_empty: "is empty", is_not_empty: "is not empty" },
  boolean: { is: "is" },
  date: { before: "is before", after: "is after", in_last_days: "in the last … days", not_in_last_days: "not in the last … days" },
} as const;
export type FilterOperator = { [K in FieldKind]: keyof (typeof filterOperators)[K] }[FieldKind];

const operatorNames = [...new Set(Object.values(filterOperators).flatMap((group) => Object.keys(group)))] as [
  FilterOperator,
  ...FilterOperator[],
];

/** A text to look for. It is cleaned before anything judges it, so that what is judged is what the search gets. */
const looked = (longest: number) => z.string().transform(typedValue).pipe(z.string().max(longest));

/**
 * One test of a filter. Which values an operator takes is checked against the field's kind. A blank value is refused,
 * because every text contains it: a test would then mean everybody.
 */
export const FilterTest = z
  .strictObject({
    field: z.enum(Object.keys(contactFields) as [ContactField, ...ContactField[]]),
    operator: z.enum(operatorNames),
    value: z.union([looked(500), z.number(), z.boolean(), z.array(looked(200)).max(100)]).optional(),
  })
  .superRefine((test, context) => {
    const kind = contactFields[test.field].kind;
    if (!(test.operator in filterOperators[kind])) {
      context.addIssue({
        code: "custom",
        path: ["operator"],
        message: `"${test.operator}" cannot be used on ${contactFields[test.field].label}`,
      });
      return;
    }
    const bad = (message: string) => context.addIssue({ code: "custom", path: ["value"], message });
    if (test.operator === "is_empty" || test.operator === "is_not_empty") return;
    if (test.operator === "in" || test.operator === "not_in") {
      if (!Array.isArray(test.value) || test.value.length === 0) bad("One or more values are needed");
      else if (test.value.includes("")) bad("One of the values is empty");
    } else if (kind === "boolean") {
      if (typeof test.value !== "boolean") bad("true or false is needed");
    } else if (test.operator === "in_last_days" || test.operator === "not_in_last_days") {
      if (typeof test.value !== "number" || test.value < 1 || test.value > 3650) bad("A number of days from 1 to 3650 is needed");
    } else if (kind === "date") {
      if (typeof test.value !== "string" || !readComparableDate(test.value)) bad("A date is needed, as in 2026-05-31");
    } else if (typeof test.value !== "string" || test.value === "") bad("A value is needed");
  });
export type FilterTest = z.infer<typeof FilterTest>;

/** Which contacts: every test must hold, and the search text must occur. The table, the count and the send share it. */
export const ContactFilter = z.strictObject({
  search: looked(100)
    .refine((text) => text !== "", "The search text is empty; leave it out where nothing is searched for")
    .optional(),
  tests: z.array(FilterTest).max(20).default([]),
});
export type ContactFilter = z.infer<typeof ContactFilter>;

/** A ContactFilter as the JSON text of one query parameter. */
export const FilterParameter = z
  .string()
  .max(6000)
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: "custom", message: "The filter is not valid JSON" });
      return z.NEVER;
    }
  })
  .pipe(ContactFilter);

export const ContactListQuery = z.strictObject({
  ...PageQuery.shape,
  filter: FilterParameter.optional(),
  sort: z.enum(sortableFields).default("created_at"),
  direction: z.enum(["asc", "desc"]).default("desc"),
});
export type ContactListQuery = z.infer<typeof ContactListQuery>;

/**
 * Which contacts a person means: named ones, or everything that matches a filter except some. "All" travels as the
 * filter, never as ids.
 */
export const Selection = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("ids"), ids: z.array(Uuid).min(1).max(10_000) }),
  z.strictObject({ type: z.literal("filter"), filter: ContactFilter, excluded: z.array(Uuid).max(10_000).default([]) }),
]);
export type Selection = z.infer<typeof Selection>;

export const ContactBulkAction = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("delete") }),
  z.strictObject({ type: z.literal("change_status"), leadStatus: requiredText(100) }),
]);
export type ContactBulkAction = z.infer<typeof ContactBulkAction>;

/**
 * The choices a filter or form offers: what is in use in this workspace, most frequent first. The lead statuses begin with
 * those of the workspace's list, in its order.
 */
export const ContactFacets = z.object({
  leadStatuses: z.array(z.string()),
  conversationStatuses: z.array(z.string()),
  timeZones: z.array(z.string()),
});
export type ContactFacets = z.infer<typeof ContactFacets>;
