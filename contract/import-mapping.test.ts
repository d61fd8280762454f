import { describe, expect, test } from "vitest";
import { columnNames } from "./csv/headers.ts";
import { guessColumns } from "./import-mapping.ts";
import type { ImportTarget } from "./import-settings.ts";

const columns = (header: string) => header.split(",");
const guessed = (header: string): Record<string, ImportTarget> =>
  Object.fromEntries(guessColumns(columns(header)).map((column) => [column.header, column.target]));
/** The columns that became something better than metadata. */
const recognised = (header: string) =>
  Object.fromEntries(Object.entries(guessed(header)).filter(([, target]) => target !== "metadata" && target !== "ignore"));

describe("columns by their place", () => {
  test("two columns of one name, and columns without a usable name, each keep their own place", () => {
    const header = ["Name", "Notes", "Notes", "", "__proto__", "x".repeat(300), "Email"];
    expect(guessColumns(header).map(({ target }) => target)).toEqual([
      ...["name", "metadata", "metadata", "metadata", "metadata", "metadata", "email"],
    ]);
    expect(columnNames(header)).toEqual(["Name", "Notes", "Notes (2)", "Column 4", "Column 5", "Column 6", "Email"]);
  });

  test("of two columns for one field the better name gets it, and of two alike the first", () => {
    expect(guessColumns(["Mail", "Email", "Email"]).map(({ target }) => target)).toEqual(["metadata", "email", "metadata"]);
  });

  test("a column of consent whose values say something else is not taken as such", () => {
    const rows = [
      ["ann@example.com", "Weekly"],
      ["bob@example.com", ""],
    ];
    expect(guessColumns(["Email", "Newsletter"], rows).map(({ target }) => target)).toEqual(["email", "metadata"]);
    expect(guessColumns(["Email", "Newsletter"], [["a", "no"]]).map(({ target }) => target)).toEqual(["email", "email_allowed"]);
  });
});

describe("the number for text messages is the mobile one, whatever stands before it and however it is called:", () => {
  test.each([
    ["Vorname,Nachname,Telefonnummer,Mobiltelefonnummer", "Mobiltelefonnummer"],
    ["Prénom,Nom,Téléphone,Téléphone mobile", "Téléphone mobile"],
    ["Nombre,Apellidos,Teléfono,Teléfono móvil", "Teléfono móvil"],
    ["Nom,Tél.,Tél. portable", "Tél. portable"],
    ["Imię,Nazwisko,Numer telefonu,Telefon komórkowy", "Telefon komórkowy"],
    ["Person - Name,Person - Phone - Work,Person - Phone - Mobile", "Person - Phone - Mobile"],
    ["Name,Home Phone,Cell Phone Number", "Cell Phone Number"],
    ["Name,Mobile app,Mobile provider,Phone", "Phone"],
    ["Name,SMS opt out,Phone", "Phone"],
  ])("%s", (header, phone) => {
    const columns = guessColumns(header.split(","));
    expect(columns.filter(({ target }) => target === "phone_number").map((column) => column.header)).toEqual([phone]);
  });

  test("a column that is called so and holds no numbers is none", () => {
    const columns = guessColumns(["Name", "Mobile", "Phone"], [["Ann", "iPhone", "+43 664 1234567"]]);
    expect(columns.map(({ target }) => target)).toEqual(["name", "metadata", "phone_number"]);
  });
});

test.each([
  ["Client Name,Client Email,Client Phone", { "Client Name": "name", "Client Email": "email", "Client Phone": "phone_number" }],
  ["Person - Name,Person - Email - Work", { "Person - Name": "name", "Person - Email - Work": "email" }],
  ["Company Name,Contact Name,Contact owner", { "Contact Name": "name" }],
  ["Billing First Name,Email (home)", { "Billing First Name": "firstname", "Email (home)": "email" }],
  ["Email,Work Email", { Email: "email" }],
  [
    "Prénom,Nom,Téléphone portable,Courriel",
    { Prénom: "firstname", Nom: "lastname", "Téléphone portable": "phone_number", Courriel: "email" },
  ],
  ["Nom,Prénom,Adresse e-mail", { Nom: "lastname", Prénom: "firstname", "Adresse e-mail": "email" }],
  ["Nom complet,Téléphone", { "Nom complet": "name", Téléphone: "phone_number" }],
  ["Vorname,Name,Telefonnummer", { Vorname: "firstname", Name: "lastname", Telefonnummer: "phone_number" }],
  ["Vorname,Nachname,Name", { Vorname: "firstname", Nachname: "lastname", Name: "name" }],
  ["Name,Handy", { Name: "name", Handy: "phone_number" }],
  ["Nombre,Apellidos,Móvil", { Nombre: "firstname", Apellidos: "lastname", Móvil: "phone_number" }],
  ["Nome,Cognome,Cellulare", { Nome: "firstname", Cognome: "lastname", Cellulare: "phone_number" }],
  ["Nome,Sobrenome,Celular", { Nome: "firstname", Sobrenome: "lastname", Celular: "phone_number" }],
  ["Nome,Telemóvel", { Nome: "name", Telemóvel: "phone_number" }],
  ["Voornaam,Achternaam,Mobiel", { Voornaam: "firstname", Achternaam: "lastname", Mobiel: "phone_number" }],
  ["Voornaam,Naam,E-mailadres", { Voornaam: "firstname", Naam: "lastname", "E-mailadres": "email" }],
  ["First Name,Name,Email", { "First Name": "firstname", Name: "lastname", Email: "email" }],
] as const)("the columns %s are known", (header, expected) => {
  expect(recognised(header)).toEqual(expected);
});

