import { expect, test } from "vitest";
import { checkSettings, unreadSettings } from "./check-settings.ts";

test("a flow without settings is told nothing about them", () => {
  expect(checkSettings({})).toEqual([]);
});

test("settings without an effect are told by their names, also those that came in beside the graph", () => {
  expect(unreadSettings({ color: "blue", cameInAs: { status: "active" } })).toEqual(["color", "status"]);
  expect(checkSettings({ workflowSettings: { stopOnResponse: true } })).toMatchObject([
    { severity: "warning", code: "setting_unread", message: expect.stringContaining("workflowSettings") },
  ]);
});
