import { type ComponentType, type LazyExoticComponent, lazy } from "react";

/** Milliseconds. By then the first rows are there, on a slow line too. */
const delay = 4000;

type LazyLater<Props extends object> = LazyExoticComponent<ComponentType<Props>> & { preload: () => void };

/**
 * A component whose code is a chunk of its own that the first view does not need. The browser fetches it when it is
 * idle, so that it delays no row and is there when the server cannot be reached at the moment it is wanted; at the
 * latest it is fetched when it is first drawn, and so it is in browsers that cannot tell when they are idle.
 * `preload` fetches it at once: when the pointer comes to what opens it.
 */
export function lazyLater<Props extends object>(load: () => Promise<ComponentType<Props>>): LazyLater<Props> {
  // A failure is told when the component is drawn.
  const preload = () => void load().catch(() => {});
  if (typeof window !== "undefined" && typeof window.requestIdleCallback === "function") {
    setTimeout(() => window.requestIdleCallback(preload), delay);
  }
  return Object.assign(
    lazy(async () => ({ default: await load() })),
    { preload },
  );
}
