import { expect, test } from "vitest";
import { hashContent } from "./freeze-version.ts";

const content = {
  nodes: [
    { type: "start", id: "start", position: { y: -0, x: 1.5 }, data: {} },
    {
      id: "sms",
      type: "send_sms",
      position: { x: 0, y: 80 },
      data: {
        config: {
          text: 'Hé "{{ firstname }}"\n\u2028\ud83d',
          Zebra: 1,
          apple: null,
          ä: true,
          "10": "ten",
          "9": "nine",
          "01": "text",
          "4294967295": "no index",
          "-1": 0,
        },
        label: undefined,
      },
    },
  ],
  edges: [{ target: "sms", source: "start", id: "e1" }],
  settings: { b: [undefined, { d: 1, c: 2 }], a: 1e21 },
};

test("the hash of a version is the one that was stored for the same content years ago", () => {
  expect(hashContent(content)).toBe("ab4a98862d63191c6c0bc1df8009ea976b99b886335d3d396e2dd37ff53bf200");
});

test("the order in which properties were written does not change the hash, the order of a list does", () => {
  expect(hashContent({ b: 1, a: { d: 2, c: 3 } })).toBe(hashContent({ a: { c: 3, d: 2 }, b: 1 }));
  expect(hashContent([1, 2])).not.toBe(hashContent([2, 1]));
});
