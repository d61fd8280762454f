import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { SecretSettings } from "./secret-settings.tsx";

const secret = (name: string, hosts: string[]) => ({ name, hosts, updatedBy: null, updatedAt: "2026-05-01T00:00:00Z" });

describe("the secrets", () => {
  it("are for admins", async () => {
    const server = fakeApi({ listSecrets: () => ({ items: [] }) });
    await renderUi(<SecretSettings />, { role: "editor" });
    expect(screen.getByText("Admins and owners store secrets.")).toBeDefined();
    expect(server.calls).toEqual([]);
  });

  it("that could not be loaded are an error, not an empty list", async () => {
    fakeApi({
      listSecrets: () => {
        throw new Refusal("not_found", "The database is away.");
      },
    });
    await renderUi(<SecretSettings />);
    expect(await screen.findByRole("button", { name: "Retry" })).toBeDefined();
    expect(screen.queryByText("No secrets yet")).toBeNull();
  });

  it("tell where each may go, and that one without hosts is of no use", async () => {
    fakeApi({ listSecrets: () => ({ items: [secret("billing", ["a.example", "b.example:8443"]), secret("old", [])] }) });
    await renderUi(<SecretSettings />);
    const [billing, old] = await screen.findAllByRole("listitem");
    expect(billing?.textContent).toContain("{{ secrets.billing }}May go to a.example, b.example:8443");
    expect(old?.textContent).toContain("No host is named yet");
  });

  it("are added with a name that is free, a value and hosts, and all problems are told at once", async () => {
    const stored: string[] = [];
    const server = fakeApi({
      listSecrets: () => ({ items: [secret("billing", ["a.example"])] }),
      setSecret: ({ params: { name } }) => {
        stored.push(name);
        return { success: true };
      },
    });
    const { user } = await renderUi(<SecretSettings />);
    await user.click(await screen.findByRole("button", { name: "Add secret" }));
    await user.type(await screen.findByLabelText("Name"), "1 bad");
    await user.type(screen.getByLabelText("Hosts"), "a.example/path");
    await user.click(screen.getByRole("button", { name: "Add secret" }));
    await waitFor(() => expect(document.querySelectorAll("[aria-invalid=true]")).toHaveLength(3));
    await user.clear(screen.getByLabelText("Name"));
    await user.type(screen.getByLabelText("Name"), "billing");
    await user.type(screen.getByLabelText("Value"), "s3cret");
    await user.clear(screen.getByLabelText("Hosts"));
    await user.type(screen.getByLabelText("Hosts"), "https://A.example/, b.example");
    await user.click(screen.getByRole("button", { name: "Add secret" }));
    expect(await screen.findByText("This name is taken")).toBeDefined();
    await user.type(screen.getByLabelText("Name"), "2");
    await user.click(screen.getByRole("button", { name: "Add secret" }));
    await waitFor(() => expect(stored).toEqual(["billing2"]));
    expect(server.calls.find(({ id }) => id === "setSecret")?.body).toEqual({ value: "s3cret", hosts: ["a.example", "b.example"] });
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("are deleted after a question that names what stops", async () => {
    const server = fakeApi({ listSecrets: () => ({ items: [secret("billing", ["a.example"])] }), deleteSecret: () => ({ success: true }) });
    const { user } = await renderUi(<SecretSettings />);
    await user.click(await screen.findByRole("button", { name: "Delete billing" }));
    expect(await screen.findByText(/Webhooks that name it fail/)).toBeDefined();
    expect(server.calls.some(({ id }) => id === "deleteSecret")).toBe(false);
    await user.click(screen.getByRole("button", { name: "Delete secret" }));
    await waitFor(() => expect(server.calls.some(({ id }) => id === "deleteSecret")).toBe(true));
  });
});
