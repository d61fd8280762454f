import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { FlowNode } from "#contract/flows.ts";
import { diffFlows } from "#nodes/diff-flows.ts";
import { renderUi } from "#test/render.tsx";
import { ChangeList } from "./change-list.tsx";
import { changeWords } from "./change-words.ts";

const step = (type: string, config: Record<string, unknown>): FlowNode => ({
  id: "offer",
  type,
  position: { x: 0, y: 0 },
  data: { label: "Offer", config },
});

/** The list of what differs between two forms of one step. */
async function show(type: string, before: Record<string, unknown>, after: Record<string, unknown>) {
  const nodes = [[step(type, before)], [step(type, after)]] as const;
  const content = (index: 0 | 1) => ({ name: "Sale", nodes: nodes[index], edges: [], settings: {} });
  await renderUi(<ChangeList changes={changeWords(diffFlows(content(0), content(1)), nodes[0], nodes[1])} />);
  return within(await screen.findByRole("listitem"));
}

it("a rewritten SMS shows the words that are gone and those that are new, also to who does not see colours", async () => {
  const list = await show("send_sms", { text: "The sale ends on Thursday" }, { text: "The sale ends on Friday" });
  expect((await list.findByRole("deletion")).textContent).toBe("(taken away: Thursday)");
  expect(list.getByRole("insertion").textContent).toBe("(added: Friday)");
  expect(screen.getByRole("listitem").textContent).toBe("“Offer”: text changedThe sale ends on (taken away: Thursday)(added: Friday)");
});

it("the subject of an e-mail is compared by word, and a single word is told in its sentence", async () => {
  const list = await show("send_email", { subject: "Until Thursday", text: "x" }, { subject: "Until Friday", text: "x" });
  expect((await list.findByRole("insertion")).textContent).toBe("(added: Friday)");
  document.body.replaceChildren();
  await show("send_email", { subject: "Sale", text: "x" }, { subject: "Offer", text: "x" });
  expect(screen.getByRole("listitem").textContent).toBe("“Offer”: subject is “Offer” instead of “Sale”");
});

it("an HTML e-mail is compared by what one reads in it, and by its source where that is the same", async () => {
  const list = await show("send_email", { html: "<p>Until <b>Thursday</b> only</p>" }, { html: "<div>Until <i>Friday</i> only</div>" });
  expect((await list.findByRole("deletion")).textContent).toBe("(taken away: Thursday)");
  expect(screen.getByRole("listitem").textContent).toMatch(/^“Offer”: the text of the e-mail changedUntil /);
  expect(screen.getByRole("listitem").textContent).not.toContain("<");
  document.body.replaceChildren();
  const source = await show("send_email", { html: "<p>Until <b>Friday</b> only</p>" }, { html: "<p>Until <em>Friday</em> only</p>" });
  expect(await source.findByText("Its words are the same. This is what changed in the HTML:")).toBeDefined();
  expect(source.getAllByRole("insertion").map(({ textContent }) => textContent)).toContain("(added: em)");
});

it("settings that are no text are compared value by value", async () => {
  const days = [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, from: "09:00", to: "17:00" }));
  const later = days.map((one) => (one.day === 3 ? { ...one, to: "18:30" } : one));
  const list = await show("time_window", { hours: days }, { hours: later });
  expect((await list.findAllByRole("insertion")).map(({ textContent }) => textContent).join()).toContain("18");
  expect(screen.getByRole("listitem").textContent).toContain("…");
});

it("steps of the same name that are added or taken away are counted", () => {
  const named = (id: string): FlowNode => ({ ...step("send_sms", { text: id }), id });
  const content = (...nodes: FlowNode[]) => ({ name: "Sale", nodes, edges: [], settings: {} });
  const [before, after] = [content(named("a")), content(named("b"), named("c"))];
  const words = changeWords(diffFlows(before, after), before.nodes, after.nodes).map((one) => one.words);
  expect(words).toEqual(["“Offer” was added, 2 times", "“Offer” was taken away"]);
});