describe("headers of real exports", () => {
  test("Google Contacts", () => {
    const header =
      "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix,Name Suffix,Nickname,File As," +
      "Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label," +
      "E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value,Address 1 - Label,Address 1 - Formatted";
    expect(recognised(header)).toEqual({
      "First Name": "firstname",
      "Last Name": "lastname",
      "E-mail 1 - Value": "email",
      "Phone 1 - Value": "phone_number",
    });
    const mapping = guessed(header);
    expect(mapping["Phone 1 - Label"]).toBe("ignore");
    expect(mapping["Phone 2 - Value"]).toBe("metadata");
    expect(mapping["Organization Name"]).toBe("metadata");
  });

  test("Google Contacts, the older form", () => {
    expect(
      recognised(
        "Name,Given Name,Additional Name,Family Name,Yomi Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value",
      ),
    ).toEqual({
      Name: "name",
      "Given Name": "firstname",
      "Family Name": "lastname",
      "E-mail 1 - Value": "email",
      "Phone 1 - Value": "phone_number",
    });
  });

  test("HubSpot", () => {
    expect(
      recognised(
        "Record ID,First Name,Last Name,Email,Phone Number,Mobile Phone Number,Contact owner,Associated Company,Last Activity Date,Lead Status," +
          "Marketing contact status,Unsubscribed from all email,Create Date,Time Zone,Lifecycle Stage",
      ),
    ).toEqual({
      "First Name": "firstname",
      "Last Name": "lastname",
      Email: "email",
      "Mobile Phone Number": "phone_number",
      "Lead Status": "lead_status",
      "Unsubscribed from all email": "email_opted_out",
      "Time Zone": "time_zone",
    });
  });

  test("Mailchimp, subscribed and unsubscribed", () => {
    const header =
      "Email Address,First Name,Last Name,Address,Phone Number,Birthday,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE," +
      "GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS";
    const subscribed = {
      "Email Address": "email",
      "First Name": "firstname",
      "Last Name": "lastname",
      "Phone Number": "phone_number",
      TIMEZONE: "time_zone",
    };
    expect(recognised(header)).toEqual(subscribed);
    expect(recognised(`${header},UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_REASON`)).toEqual({ ...subscribed, UNSUB_TIME: "email_opted_out" });
  });

  test("HighLevel", () => {
    expect(
      recognised(
        "Contact Id,First Name,Last Name,Business Name,Company Name,Phone,Email,Created,Last Activity,Tags,Additional Emails,Additional Phones",
      ),
    ).toEqual({ "First Name": "firstname", "Last Name": "lastname", Phone: "phone_number", Email: "email" });
  });

  test("our own export comes back as it was", () => {
    const header =
      "id,firstname,lastname,name,email,phone_number,lead_status,conversation_status,time_zone,sms_opted_out,email_opted_out,dnc,created_at,updated_at,Mobile,DND,metadata.email";
    const own = {
      id: "contact_id",
      created_at: "ignore",
      updated_at: "ignore",
      Mobile: "metadata",
      DND: "metadata",
      "metadata.email": "metadata",
    };
    expect(guessed(header)).toEqual(Object.fromEntries(columns(header).map((name) => [name, own[name as keyof typeof own] ?? name])));
  });

  test("refusals of HighLevel, Salesforce, Brevo, Klaviyo and ActiveCampaign", () => {
    expect(
      recognised("Email,DND,HasOptedOutOfEmail,DoNotCall,EMAIL_BLACKLISTED,SMS_BLACKLISTED,Email Marketing Consent,Opted Out"),
    ).toEqual({
      Email: "email",
      DND: "dnc",
      HasOptedOutOfEmail: "email_opted_out",
      DoNotCall: "sms_opted_out",
      EMAIL_BLACKLISTED: "email_opted_out",
      SMS_BLACKLISTED: "sms_opted_out",
      "Email Marketing Consent": "email_allowed",
      "Opted Out": "dnc",
    });
  });

  test("sheets in other languages", () => {
    expect(recognised("Vorname,Nachname,E-Mail,Telefon")).toEqual({
      Vorname: "firstname",
      Nachname: "lastname",
      "E-Mail": "email",
      Telefon: "phone_number",
    });
    expect(recognised("Prénom,Nom de famille,Courriel,Téléphone portable")).toEqual({
      Prénom: "firstname",
      "Nom de famille": "lastname",
      Courriel: "email",
      "Téléphone portable": "phone_number",
    });
  });

  test("a file of another system with ids, parts of a name and a refusal is not taken for our own export", () => {
    const columns = guessColumns("id,firstname,lastname,email,phone,birthday,dnc".split(","));
    expect(columns.find(({ header }) => header === "phone")?.target).toBe("phone_number");
  });

  test("a column that is called a number is one although none in it is usable, and a device is none", () => {
    const target = (header: string, value: string) => guessColumns(["Name", header], [["Ann", value]])[1]?.target;
    for (const header of ["Phone", "Telefon", "Mobile number", "Handynummer"]) expect(target(header, "12")).toBe("phone_number");
    for (const header of ["Mobile", "Cell"]) expect(target(header, "iPhone 15")).toBe("metadata");
    const two = guessColumns(["Phone", "Phone number"], [["n/a", "+43 664 1234567"]]);
    expect(two.map((column) => column.target)).toEqual(["metadata", "phone_number"]);
  });

  test("a column about consent is not taken for a phone or an address", () => {
    expect(recognised("SMS opt-in,Email consent,Phone verified")).toEqual({
      "SMS opt-in": "sms_allowed",
      "Email consent": "email_allowed",
    });
  });
});
