/**
 * The fields of a contact, each described once. Filters, lists, forms, files (import and export), flows and the SQL that
 * reads and writes contacts derive their lists from this table, so a new column is a migration, an entry here and its
 * place on the screen. The order is the order in which a person sees the fields.
 */
interface FieldEntry {
  label: string;
  /** The kind decides which operators a filter offers. */
  kind: "text" | "choice" | "boolean" | "date";
  /** The values are names of a list of the workspace: they are compared folded (contract/fold.ts). */
  named?: true;
  /** The column of this name holds the value as text. Fields without it are stored in a way of their own. */
  stored?: "text";
  /** The number of characters that the value may have. A flow may write every field that has a limit. */
  longest?: number;
  /** The column is not null; "" stands for no value. */
  required?: true;
  /** The value of an imported contact where the file gives none. */
  initial?: string;
  /** An index `(workspace_id, key, id)` exists, so lists can be sorted by the field. */
  sortable?: true;
  /** The value is worked out from other columns: filters know it, flows and files do not. */
  computed?: true;
  /** The value alone leads to the person, so the log hides it. */
  personal?: true;
  /** A row of a file that has none of these is nobody. */
  identifies?: true;
  /** The name in a file and in the import's mapping, where it is not the field's own. */
  fileName?: string;
  /** The name that the import's form shows, where the label would be too short beside the others. */
  fileLabel?: string;
  /**
   * Header names that Google Contacts, HubSpot, Mailchimp, HighLevel and people's own sheets use, in plain words and the
   * best first. An import takes the field only where this is given.
   */
  headers?: readonly string[];
  /** Other names by which a merge field may call it. */
  spellings?: readonly string[];
}

