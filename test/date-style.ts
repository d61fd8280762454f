// Dates are written as in en-GB, whatever the language of the machine that runs the tests.
Object.defineProperty(navigator, "languages", { value: ["en-GB"], configurable: true });
