/** Tags of a contact: characters of each, and how many of them a contact may have. */
export const longestTag = 50;
export const mostTags = 200;
