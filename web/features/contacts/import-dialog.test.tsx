import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import type { ContactImport } from "#contract/imports.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { ImportDialog } from "./import-dialog.tsx";

const done: ContactImport = {
  id: "0192f000-0000-7000-8000-000000000009",
  state: "done",
  fileName: "people.csv",
  rowsRead: 2,
  created: 2,
  updated: 0,
  refused: 0,
  keptApart: 0,
  fromBin: 0,
  overwritten: 0,
  problems: [],
  errorMessage: null,
  createdAt: "2026-11-28T12:00:00.000Z",
  finishedAt: "2026-11-28T12:00:01.000Z",
  undoUntil: null,
  undone: null,
};

const noEarlierImports = () => ({ items: [], nextCursor: null });

async function choose(content: string | Uint8Array<ArrayBuffer>, name = "people.csv") {
  const { user } = await renderUi(<ImportDialog open onClose={() => {}} />);
  const input = await screen.findByLabelText("Drop a CSV or Excel file here");
  await user.upload(input as HTMLInputElement, new File([content], name, { type: "text/csv" }));
  await screen.findByRole("button", { name: "Import contacts" });
  return user;
}
const importButton = () => screen.getByRole<HTMLButtonElement>("button", { name: "Import contacts" });
const select = (label: string) => screen.findByRole<HTMLSelectElement>("combobox", { name: label });

it("asks about a column that sounds like a refusal, and imports it as what the person says", async () => {
  const server = fakeApi({ listContactImports: noEarlierImports, importContacts: () => done, getContactImport: () => done });
  const user = await choose("Name,Status\nAnn,Customer\nBob,Unsubscribed\n");
  expect(screen.getByText("Does this file say who does not want messages?")).toBeTruthy();
  expect(importButton().disabled).toBe(true);
  await user.selectOptions(await select("Status"), "E-mail opted out");
  expect(screen.queryByText("Does this file say who does not want messages?")).toBeNull();
  await user.selectOptions(await select("What “Status” becomes"), "Do not contact");
  expect(importButton().disabled).toBe(false);
  await user.click(importButton());
  await screen.findByText("Import finished");
  const [call] = server.calls.filter(({ id }) => id === "importContacts");
  expect(call?.body).toMatchObject({
    encoding: "utf-8",
    columns: [
      { header: "Name", target: "name" },
      { header: "Status", target: "dnc" },
    ],
  });
});

it("asks what the server found in rows that the page did not show, and then sends the file as another import", async () => {
  const ids: unknown[] = [];
  fakeApi({
    listContactImports: noEarlierImports,
    importContacts: ({ body }) => {
      ids.push(body.importId);
      if (body.columns[1]?.notConsent) return done;
      throw new Refusal("consent_unclear", "Some columns seem to say who does not want messages.", [
        { path: "columns.1", message: "“Group”" },
      ]);
    },
    getContactImport: () => done,
  });
  const user = await choose("Name,Group\nAnn,A\nBob,B\n");
  await user.click(importButton());
  await user.selectOptions(await select("Group"), "It is not about consent");
  expect(importButton().disabled).toBe(false);
  await user.click(importButton());
  await screen.findByText("Import finished");
  expect(new Set(ids).size).toBe(2);
});

it("shows how the letters are read, warns where they cannot be, and reads them anew in another encoding", async () => {
  fakeApi({ listContactImports: noEarlierImports });
  const user = await choose(new Uint8Array(Buffer.from("Name,Email\nZo\xeb,z@example.com\n", "latin1")) as Uint8Array<ArrayBuffer>);
  expect(await screen.findByText("These characters are read as")).toBeTruthy();
  expect(screen.getAllByText(/Zoë/).length).toBeGreaterThan(0);
  await user.selectOptions(await select("Text encoding"), "Unicode (UTF-8)");
  expect(await screen.findByText("Some letters cannot be read this way")).toBeTruthy();
  await user.selectOptions(await select("Text encoding"), "Central European (Windows-1250)");
  expect(await screen.findByText("These characters are read as")).toBeTruthy();
});

