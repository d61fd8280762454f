import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { renderUi } from "#test/render.tsx";
import { EmailFrame } from "./email-frame.tsx";

it("an e-mail that a member looks at loads no picture that tells of an open, and its links are not counted", async () => {
  const token = "aB3-_".repeat(20);
  const html = `<a href="https://s.example/l/${token}">x</a><img src="https://s.example/o/${token}" width="1" height="1" alt="" style="border:0">`;
  await renderUi(<EmailFrame title="E-mail" html={html} />);
  const shown = screen.getByTitle("E-mail").getAttribute("srcdoc");
  expect(shown).toContain(`href="https://s.example/l/${token}?look"`);
  expect(shown).not.toContain("/o/");
});
