import { type ComponentType, type LazyExoticComponent, lazy } from "react";

/** Milliseconds. By then the first rows are there, on a slow line too. */
const delay = 4000;

/**
 * A component whose code is a chunk of its own that the first view does not need. The browser fetches it when it is
 * idle, so that it delays no row and is there when the server cannot be reached at the moment it is wanted; at the
 * latest it is fetched when it is first drawn, and so it is in browsers that cannot tell when they are idle.
 */
export function lazyLater<Props extends object>(load: () => Promise<ComponentType<Props>>): LazyExoticComponent<ComponentType<Props>> {
  if (typeof window !== "undefined" && typeof window.requestIdleCallback === "function") {
    // A failure is told when the component is drawn.
    setTimeout(() => window.requestIdleCallback(() => void load().catch(() => {})), delay);
  }
  return lazy(async () => ({ default: await load() }));
}
