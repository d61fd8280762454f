/** Tells whether a text is a phone number in the form in which SMS go to it. */
export const isFullNumber = (text: string): boolean => /^\+[1-9]\d{6,14}$/.test(text);
