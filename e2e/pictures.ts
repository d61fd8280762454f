import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { look, lookAsBefore, looks, phone } from "./axe.ts";

/** With PICTURES=folder every journey leaves pictures of its screens there, in light and dark, wide and on a phone. */
const folder = process.env.PICTURES;

const pictured = [...looks, { name: "dark, phone", colorScheme: "dark", viewport: phone } as const];

export async function takePictures(page: Page, name: string): Promise<void> {
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  const before = page.viewportSize();
  for (const one of pictured) {
    await look(page, one);
    await page.screenshot({ path: join(folder, `${name} (${one.name}).png`) });
  }
  await lookAsBefore(page, before);
}
