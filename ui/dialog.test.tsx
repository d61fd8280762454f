import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { useState } from "react";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { renderUi } from "#test/render.tsx";
import { Button } from "./button.tsx";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { Dialog } from "./dialog.tsx";

function Page({ closeable = true, onClose = () => {} }: { closeable?: boolean; onClose?: () => void }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Open</Button>
      <Dialog
        open={open}
        closeable={closeable}
        onClose={() => {
          onClose();
          setOpen(false);
        }}
        title="Send flow to 3 contacts"
        footer={<Button tone="primary">Send flow</Button>}
      >
        <input aria-label="Note" />
      </Dialog>
    </>
  );
}

const opened = async (props: Parameters<typeof Page>[0] = {}) => {
  const page = await renderUi(<Page {...props} />);
  await page.user.click(screen.getByRole("button", { name: "Open" }));
  const dialog = await screen.findByRole("dialog", { name: "Send flow to 3 contacts" });
  // It listens for keys once it has the focus, which comes a moment after it is drawn.
  await waitFor(() => expect(dialog.contains(document.activeElement)).toBe(true));
  return { ...page, dialog };
};
/** What closes a dialog a moment later has its moment. */
function stopTheClock() {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  return { passAMinute: () => act(() => vi.advanceTimersByTimeAsync(60_000)) };
}
const gone = () => waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());

describe("a dialog", () => {
  it("is not closed by a click outside", async () => {
    const onClose = vi.fn();
    await opened({ onClose });
    const { passAMinute } = stopTheClock();
    // A press outside as zag listens for it: pointerdown on the document, then the click.
    fireEvent.pointerDown(document.body, { button: 0, pointerType: "mouse" });
    fireEvent.pointerUp(document.body);
    fireEvent.click(document.body);
    await passAMinute();
    expect(onClose).not.toHaveBeenCalled();
    expect(screen.getByRole("dialog")).toBeDefined();
  });

  it("is closed neither by Esc nor by an X while something is under way", async () => {
    const onClose = vi.fn();
    const { dialog } = await opened({ closeable: false, onClose });
    const { passAMinute } = stopTheClock();
    fireEvent.keyDown(dialog, { key: "Escape" });
    expect(screen.queryByRole("button", { name: "Close" })).toBeNull();
    await passAMinute();
    expect(onClose).not.toHaveBeenCalled();
  });

  it("is closed by Esc, and gives the focus back to what opened it", async () => {
    const { user } = await opened();
    await user.keyboard("{Escape}");
    await gone();
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("button", { name: "Open" })));
  });

  it("is closed by its X", async () => {
    const { user } = await opened();
    await user.click(screen.getByRole("button", { name: "Close" }));
    await gone();
  });

  it("keeps the focus inside", async () => {
    const { user, dialog } = await opened();
    await waitFor(() => expect(dialog.contains(document.activeElement)).toBe(true));
    for (let press = 0; press < 5; press++) {
      await user.tab();
      expect(dialog.contains(document.activeElement)).toBe(true);
    }
  });
});

describe("a confirmation", () => {
  const confirmation = (busy: boolean, onConfirm = vi.fn()) => (
    <ConfirmDialog open onClose={() => {}} onConfirm={onConfirm} title="Delete 3 contacts?" confirmLabel="Delete 3 contacts" busy={busy}>
      Their history stays.
    </ConfirmDialog>
  );

  it("begins on Cancel, so that Enter alone destroys nothing", async () => {
    const onConfirm = vi.fn();
    const { user } = await renderUi(confirmation(false, onConfirm));
    const cancel = await screen.findByRole("button", { name: "Cancel" });
    await waitFor(() => expect(document.activeElement).toBe(cancel));
    await user.keyboard("{Enter}");
    expect(onConfirm).not.toHaveBeenCalled();
  });

  it("can be neither pressed nor left while it works", async () => {
    await renderUi(confirmation(true));
    const confirm = await screen.findByRole("button", { name: "Delete 3 contacts" });
    expect((confirm as HTMLButtonElement).disabled).toBe(true);
    expect((screen.getByRole("button", { name: "Cancel" }) as HTMLButtonElement).disabled).toBe(true);
    expect(screen.queryByRole("button", { name: "Close" })).toBeNull();
  });
});