export const contactFields = {
  name: {
    label: "Name",
    kind: "text",
    stored: "text",
    longest: 200,
    sortable: true,
    identifies: true,
    fileLabel: "Full name",
    headers: [
      ...["name", "full name", "fullname", "contact name", "display name"],
      ...["vollstandiger name", "ganzer name", "vor und nachname", "nom complet", "nom et prenom", "prenom et nom", "nom prenom"],
      ...["nombre completo", "nombre y apellidos", "nome completo", "nome e cognome", "volledige naam", "naam", "imie i nazwisko"],
    ],
    spellings: ["full_name"],
  },
  firstname: {
    label: "First name",
    kind: "text",
    stored: "text",
    longest: 200,
    required: true,
    identifies: true,
    headers: [
      "first name",
      "firstname",
      "given name",
      "forename",
      "fname",
      "vorname",
      "nombre",
      "nombres",
      "prenom",
      "prenoms",
      "nome",
      "primeiro nome",
      "voornaam",
      "imie",
    ],
    spellings: ["first_name"],
  },
  lastname: {
    label: "Last name",
    kind: "text",
    stored: "text",
    longest: 200,
    required: true,
    identifies: true,
    headers: [
      ...["last name", "lastname", "family name", "surname", "lname"],
      ...["nachname", "familienname", "zuname", "apellido", "apellidos", "nom de famille", "nom", "cognome"],
      ...["sobrenome", "ultimo nome", "apelido", "apelidos", "achternaam", "familienaam", "nazwisko"],
    ],
    spellings: ["last_name"],
  },
  email: {
    label: "E-mail",
    kind: "text",
    stored: "text",
    longest: 254,
    sortable: true,
    personal: true,
    identifies: true,
    headers: [
      ...["email", "email address", "e mail", "e mail address", "e mail 1 value", "email 1", "primary email", "mail"],
      ...["correo", "correo electronico", "courriel", "adresse email", "adresse e mail", "adresse mail", "emailadresse", "e mail adresse"],
      ...["indirizzo email", "indirizzo e mail", "posta elettronica", "endereco de email", "e mailadres", "e mail adres", "emailadres"],
    ],
  },
  // Two columns: `phone_number` as it was typed and `phone_e164` as the network knows it.
  phone: {
    label: "Phone",
    kind: "text",
    longest: 40,
    sortable: true,
    personal: true,
    identifies: true,
    fileName: "phone_number",
    headers: [
      // A mobile number first: text messages do not reach a landline.
      ...["sms phone number", "sms", "mobile phone number", "mobile phone", "mobilephone", "mobile", "mobile number", "mobile no"],
      ...["cell", "cell phone", "cellphone", "cell number"],
      ...["handy", "handynummer", "mobil", "mobiltelefon", "mobilnummer", "movil", "celular", "telephone portable", "portable"],
      ...["cellulare", "telemovel", "mobiel", "mobiel nummer", "mobiele telefoon", "gsm", "gsm nummer", "numero de portable"],
      ...["phone", "phone number", "phonenumber", "primary phone", "phone 1 value", "telephone", "tel", "telefon", "telefono"],
      ...["telefonnummer", "rufnummer", "numero de telephone", "numero de telefono", "numero di telefono", "telefone", "telefoon"],
      ...["telefoonnummer", "numer telefonu"],
    ],
  },
  lead_status: {
    label: "Lead status",
    kind: "choice",
    named: true,
    stored: "text",
    longest: 100,
    sortable: true,
    headers: ["lead status", "leadstatus", "lead state"],
  },
  conversation_status: {
    label: "Conversation status",
    kind: "choice",
    stored: "text",
    longest: 100,
    initial: "New",
    headers: ["conversation status", "conversationstatus"],
  },
  time_zone: {
    label: "Time zone",
    kind: "choice",
    stored: "text",
    longest: 64,
    headers: ["time zone", "timezone", "zeitzone", "zona horaria", "fuseau horaire"],
  },
  // The column `sms_opted_out_at` holds the moment. contract/csv/consent.ts knows the headers of these three.
  sms_opted_out: { label: "Opted out of SMS", kind: "boolean" },
  // The column `email_opted_out_at` holds the moment.
  email_opted_out: { label: "Opted out of e-mail", kind: "boolean" },
  dnc: { label: "Do not contact", kind: "boolean" },
  sms_suppressed: { label: "Phone is on the suppression list", kind: "boolean", computed: true },
  email_suppressed: { label: "E-mail is on the suppression list", kind: "boolean", computed: true },
  can_receive_sms: { label: "Can receive SMS", kind: "boolean", computed: true },
  can_receive_email: { label: "Can receive e-mail", kind: "boolean", computed: true },
  created_at: { label: "Added", kind: "date", sortable: true },
  updated_at: { label: "Changed", kind: "date", sortable: true },
} as const satisfies Record<string, FieldEntry>;

type Fields = typeof contactFields;
type FieldWith<Property> = { [K in keyof Fields]: Fields[K] extends Property ? K : never }[keyof Fields];

export type ContactField = keyof Fields;
export type FieldKind = Fields[ContactField]["kind"];
/** A field that is one text column. */
export type TextField = FieldWith<{ stored: "text" }>;
export type RequiredField = FieldWith<{ required: true }>;
export type SortableField = FieldWith<{ sortable: true }>;
export type WritableField = FieldWith<{ longest: number }>;
export type ImportableField = FieldWith<{ headers: readonly string[] }>;
type ComputedField = FieldWith<{ computed: true }>;
type FileName<K> = K extends ContactField ? (Fields[K] extends { fileName: infer Name extends string } ? Name : K) : never;

/** The name of a field in the API's JSON: `lead_status` is `leadStatus`. */
export type ApiName<Name extends string> = Name extends `${infer First}_${infer Rest}` ? `${First}${Capitalize<ApiName<Rest>>}` : Name;
export const apiName = <Name extends string>(name: Name): ApiName<Name> =>
  name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()) as ApiName<Name>;

