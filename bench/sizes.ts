/** The goals hold at these sizes. */
export const fullSizes = {
  crowds: { Small: 2_000, Large: 100_000, Huge: 1_000_000 },
  sleepers: 1_000_000,
  history: { contacts: 1_000_000, executions: 1_000_000 },
  inbox: { conversations: 200_000, messages: 2_000_000 },
};

/** Small sizes, which check that the benches run and that their numbers add up. */
export const quickSizes: typeof fullSizes = {
  crowds: { Small: 200, Large: 2_000, Huge: 5_000 },
  sleepers: 2_000,
  history: { contacts: 4_000, executions: 4_000 },
  inbox: { conversations: 400, messages: 8_000 },
};