it("asks which system the ids come from, so that the ids of two systems are never taken for each other", async () => {
  const server = fakeApi({ listContactImports: noEarlierImports, importContacts: () => done, getContactImport: () => done });
  const user = await choose("Name,Record\nAnn,7\n");
  await user.selectOptions(await select("What “Record” becomes"), "Unique ID in the other system");
  expect(importButton().disabled).toBe(true);
  await user.type(screen.getByLabelText("System of the IDs"), "HubSpot");
  await user.click(importButton());
  await screen.findByText("Import finished");
  expect(server.calls.find(({ id }) => id === "importContacts")?.body).toMatchObject({ source: "HubSpot" });
});

it("lists earlier imports, whom they kept apart and what they replaced, and takes one back", async () => {
  const earlier = { ...done, created: 1, updated: 1, keptApart: 1, overwritten: 1, fromBin: 1, undoUntil: "2026-12-28T12:00:00.000Z" };
  const contactId = "0192f000-0000-7000-8000-000000000001";
  const server = fakeApi({
    listContactImports: () => ({ items: [earlier], nextCursor: null }),
    listImportLines: () => ({
      items: [
        {
          line: 2,
          contactId,
          displayName: "Bob Smith",
          apart: { reason: "other_name", fromId: contactId, fromName: "Ann Smith" },
          overwrites: [],
          fromBin: false,
        },
        {
          line: 3,
          contactId,
          displayName: "Cy",
          apart: null,
          overwrites: [{ line: 3, field: "lead_status", from: "Cold", to: "Hot" }],
          fromBin: true,
        },
      ],
      nextCursor: null,
    }),
    undoContactImport: () => ({
      ...earlier,
      undoUntil: null,
      undone: { at: "2026-11-28T13:00:00.000Z", removed: 1, restored: 0, changedSince: 1 },
    }),
  });
  const { user } = await renderUi(<ImportDialog open onClose={() => {}} />);
  await user.click(await screen.findByRole("button", { name: "Show the result of people.csv" }));
  expect(await screen.findByText(/^Kept apart from Ann Smith:/)).toBeTruthy();
  expect(screen.getByText("Lead status: “Cold” was replaced by “Hot”.")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Undo this import" }));
  expect(server.calls.some(({ id }) => id === "undoContactImport")).toBe(false);
  await user.click(screen.getByRole("button", { name: "Undo the import" }));
  expect(await screen.findByText("1 contact deleted, 0 contacts put back. Changed since, and left alone: 1 contact.")).toBeTruthy();
});

it("imports the first line as a contact where it is one, and says that no line names the columns", async () => {
  const server = fakeApi({ listContactImports: noEarlierImports, importContacts: () => done, getContactImport: () => done });
  const user = await choose("Carla,carla@rossi.example\nDora,dora@rossi.example\n");
  expect(screen.getByText("No line names the columns")).toBeTruthy();
  await user.click(importButton());
  await screen.findByText("Import finished");
  const [call] = server.calls.filter(({ id }) => id === "importContacts");
  expect(call?.body).toMatchObject({
    headerRow: 0,
    columns: [
      { header: "", target: "metadata" },
      { header: "", target: "email" },
    ],
  });
});

it("shows the lines above the names that are passed over, and takes another line for the names where somebody says so", async () => {
  fakeApi({ listContactImports: noEarlierImports });
  const user = await choose("Customer list as of 1 Dec,,\n,,\nName,Email,I do not want to receive SMS\nAnn,ann@example.com,yes\n");
  expect(screen.getByText("1 line above the names will not be imported")).toBeTruthy();
  expect(await select("What “Email” becomes")).toBeTruthy();
  await user.selectOptions(await select("Which line names the columns?"), "1");
  expect(screen.queryByText("1 line above the names will not be imported")).toBeNull();
  expect(await select("What “Customer list as of 1 Dec” becomes")).toBeTruthy();
});