/** The text columns of a contact as they are stored. */
export type ContactTexts = { [K in TextField]: K extends RequiredField ? string : string | null };
/** The same values under the names of the API. */
export type ApiTexts = { [K in TextField as ApiName<K>]: ContactTexts[K] };

const keys = Object.keys(contactFields) as ContactField[];
const entry = (field: ContactField): FieldEntry => contactFields[field];
const which = <K extends ContactField>(property: keyof FieldEntry): K[] =>
  keys.filter((field): field is K => entry(field)[property] !== undefined);

export const textFields: readonly TextField[] = which<TextField>("stored");
export const sortableFields: readonly SortableField[] = which<SortableField>("sortable");
export const writableFields: readonly WritableField[] = which<WritableField>("longest");
export const isTextField = (name: string): name is TextField => textFields.some((field) => field === name);
/** Whether the values of a field are names, which are compared folded. */
export const isNamed = (field: ContactField): boolean => entry(field).named === true;
export const isRequired = (field: ContactField): field is RequiredField => entry(field).required === true;
export const initialOf = (field: ContactField): string | undefined => entry(field).initial;

/** The columns that hold the text fields and the number, in the order of this table. */
export const textColumns = keys.flatMap((field) =>
  field === "phone" ? (["phone_number", "phone_e164"] as const) : isTextField(field) ? [field] : [],
);

/** The fields that a flow may read, by the names that it may use. */
export const flowFields: readonly string[] = [
  ...keys.filter((field) => !entry(field).computed),
  ...keys.flatMap((field) => entry(field).fileName ?? []),
];
/** Other names in merge fields, with the field that each of them means. */
export const spellings: readonly (readonly [string, ContactField])[] = keys.flatMap((field) =>
  (entry(field).spellings ?? []).map((name) => [name, field] as const),
);

/** Every name by which a flow may call something of a contact, beside its custom fields. */
export const contactNames: readonly string[] = ["id", ...flowFields, ...spellings.map(([name]) => name)];

/**
 * What a contact is called: the name where it is given, else first and last name. Null where there is neither. The column
 * `contacts.sort_name` has the same value in lower case.
 */
export function contactName({ name, firstname, lastname }: Pick<ContactTexts, "name" | "firstname" | "lastname">): string | null {
  const trimmed = (text: string | null) => (text ?? "").replace(/^ +| +$/g, "");
  return trimmed(name) || trimmed(`${firstname} ${lastname}`) || null;
}

/** Files and their mapping give the parts of a name before the whole. */
const fileOrder: readonly ContactField[] = [
  "firstname",
  "lastname",
  ...keys.filter((field) => field !== "firstname" && field !== "lastname"),
];
export const fileName = <K extends ContactField>(field: K): FileName<K> => (entry(field).fileName ?? field) as FileName<K>;
export const fileLabel = (field: ContactField): string => entry(field).fileLabel ?? entry(field).label;
/** The fields of an exported file, in its order. */
export const exportedFields = fileOrder.filter((field): field is Exclude<ContactField, ComputedField> => !entry(field).computed);
/** The fields that an import takes, in the order in which they are offered and guessed. */
export const importableFields = fileOrder.filter((field): field is ImportableField => entry(field).headers !== undefined);
/** The field that a name in a file or a flow means: `phone_number` is `phone`. */
export const fieldOf = (name: string): ContactField | undefined => keys.find((field) => field === name || fileName(field) === name);
/** Whether a row of a file that gives this field is somebody. */
export const identifies = (name: string): boolean => {
  const field = fieldOf(name);
  return field !== undefined && entry(field).identifies === true;
};

/** Every name, of a column or in the API, under which a personal value travels. */
export const personalNames: readonly string[] = keys
  .filter((field) => entry(field).personal)
  .flatMap((field) => (field === "phone" ? ["phone", "phone_number", "phone_e164"] : [field]))
  .flatMap((name) => [...new Set([name, apiName(name)])]);
