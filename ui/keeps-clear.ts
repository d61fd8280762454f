/** Marks what stands at the foot of a page, a dialog or a panel and is needed: toasts find a place above it. */
export const keepsClear = { "data-keep-clear": "" } as const;
