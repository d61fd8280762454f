import { expect, type Page, test } from "@playwright/test";
import { findings, wideLooks } from "./axe.ts";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// E-mails are written rich or as source. What is kept is their HTML, with every merge field as it was written.

test.beforeEach(({ page }) => beginSession(page));

const node = (id: string, type: string, config?: object) => ({ id, type, position: { x: 0, y: 0 }, data: config ? { config } : {} });

/** Opens the panel of an e-mail in a flow of its own. */
async function openEmail(page: Page, html: string): Promise<string> {
  const nodes = [node("start", "start"), node("mail", "send_email", { subject: "News for {{ firstname }}", html }), node("end", "end")];
  const edges = [
    { id: "a", source: "start", target: "mail" },
    { id: "b", source: "mail", target: "end" },
  ];
  const { id } = await call<{ id: string }>("/api/flows", { name: `E-mail ${Date.now()}`, nodes, edges });
  await page.goto(`${product().url}/flows/${id}?tab=edit`);
  await expect(page.getByRole("tree", { name: "Steps of the flow" })).toBeVisible({ timeout: 45_000 });
  await page.getByRole("treeitem").filter({ hasText: "Send e-mail" }).first().click();
  return id;
}

/** What the draft holds once it is saved. */
const savedHtml = async (flow: string) => {
  const { nodes } = await call<{ nodes: { id: string; data: { config?: { html?: string } } }[] }>(`/api/flows/${flow}/draft`);
  return nodes.find(({ id }) => id === "mail")?.data.config?.html ?? "";
};

const rich = (page: Page) => page.locator(".tiptap");
const source = (page: Page) => page.locator(".cm-content");
const choose = (page: Page, how: "Rich" | "Source") => page.getByRole("radio", { name: how, exact: true }).check({ force: true });

