/** What is promised is promised at these sizes. */
export const fullSizes = {
  crowds: { Small: 2_000, Large: 100_000, Huge: 1_000_000 },
  sleepers: 1_000_000,
  history: { contacts: 1_000_000, executions: 1_000_000 },
};

/** Whether the benches run and add up. */
export const quickSizes: typeof fullSizes = {
  crowds: { Small: 200, Large: 2_000, Huge: 5_000 },
  sleepers: 2_000,
  history: { contacts: 4_000, executions: 4_000 },
};
