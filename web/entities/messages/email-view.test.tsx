import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderUi } from "#test/render.tsx";
import { EmailView } from "./email-view.tsx";

const mail = { subject: "Hello", text: "Hello", html: "<p>Hello</p>" };
const frame = () => screen.getByTitle<HTMLIFrameElement>("E-mail: Hello");

test("whoever writes an e-mail looks at it light and dark, on a computer and on a telephone, and what is shown stays the same", async () => {
  const { user } = await renderUi(<EmailView {...mail} choosesWidth />);
  const before = frame().srcdoc;
  expect([frame().style.width, frame().style.filter]).toEqual(["600px", ""]);
  await user.click(screen.getByRole("radio", { name: "Dark, about as mail programs turn it" }));
  expect(frame().style.filter).toContain("invert");
  await user.click(screen.getByRole("radio", { name: "375 pixels, as on a telephone" }));
  expect([frame().style.width, frame().srcdoc]).toEqual(["375px", before]);
});

test("a mail that was sent is shown as it was, without a choice", async () => {
  await renderUi(<EmailView {...mail} />);
  expect(screen.queryByRole("radio")).toBeNull();
  expect(frame().style.filter).toBe("");
});
