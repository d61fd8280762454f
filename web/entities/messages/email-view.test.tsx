import { readFileSync } from "node:fs";
import { fireEvent, screen } from "@testing-library/react";
import { useState } from "react";
import { expect, test } from "vitest";
import { pictureFrame } from "#contract/picture-frame.ts";
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

/** An e-mail, and the next one in its place. */
function Next() {
  const [key, setKey] = useState("one");
  return (
    <>
      <button type="button" onClick={() => setKey("two")}>
        Next
      </button>
      <EmailView key={key} {...pictured} />
    </>
  );
}

/** An e-mail that changes while one looks at it. */
function Writing() {
  const [word, setWord] = useState("Hello");
  return (
    <>
      <button type="button" onClick={() => setWord("Goodbye")}>
        Write
      </button>
      <EmailView {...pictured} html={pictured.html.replace("Hello", word)} />
    </>
  );
}

const pictured = { ...mail, html: '<p>Hello</p><img src="https://cdn.example/a.png" alt="Our shop">' };

test("pictures from elsewhere are fetched by nobody who has not asked, and by the next e-mail not at all", async () => {
  const { user } = await renderUi(<Next />);
  expect(frame().getAttribute("src")).toBeNull();
  expect(screen.getByRole("status").textContent).toMatch(/not loaded/);
  await user.click(screen.getByRole("button", { name: "Show pictures" }));
  expect([frame().getAttribute("src"), frame().getAttribute("srcdoc")]).toEqual(["/picture-frame.html", null]);
  expect(frame().getAttribute("sandbox")).not.toMatch(/allow-scripts|allow-top-navigation|allow-forms/);
  await user.click(screen.getByRole("button", { name: "Hide pictures" }));
  expect(frame().srcdoc).toContain("Hello");
  await user.click(screen.getByRole("button", { name: "Show pictures" }));
  await user.click(screen.getByRole("button", { name: "Next" }));
  expect(frame().getAttribute("src")).toBeNull();
});

test("the e-mail stands in a frame without scripts inside the page that lets pictures in, and changes with what is written", async () => {
  const { user } = await renderUi(<Writing />);
  await user.click(screen.getByRole("button", { name: "Show pictures" }));
  // The tests load no pages: this is the one that the server has.
  const page = new DOMParser().parseFromString(readFileSync(`web/public${pictureFrame}`, "utf8"), "text/html");
  Object.defineProperty(frame(), "contentDocument", { value: page });
  fireEvent.load(frame());
  const inner = page.querySelector("iframe") as HTMLIFrameElement;
  expect(inner.getAttribute("sandbox")).toBe("allow-popups allow-popups-to-escape-sandbox");
  expect([inner.title, inner.srcdoc]).toEqual(["E-mail: Hello", expect.stringContaining("cdn.example")]);
  await user.click(screen.getByRole("button", { name: "Write" }));
  expect(inner.srcdoc).toContain("Goodbye");
});

test("a page for pictures that does not come is told, and the e-mail stands there as before", async () => {
  const { user } = await renderUi(<EmailView {...pictured} />);
  await user.click(screen.getByRole("button", { name: "Show pictures" }));
  fireEvent.load(frame());
  expect(screen.getByRole("status").textContent).toBe("The pictures could not be shown. Reload the page and try again.");
  expect(frame().srcdoc).toContain("Hello");
});

test("an e-mail without pictures from elsewhere offers none", async () => {
  await renderUi(<EmailView {...mail} />);
  expect(screen.queryByRole("button", { name: "Show pictures" })).toBeNull();
});
