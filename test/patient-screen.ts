import { configure } from "@testing-library/react";

// What a test of a screen awaits comes sooner or later. Only what hangs is ended, and how soon it comes depends on the machine.
configure({ asyncUtilTimeout: 120_000 });
