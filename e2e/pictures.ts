import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { look, looks } from "./axe.ts";

/** With PICTURES=folder every journey leaves pictures of its screens there, in light and dark, wide and on a phone. */
const folder = process.env.PICTURES;

export async function takePictures(page: Page, name: string): Promise<void> {
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  for (const one of looks) {
    await look(page, one);
    await page.screenshot({ path: join(folder, `${name} (${one.name}).png`) });
  }
  await look(page, looks[0] as (typeof looks)[number]);
}
