import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { legalHours } from "#contract/legal-hours.ts";
import { usualSendingRules } from "#contract/sending-rules.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { SendingHours } from "./sending-hours.tsx";

const save = { name: "Save sending rules" };

describe("the rules of sending", () => {
  it("cannot be changed by an editor, who sees them and who can", async () => {
    fakeApi({ getSendingRules: () => usualSendingRules });
    await renderUi(<SendingHours />, { role: "editor" });
    expect((await screen.findByLabelText<HTMLInputElement>("From")).disabled).toBe(true);
    expect(screen.queryByRole("button", save)).toBeNull();
    expect(screen.getByText("Admins and owners change these rules.")).toBeDefined();
  });

  it("are saved as they stand on the page, addresses of the sandbox without the blanks of a phone number", async () => {
    const { calls } = fakeApi({ getSendingRules: () => usualSendingRules, saveSendingRules: ({ body }) => body });
    const { user } = await renderUi(<SendingHours />, { role: "admin" });
    await user.click(await screen.findByLabelText(/^Write to these addresses only/));
    await user.type(screen.getByLabelText("Allowed addresses"), "+1 415 555-0100\nme@example.com");
    await user.click(screen.getByLabelText(/^Answers wait too/));
    await user.click(screen.getByRole("button", save));
    await waitFor(() =>
      expect(calls.find(({ id }) => id === "saveSendingRules")?.body).toEqual({
        ...usualSendingRules,
        quietHours: { ...usualSendingRules.quietHours, also: ["conversational"] },
        sandbox: { on: true, addresses: ["+14155550100", "me@example.com"] },
      }),
    );
  });

  it("say what it means to have no hours, and show each law with its source and date", async () => {
    fakeApi({ getSendingRules: () => ({ ...usualSendingRules, quietHours: { ...usualSendingRules.quietHours, on: false } }) });
    await renderUi(<SendingHours />, { role: "admin" });
    expect(await screen.findByText(/Marketing SMS leave at any hour of the night/)).toBeDefined();
    const rows = within(screen.getByRole("region", { name: "Hours by law", hidden: true })).getAllByRole("row", { hidden: true });
    expect(rows).toHaveLength(legalHours.length + 1);
    for (const law of legalHours)
      expect(
        rows.some(
          ({ textContent }) => textContent?.includes(law.place) && textContent.includes(law.source) && textContent.includes(law.checked),
        ),
      ).toBe(true);
  });

  it("show what was refused where it stands", async () => {
    fakeApi({
      getSendingRules: () => usualSendingRules,
      saveSendingRules: () => {
        throw new Refusal("invalid_request", "Not saved", [{ path: "quietHours.to", message: "The hours end before they begin" }]);
      },
    });
    const { user } = await renderUi(<SendingHours />, { role: "admin" });
    await user.click(await screen.findByLabelText("Service messages wait too"));
    await user.click(screen.getByRole("button", save));
    expect(await screen.findByText("The hours end before they begin")).toBeDefined();
  });
});
