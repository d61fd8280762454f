import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/** One way in which a page is looked at. */
interface Look {
  name: string;
  colorScheme: "light" | "dark";
  viewport: { width: number; height: number };
  /** Which rules are asked. */
  rules: "all" | "colours" | "all but colours";
}

const wide = { width: 1280, height: 800 };
export const phone = { width: 390, height: 844 };
// What is on the page does not depend on the colours, and its colours do not depend on its width. Contrast is by far the
// dearest rule, so each is asked once.
const colours = ["color-contrast", "link-in-text-block"];
export const looks: readonly Look[] = [
  { name: "light, wide", colorScheme: "light", viewport: wide, rules: "all" },
  { name: "dark, wide", colorScheme: "dark", viewport: wide, rules: "colours" },
  { name: "light, phone", colorScheme: "light", viewport: phone, rules: "all but colours" },
];

export const wideLooks = looks.filter(({ viewport }) => viewport === wide);

/**
 * What axe finds serious or critical on the page as it stands, in light and dark, wide and on a phone. The page is not
 * loaded anew, so what is open stays open. One sentence for each element: "dark, phone: color-contrast at <span>…: …".
 */
export async function findings(page: Page, from: readonly Look[] = looks): Promise<string[]> {
  await page.bringToFront();
  const before = page.viewportSize();
  const found: string[] = [];
  for (const { name, colorScheme, viewport, rules } of from) {
    let here: string[] = [];
    // What was being asked for anew just then is faded. It has no finding when it is looked at again.
    for (let time = 0; time === 0 || (here.length > 0 && time < 3); time++) {
      await look(page, { colorScheme, viewport });
      here = await judge(page, rules);
    }
    found.push(...here.map((finding) => `${name}: ${finding}`));
  }
  await lookAsBefore(page, before);
  return found;
}

/** In light colours and as wide as it was: a journey on a phone goes on on a phone. */
export const lookAsBefore = (page: Page, viewport: ReturnType<Page["viewportSize"]>): Promise<void> =>
  look(page, { colorScheme: "light", viewport: viewport ?? wide });

async function judge(page: Page, rules: Look["rules"]): Promise<string[]> {
  const without = { rules: Object.fromEntries(colours.map((rule) => [rule, { enabled: false }])) };
  const asked = { all: {}, colours: { runOnly: colours }, "all but colours": without }[rules];
  // Without this, axe carries all that it found, good or bad, to a page of its own and judges it there, which takes three times
  // as long. That is for frames of other origins. The product has one frame, of an e-mail, which runs no script and is not judged.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  const { violations } = await axe.options({ resultTypes: ["violations"], ...asked }).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary = "" }) => ({ id, html, failureSummary })))
    .map(({ id, html, failureSummary }) => `${id} at ${html.slice(0, 200)}: ${failureSummary.split("\n").slice(1, 3).join(" ").trim()}`);
}

/** Shows the page in another size and other colours, and waits until it is drawn so. */
export async function look(page: Page, { colorScheme, viewport }: Pick<Look, "colorScheme" | "viewport">): Promise<void> {
  // Motion is reduced: in the middle of an animation everything has too little contrast.
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  await page.setViewportSize(viewport);
  // What is being asked for anew is faded meanwhile.
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null, undefined, { timeout: 2_000 }).catch(() => {});
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const end = () => Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
        requestAnimationFrame(() =>
          requestAnimationFrame(() => void Promise.race([end(), new Promise((late) => setTimeout(late, 1000))]).then(() => resolve())),
        );
      }),
  );
}
