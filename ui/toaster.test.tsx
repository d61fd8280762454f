import { act, screen, waitFor } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { renderUi } from "#test/render.tsx";
import { clearToasts, toast } from "./toaster.tsx";

describe("a toast", () => {
  it("that was asked for before anything could draw it is shown afterwards", async () => {
    toast({ title: "Saved", status: "success" });
    await renderUi(<p>page</p>);
    expect(await screen.findByText("Saved")).toBeDefined();
  });

  it("with the id of one that is shown takes its place, and keeps nothing of what it said", async () => {
    await renderUi(<p>page</p>);
    toast({ id: "send", title: "Sending", description: "3 contacts", status: "info" });
    await screen.findByText("3 contacts");
    toast({ id: "send", title: "Stopped", status: "warning" });
    await screen.findByText("Stopped");
    expect(screen.queryByText("Sending")).toBeNull();
    await waitFor(() => expect(screen.queryByText("3 contacts")).toBeNull());
  });

  it("that takes the place of another has its whole time, also where both are shown equally long", async () => {
    await renderUi(<p>page</p>);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "requestAnimationFrame", "cancelAnimationFrame", "performance", "Date"] });
    try {
      const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
      toast({ id: "walk", title: "1 of 2", status: "info", duration: 4_000 });
      await pass(3_500);
      toast({ id: "walk", title: "2 of 2", status: "info", duration: 4_000 });
      await pass(3_000);
      expect(screen.queryByText("2 of 2")).not.toBeNull();
      await pass(2_000);
      expect(screen.queryByText("2 of 2")).toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });

  it("offers its action", async () => {
    const onClick = vi.fn();
    const { user } = await renderUi(<p>page</p>);
    toast({ title: "Deleted", status: "success", action: { label: "Undo", onClick } });
    await user.click(await screen.findByRole("button", { name: "Undo" }));
    expect(onClick).toHaveBeenCalledOnce();
  });

  it("does not outlive the session", async () => {
    await renderUi(<p>page</p>);
    toast({ title: "Secret of the last session", status: "info" });
    await screen.findByText("Secret of the last session");
    clearToasts();
    await waitFor(() => expect(screen.queryByText("Secret of the last session")).toBeNull());
  });
});
