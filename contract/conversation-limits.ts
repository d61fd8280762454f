/** How much of conversations is read at a time. */
export const conversationLimits = { messages: 200, foundConversations: 5, foundMessages: 50 } as const;

/** Conversations with something unread are counted as far as this. */
export const countedConversations = 100;
