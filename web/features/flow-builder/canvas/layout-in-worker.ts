import { type Layout, type LayoutInput, layoutOf } from "./layout.ts";

/** A worker that has nothing to do is kept for the next layout, because starting one takes longer than most layouts. */
let idle: Worker | undefined;

/** Lays a flow out beside the page. The function returned gives it up: a layout that nobody waits for is not finished. */
export const layoutInWorker = (input: LayoutInput, onDone: (layout: Layout) => void): (() => void) => {
  const worker = idle ?? new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module" });
  idle = undefined;
  let isDone = false;
  const end = (layout: Layout) => {
    isDone = true;
    onDone(layout);
  };
  worker.onmessage = ({ data }: MessageEvent<Layout>) => {
    idle?.terminate();
    idle = worker;
    end(data);
  };
  // A page older than the last release may not find the worker's file any more. A slow drawing is better than none.
  worker.onerror = () => {
    worker.terminate();
    end(layoutOf(input));
  };
  worker.postMessage(input);
  return () => {
    if (!isDone) worker.terminate();
  };
};