/** As another program puts something on the clipboard. */
const paste = (page: Page, html: string) =>
  rich(page).evaluate((element, given) => {
    const data = new DataTransfer();
    data.setData("text/html", given);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, html);

test("an e-mail is written rich, looked at as source, and back, and keeps its fields as they were written", async ({ page }) => {
  const link = `<a href="https://x.example/{{ id }}?n={{ firstname | default: 'a b' | url }}">Your page</a>`;
  const flow = await openEmail(page, `<p>Hello {{ firstname | default: "A & <B>" }}, {{custom["plan"]|upcase}}</p><p>${link}</p>`);
  await expect(rich(page).locator(".merge-field")).toHaveText(["firstname, else “A & <B>”", 'custom["plan"]']);
  await rich(page).click();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.press("Enter");
  await page.keyboard.type("Yours, {{");
  await expect(page.getByRole("combobox", { name: "Which field" })).toBeFocused();
  await page.keyboard.type("lastname");
  await expect(page.getByRole("option", { name: /lastname/, selected: true })).toBeVisible();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Insert without" }).click();
  await page.keyboard.type(" and {{ workspace.name }}!");
  await expect(rich(page).locator(".merge-field")).toHaveCount(4);

  await choose(page, "Source");
  await expect(source(page)).toContainText('{{ firstname | default: "A & <B>" }}');
  await expect(source(page)).toContainText("{{ firstname | default: 'a b' | url }}");
  await expect(source(page)).toContainText('{{custom["plan"]|upcase}}');
  await choose(page, "Rich");
  await expect(rich(page).locator(".merge-field")).toHaveCount(4);
  await page.getByRole("button", { name: /^Preview as/ }).click();
  await page.getByRole("button", { name: "A made-up contact" }).click();
  const sent = page.frameLocator('iframe[title^="E-mail"]');
  await expect(sent.getByText("Yours,")).toBeVisible();
  await page.getByRole("radio", { name: "375 pixels, as on a telephone" }).check({ force: true });
  await expect(page.locator('iframe[title^="E-mail"]')).toHaveCSS("width", "375px");
  await expect.poll(() => savedHtml(flow)).toContain("Yours, {{ lastname }} and {{ workspace.name }}!");
  const html = await savedHtml(flow);
  expect(html).toContain(link);
  expect(html).toContain('<p>Hello {{ firstname | default: "A & <B>" }}, {{custom["plan"]|upcase}}</p>');
});

test("headings, a button and a picture are put in by the bar, and undone by the keys of the editor", async ({ page }) => {
  const flow = await openEmail(page, "<p>Come and see</p>");
  await rich(page).click();
  await page.getByRole("button", { name: "Large heading" }).click();
  await expect(rich(page).locator("h1")).toHaveText("Come and see");
  await page.keyboard.press("ControlOrMeta+z");
  await expect(rich(page).locator("h1")).toHaveCount(0);
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Button", exact: true }).click();
  await page.getByLabel("Text on the button").fill("Book now");
  await page.getByRole("textbox", { name: "Leads to" }).fill("javascript:alert(1)");
  await page.getByRole("button", { name: "Insert", exact: true }).click();
  await expect(page.getByText("An address that begins with “javascript:” cannot be sent")).toBeVisible();
  await page.getByRole("textbox", { name: "Leads to" }).fill("x.example/book");
  await page.getByRole("button", { name: "Insert", exact: true }).click();
  await page.getByRole("button", { name: "Picture" }).click();
  await page.getByRole("textbox", { name: "Address of the picture" }).fill("https://x.example/a.png");
  await page.getByLabel("What it shows").fill("Our shop");
  await page.getByRole("button", { name: "Insert", exact: true }).click();
  await expect(rich(page).getByRole("img", { name: "Picture: Our shop" })).toBeVisible();
  await expect.poll(() => savedHtml(flow)).toContain('alt="Our shop"');
  expect(await savedHtml(flow)).toMatch(/<a href="https:\/\/x\.example\/book" style="display:inline-block[^"]*">Book now<\/a>/);
  const frame = page.frameLocator('iframe[title^="E-mail"]');
  await expect(frame.getByRole("link", { name: "Book now" })).toBeVisible();
  await takePictures(page, "email-button-there");
});

test("pictures from elsewhere are fetched when somebody asks for them, and never by the app itself", async ({ page }) => {
  // Nothing answers at a name that ends in ".example", and the browser tells what it could not get. The frame of an e-mail is a
  // process of its own, whose requests a test does not see.
  const [asked, refused]: [string[], string[]] = [[], []];
  page.on("console", (message) => {
    const picture = /https:\/\/pictures\.example\/([\w-]+)/.exec(`${message.location().url} ${message.text()}`)?.[1];
    if (picture) (/content security policy/i.test(message.text()) ? refused : asked).push(picture);
  });
  await openEmail(page, '<p>Come and see</p><p><img src="https://pictures.example/shop.svg" alt="Our shop"></p>');
  const frame = page.locator('iframe[title^="E-mail"]');
  await expect(frame.contentFrame().getByText("Come and see")).toBeVisible();
  await expect.poll(() => refused).toContain("shop");
  const show = page.getByRole("button", { name: "Show pictures" });
  await show.scrollIntoViewIfNeeded();
  await takePictures(page, "email-pictures-away");
  expect(asked).toEqual([]);
  await show.click();
  await expect(frame.contentFrame().locator("iframe").contentFrame().getByText("Come and see")).toBeVisible();
  await expect.poll(() => asked).toContain("shop");
  await expect(page.getByRole("status").filter({ hasText: "until you close" })).toBeVisible();
  await takePictures(page, "email-pictures-shown");
  await page.evaluate(() => {
    new Image().src = "https://pictures.example/by-the-app.svg";
  });
  await expect.poll(() => refused).toContain("by-the-app");
  expect(asked).not.toContain("by-the-app");
});

test("everyone can read and use the composer, rich and as source", async ({ page }) => {
  // Six looks at a page with two editors.
  test.slow();
  await openEmail(
    page,
    '<h2>News</h2><p>Hello {{ firstname | default: "there" }}, <a href="https://x.example">look</a></p><ul><li>a</li></ul>',
  );
  await expect(page.locator('iframe[title^="E-mail"]')).toBeVisible();
  // No script runs in the frame of the preview, that of the checker neither.
  await page.getByRole("tab", { name: "Plain text" }).click();
  expect(await findings(page, wideLooks)).toEqual([]);
  await choose(page, "Source");
  await expect(source(page)).toBeVisible();
  expect(await findings(page, wideLooks)).toEqual([]);
});

test("a pasted table opens as source, is simplified after a question, and comes back by undo", async ({ page }) => {
  const flow = await openEmail(page, "<p>Prices for {{ firstname }}</p>");
  await rich(page).click();
  await paste(page, "<table style='width:100%'><tr><td>Cut</td><td>20</td></tr><tr><td>Colour</td><td>60</td></tr></table>");
  await expect(source(page)).toContainText("<table");
  await expect(page.getByText("A table was pasted.")).toBeVisible();
  await expect(source(page)).toContainText("Prices for {{ firstname }}");
  await page.getByRole("button", { name: "Simplify (loses: table, style)" }).click();
  await expect(page.getByRole("alertdialog")).toContainText("This is lost: table, style.");
  await page.getByRole("alertdialog").getByRole("button", { name: "Simplify" }).click();
  await expect(rich(page)).toContainText("Colour");
  await expect(rich(page).locator(".merge-field")).toHaveText(["firstname"]);
  await page.getByRole("treeitem").filter({ hasText: "Send e-mail" }).first().focus();
  await page.keyboard.press("ControlOrMeta+z");
  await expect(source(page)).toContainText("<table");
  await expect.poll(() => savedHtml(flow)).toContain("<table");
});

test("a script is removed from what is pasted, and from what is written as source before it is sent; both are told", async ({ page }) => {
  // What is pasted is read in a document without a page, where the policy of ours holds as well.
  const blocked = /Executing inline event handler violates/;
  const reports: string[] = [];
  page.on(
    "console",
    (message) => /content security|trusted/i.test(message.text()) && !blocked.test(message.text()) && reports.push(message.text()),
  );
  page.on("pageerror", (error) => reports.push(error.message));
  const flow = await openEmail(page, "<p>Hello</p>");
  await rich(page).click();
  await paste(page, '<p onclick="alert(1)">Good <b>day</b></p><script>alert(1)</script>');
  await expect(page.getByText("Taken out of what you pasted, because no e-mail may hold it: script, onclick.")).toBeVisible();
  await expect(rich(page)).toContainText("Good day");
  await expect.poll(() => savedHtml(flow)).toContain("Good <strong>day</strong>");
  expect(await savedHtml(flow)).not.toMatch(/script|onclick|alert/);
  await choose(page, "Source");
  await source(page).click();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.insertText("<script>alert(1)</script>");
  await expect(page.getByRole("list", { name: "Problems of this step" })).toContainText("This is taken away before it is sent: script.");
  expect(reports).toEqual([]);
});

test("an e-mail goes to who writes it, as a contact would get it, and to nobody else", async ({ page }) => {
  await openEmail(page, '<p>Hello {{ firstname | default: "there" }}</p>');
  await page.getByRole("button", { name: /^Preview as/ }).click();
  await page.getByRole("button", { name: "A made-up contact" }).click();
  const preview = page.getByRole("region", { name: "Preview" });
  await expect(preview.frameLocator("iframe").getByText("Hello Alex")).toBeVisible();
  const before = Date.now();
  // The run before this one may have sent one just now.
  await expect(async () => {
    await page.getByRole("button", { name: "Send to me" }).click();
    await expect(page.getByText("It stayed on this machine: see Sent messages.")).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 40_000 });
  const { items } = await call<{ items: { to: string; subject: string; isTest: boolean; contactId: string | null; createdAt: string }[] }>(
    "/api/messages?channel=email&limit=20",
  );
  const sent = items.filter(({ subject, createdAt }) => subject === "News for Alex" && Date.parse(createdAt) >= before - 1000);
  expect(sent).toEqual([expect.objectContaining({ to: product().ownerEmail, isTest: true, contactId: null })]);
  await takePictures(page, "email-to-me");
});
