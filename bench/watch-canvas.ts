/** The page writes this down while a flow is drawn. */
export interface CanvasWatch {
  /** Milliseconds since the navigation began; undefined until there is a card. */
  firstCard: number | undefined;
  /** Renders of cards and of lines that were there before. */
  again: number;
  /** Renders of those that came into sight. */
  new: number;
  layoutWorker: Worker | undefined;
  layoutInput: unknown;
}

/** The part of React's tree that is read here. */
interface Fiber {
  child: Fiber | null;
  sibling: Fiber | null;
  alternate: Fiber | null;
  flags: number;
  memoizedProps: { data?: { look?: unknown; points?: unknown } } | null;
  type: unknown;
}

/**
 * Runs in the page before the app. It counts how often React renders cards and lines, by the hook that React offers to
 * its tools, and keeps the layout worker with what it was asked last.
 */
export function watchCanvas(): void {
  const watch: CanvasWatch = { firstCard: undefined, again: 0, new: 0, layoutWorker: undefined, layoutInput: undefined };
  const page = globalThis as unknown as { canvasWatch: CanvasWatch; __REACT_DEVTOOLS_GLOBAL_HOOK__: unknown };
  page.canvasWatch = watch;
  const performedWork = 1;
  /** A card or a line; what React Flow wraps around it has other properties, and what it draws is a plain element. */
  const isDrawn = ({ type, memoizedProps }: Fiber) =>
    typeof type !== "string" &&
    memoizedProps?.data !== undefined &&
    (memoizedProps.data.look !== undefined || memoizedProps.data.points !== undefined);
  const visit = (fiber: Fiber, before: Fiber | null) => {
    if (fiber === before) return;
    if (isDrawn(fiber)) {
      if (before === null) watch.new += 1;
      else if (fiber.flags & performedWork) watch.again += 1;
    }
    if (before !== null && fiber.child === before.child) return;
    for (let child = fiber.child; child !== null; child = child.sibling) visit(child, child.alternate);
  };
  page.__REACT_DEVTOOLS_GLOBAL_HOOK__ = {
    supportsFiber: true,
    inject: () => 1,
    onCommitFiberUnmount: () => undefined,
    onPostCommitFiberRoot: () => undefined,
    onCommitFiberRoot: (_: number, { current }: { current: Fiber }) => visit(current, current.alternate),
  };
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (this: Worker, input: unknown) {
    watch.layoutWorker = this;
    watch.layoutInput = input;
    post.call(this, input);
  };
  const seen = new MutationObserver(() => {
    if (document.querySelector(".react-flow__node") === null) return;
    seen.disconnect();
    watch.firstCard = performance.now();
  });
  seen.observe(document, { childList: true, subtree: true });
}
