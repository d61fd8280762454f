import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import type { ExecutionMove } from "#contract/executions.ts";
import { buildExecution, buildStep, historyIds } from "#test/build-history.ts";
import { fakeApi } from "#test/fake-api.ts";
import { chain, node, sms } from "#test/graphs.ts";
import { renderUi } from "#test/render.tsx";
import { PathDrawing } from "./path-drawing.tsx";

const version = (id: string, number: number) => ({
  id,
  flowId: historyIds.flow,
  number,
  name: "Welcome Flow",
  ...chain(node("start"), sms("Hi")),
  settings: {},
});
const [before, after] = [version(historyIds.send, 7), version(historyIds.version, 8)];

it("has a way for each version through which a contact was moved, and shows the last one first", async () => {
  const move: ExecutionMove = {
    at: "2026-05-03T13:10:00.000Z",
    afterVisit: 1,
    action: "node",
    from: { versionId: before.id, version: 7, nodeId: "start" },
    to: { versionId: after.id, version: 8, nodeId: "sms" },
  };
  const asked: string[] = [];
  fakeApi({
    getExecution: () => buildExecution({ status: "completed" }),
    listSteps: () => ({ items: [buildStep({ visit: 1 }), buildStep({ visit: 2, nodeId: "sms", nodeType: "send_sms" })], moves: [move] }),
    getFlowVersion: ({ params }) => {
      asked.push(params.id);
      return params.id === before.id ? before : after;
    },
  });
  const { user } = await renderUi(<PathDrawing executionId={historyIds.execution} zone="UTC" />);
  const earlier = await screen.findByRole("radio", { name: /^Version 7, until/ });
  expect(screen.getByRole("radio", { name: /^Version 8, since/ })).toHaveProperty("checked", true);
  expect(asked).toEqual([after.id]);
  await user.click(earlier);
  await waitFor(() => expect(asked).toEqual([after.id, before.id]));
});

it("offers no choice where nobody was moved", async () => {
  fakeApi({
    getExecution: () => buildExecution({ status: "completed" }),
    listSteps: () => ({ items: [buildStep()], moves: [] }),
    getFlowVersion: () => after,
  });
  await renderUi(<PathDrawing executionId={historyIds.execution} zone="UTC" />);
  expect(await screen.findByText("Path of")).toBeDefined();
  expect(screen.queryByRole("radio")).toBeNull();
});
