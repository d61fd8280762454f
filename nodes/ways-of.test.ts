import { describe, expect, test } from "vitest";
import { waysOf } from "./ways-of.ts";

const labels = (type: string, config?: unknown) => waysOf(type, config).exits.map(({ label }) => label);

describe("while settings are being typed", () => {
  test("branches, shares and cases keep their names, whatever is wrong with their tests and sums", () => {
    const branches = [
      { id: "a", label: "Regulars", tests: [{ field: "", operator: "is" }] },
      { id: "b", label: "", tests: [] },
    ];
    expect(labels("condition", { branches })).toEqual(["Regulars", "b", "Otherwise"]);
    expect(labels("split", { shares: [{ id: "x", label: "Half", percent: 70 }] })).toEqual(["Half"]);
    expect(labels("wait_for_reply", { cases: [{ id: "y", label: "Sure", is: "words", words: [] }] })).toContain("Sure");
    expect(labels("send_sms", { text: "" })).toEqual(labels("send_sms", { text: "Hi" }));
  });

  test("a jump still leads where it led", () => {
    expect(waysOf("go_to", { target: "hello", times: 0, pauseSeconds: 5 }).jumps).toEqual({ next: "hello" });
  });

  test.each([
    undefined,
    null,
    [1],
    "text",
    { branches: "none" },
    { branches: [null] },
    { branches: [{ id: 5, label: {} }] },
    { branches: [{ id: "" }] },
    {
      branches: [
        { id: "twice", label: "" },
        { id: "twice", label: "" },
      ],
    },
  ])("of settings in which no exits can be read, %j, those of a new step stand in", (config) =>
    expect(labels("condition", config)).toEqual(["Yes", "Otherwise"]),
  );

  test("a type that is not known has none", () => expect(waysOf("constructor", {})).toEqual({ exits: [], jumps: {} }));
});

test("a case of a reply of which nothing is typed yet has a name all the same", () => {
  const cases = [
    { id: "p", is: "pattern", pattern: "" },
    { id: "n", is: "number" },
    { id: "w", is: "words", words: [] },
  ];
  const { exits } = waysOf("wait_for_reply", { channel: "any", limitSeconds: 3_600, cases });
  expect(exits.slice(0, 3).map(({ label }) => label)).toEqual(["A reply", "A number", "A reply"]);
});
