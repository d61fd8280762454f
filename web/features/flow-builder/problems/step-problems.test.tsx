import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { FlowNode, FlowProblem } from "#contract/flows.ts";
import { renderUi } from "#test/render.tsx";
import type { DraftStore } from "../draft/draft-store.ts";
import { StepProblems } from "./step-problems.tsx";

const node: FlowNode = { id: "a", type: "send_email", position: { x: 0, y: 0 }, data: {} };
const problem = (message: string, field?: string): FlowProblem => ({
  severity: "warning",
  code: "field_without_default",
  message,
  nodeId: "a",
  ...(field && { field }),
});

test("two settings with the same problem are told apart by their names, and one alone needs none", async () => {
  const problems = [problem("It is missing.", "subject"), problem("It is missing.", "text"), problem("Nobody gets it.", "text")];
  await renderUi(<StepProblems store={{} as DraftStore} node={node} problems={problems} disabled />);
  const told = screen.getAllByRole("button").map(({ textContent }) => textContent);
  expect(told).toEqual(["Subject: It is missing.", "Text: It is missing.", "Nobody gets it."]);
});
