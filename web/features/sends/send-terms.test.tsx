import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { SendTerms as Terms } from "#contract/send-terms.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { SendTerms } from "./send-terms.tsx";

const sendId = "019a0000-0000-7000-8000-000000000001";
const nothing: Terms = { exclude: null, condition: null, values: [], ownValues: 0 };

describe("as it was sent", () => {
  it("says that it could not be read, and reads it again", async () => {
    const server = fakeApi({
      getSendTerms: () => {
        throw new Refusal("internal", "Something broke.");
      },
    });
    const { user } = await renderUi(<SendTerms sendId={sendId} />);
    expect((await screen.findByRole("alert")).textContent).toContain("Something broke.");
    Object.assign(server, { getSendTerms: () => ({ ...nothing, exclude: { silentDays: 1 } }) });
    await user.click(screen.getByRole("button", { name: "Retry" }));
    expect(await screen.findByText("Not who has not replied in the last day")).toBeTruthy();
  });

  it("has no line for a send that was told nothing", async () => {
    const server = fakeApi({ getSendTerms: () => nothing });
    const { container } = await renderUi(<SendTerms sendId={sendId} />);
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(server.calls).toHaveLength(1);
    expect(container.querySelector("dl")).toBeNull();
  });

  it("names the exclusions, the condition and the values", async () => {
    fakeApi({
      getSendTerms: () => ({
        exclude: { messagedDays: 7, inAnotherFlow: true },
        condition: { match: "all", tests: [{ field: "lead_status", operator: "is", value: "New", caseSensitive: false }] },
        values: [
          { name: "amount", label: "Amount", value: 20, field: null, fallback: null },
          { name: "city", label: "City", value: null, field: "custom.town", fallback: "Bonn" },
        ],
        ownValues: 2,
      }),
    });
    await renderUi(<SendTerms sendId={sendId} />);
    expect(await screen.findByText("Not who is in another flow, not who got a message in the last 7 days")).toBeTruthy();
    expect(screen.getByText("Lead status is New")).toBeTruthy();
    expect(screen.getByText("Amount: 20 · City: town of each contact, or else Bonn · 2 contacts have values of their own")).toBeTruthy();
  });
});
