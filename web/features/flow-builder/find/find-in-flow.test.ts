import { describe, expect, test } from "vitest";
import type { DraftContent } from "../draft/content.ts";
import { change, noHistory, undo } from "../draft/history.ts";
import { findInFlow, readQuery } from "./find-in-flow.ts";
import { replaceFound } from "./replace-found.ts";

const node = (id: string, type: string, config: Record<string, unknown>, data: object = {}) => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data: { config, ...data },
});
const content: DraftContent = {
  name: "Flow",
  settings: {},
  nodes: [
    node("start", "start", {}),
    node("hello", "send_sms", { text: "Hi {{ firstname }}, {{ firstname }}!" }, { label: "Firstname first", note: "About the firstname" }),
    node("if", "condition", { branches: [{ id: "yes", tests: [{ field: "firstname", operator: "is", value: "Ana" }] }] }, { off: true }),
    node("mail", "send_email", { subject: "News", text: "No name here" }, { key: "first_mail" }),
  ],
  edges: [{ id: "e", source: "mail", target: "if", data: { note: "Only with a firstname" } }],
};
const order = ["start", "hello", "if", "mail"];
const problems = [
  { severity: "error", code: "bad_config", message: "", nodeId: "mail" },
  { severity: "hint", code: "bad_config", message: "", nodeId: "hello" },
] as const;
const find = (typed: string, of = content) => findInFlow(of, readQuery(typed), problems, order);
const places = (typed: string) => find(typed).map(({ nodeId, place }) => `${nodeId} ${place.in}${"at" in place ? ` ${place.at}` : ""}`);

describe("find", () => {
  test("finds nothing where nothing is asked, and nothing for a word that it does not know", () => {
    expect(find("  ")).toEqual([]);
    expect(find("is:nonsense")).toEqual([]);
  });

  test("lists every place of a word: names, notes, texts, fields, and notes on lines", () => {
    expect(places("FIRSTNAME")).toEqual([
      "hello name",
      "hello note",
      "hello setting text",
      "hello setting text",
      "if setting branches.0.tests.0.field",
      "mail line_note",
    ]);
  });

  test("finds ids and data keys", () => {
    expect(places("first_mail")).toEqual(["mail key"]);
    expect(places("hello")).toEqual(["hello id"]);
  });

  test("finds steps by what is said of them, alone and with a word", () => {
    expect(places("is:problem")).toEqual(["mail step"]);
    expect(places("is:off")).toEqual(["if step"]);
    expect(places("type:sms")).toEqual(["hello step"]);
    expect(places("uses:firstname")).toEqual(["hello step", "if step"]);
    expect(places("uses:firstname type:sms first first")).toEqual([]);
    expect(places("uses:firstname type:condition ana")).toEqual(["if setting branches.0.tests.0.value"]);
  });
});

describe("replace", () => {
  const replace = (typed: string, by: string) =>
    change(content, noHistory, {
      label: "replace",
      recipe: (draft) => replaceFound(draft, find(typed), readQuery(typed).words.length, by),
      at: 0,
    });

  test("changes names, notes and texts, and neither fields nor ids, in one step that is undone whole", () => {
    const done = replace("firstname", "lastname");
    const [, hello, condition] = done?.content.nodes ?? [];
    expect(hello?.data).toMatchObject({
      label: "lastname first",
      note: "About the lastname",
      config: { text: "Hi {{ lastname }}, {{ lastname }}!" },
    });
    expect(condition).toBe(content.nodes[2]);
    expect(done?.content.edges[0]?.data).toEqual({ note: "Only with a lastname" });
    expect(done && undo(done.content, done.history)?.content).toEqual(content);
  });

  test("by nothing takes the word away, and by a longer one that holds it does so once", () => {
    expect(replace("firstname", "")?.content.nodes[1]?.data.config?.text).toBe("Hi {{  }}, {{  }}!");
    expect(replace("firstname", "firstname firstname")?.content.nodes[1]?.data.note).toBe("About the firstname firstname");
  });

  test("leaves a name that nobody gave as it is", () => {
    expect(replace("start", "begin")).toBeUndefined();
  });
});
