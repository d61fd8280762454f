import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { SendClicks as Clicks } from "#contract/link-tracking.ts";
import { historyIds } from "#test/build-history.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { SendClicks } from "./send-clicks.tsx";

const sendId = historyIds.send;
const none: Clicks = { sendId, tracksClicks: false, tracksOpens: false, clicked: 0, opened: 0, onlyPrograms: 0, links: [] };

describe("the clicks of a send", () => {
  it("say that they could not be loaded, and are no zero then", async () => {
    fakeApi({
      getSendClicks: () => {
        throw new Refusal("internal", "Something broke.");
      },
    });
    await renderUi(<SendClicks sendId={sendId} />);
    expect(await screen.findByText("Clicks could not be loaded")).toBeDefined();
    expect(screen.queryByText(/Clicked/)).toBeNull();
  });

  it("are not there where nothing is noted and nothing was", async () => {
    const { calls } = fakeApi({ getSendClicks: () => none });
    await renderUi(<SendClicks sendId={sendId} />);
    await waitFor(() => expect(calls).toHaveLength(1));
    expect(screen.queryByRole("region", { name: "Clicks and opens" })).toBeNull();
  });

  it("tell what was noted before it was turned off, call opens unreliable, and name the links", async () => {
    const links = [{ url: "https://shop.example/offer", contacts: 1_200 }];
    fakeApi({ getSendClicks: () => ({ ...none, clicked: 1_234, opened: 5, onlyPrograms: 1, links }) });
    await renderUi(<SendClicks sendId={sendId} />);
    const region = await screen.findByRole("region", { name: "Clicks and opens" });
    expect(region.textContent).toContain("Clicked: 1,234");
    expect(region.textContent).toContain("Opened: 5 (unreliable)");
    expect(region.textContent).toContain("1 link followed by programs only");
    expect(region.textContent).toContain("1,200 contacts");
    expect(region.textContent).toContain("https://shop.example/offer");
  });
});
