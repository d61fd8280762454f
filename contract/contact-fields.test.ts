import { describe, expect, test } from "vitest";
import {
  apiName,
  contactFields,
  contactName,
  exportedFields,
  fieldOf,
  fileName,
  flowFields,
  identifies,
  importableFields,
  personalNames,
  spellings,
  textColumns,
} from "./contact-fields.ts";

describe("a contact", () => {
  test.each([
    [{ name: "Ada", firstname: "Augusta", lastname: "King" }, "Ada"],
    [{ name: "  ", firstname: "Augusta", lastname: "" }, "Augusta"],
    [{ name: null, firstname: "", lastname: "King" }, "King"],
    [{ name: null, firstname: " ", lastname: "" }, null],
  ])("%o is called %s", (parts, called) => {
    expect(contactName(parts)).toBe(called);
  });
});

describe("the table of fields", () => {
  test("is no place where two fields share a name: neither of their own, nor in files, nor in merge fields", () => {
    const names = Object.keys(contactFields).flatMap((field) => {
      const inFiles = fileName(field as keyof typeof contactFields) as string;
      return inFiles === field ? [field] : [field, inFiles];
    });
    const all = [...names, ...spellings.map(([name]) => name)];
    expect(all.filter((name, at) => all.indexOf(name) !== at)).toEqual([]);
  });

  test("is no place where two fields claim the same header of a file", () => {
    const headers = importableFields.flatMap((field) => [...contactFields[field].headers]);
    expect(headers.filter((header, at) => headers.indexOf(header) !== at)).toEqual([]);
  });

  test("gives what is worked out from other columns to no flow and to no file", () => {
    for (const field of ["sms_suppressed", "can_receive_email"] as const) {
      expect(flowFields).not.toContain(field);
      expect(exportedFields).not.toContain(field);
    }
  });

  test("knows the number of a phone under its own name, its column and its name in a file", () => {
    expect(textColumns).toEqual(expect.arrayContaining(["phone_number", "phone_e164"]));
    expect([fieldOf("phone"), fieldOf("phone_number"), fieldOf("shoe_size")]).toEqual(["phone", "phone", undefined]);
    expect(personalNames).toEqual(expect.arrayContaining(["email", "phone", "phoneNumber", "phone_e164"]));
  });

  test("tells which fields make a row of a file somebody", () => {
    expect(["email", "phone_number", "lastname", "lead_status", "metadata"].map(identifies)).toEqual([true, true, true, false, false]);
  });

  test("names fields in the API by the same rule everywhere", () => {
    expect([apiName("lead_status"), apiName("email"), apiName("sms_opted_out")]).toEqual(["leadStatus", "email", "smsOptedOut"]);
  });
});
