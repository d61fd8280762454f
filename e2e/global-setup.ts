import type { FullConfig } from "@playwright/test";
import { startProduct } from "./start-server.ts";

/** Starts a product for each worker, because journeys count what is there and change what holds for a whole workspace. */
export default async function startProducts({ workers }: FullConfig): Promise<() => Promise<void>> {
  const started = await Promise.all(Array.from({ length: workers }, startProduct));
  process.env.SLUICE_PRODUCTS = JSON.stringify(started.map(({ product }) => product));
  return async () => {
    await Promise.all(started.map(({ stop }) => stop()));
  };
}
