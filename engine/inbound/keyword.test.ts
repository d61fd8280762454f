import { expect, test } from "vitest";
import { readKeyword } from "./keyword.ts";

test.each([
  ...["STOP", "stop", " Stop. ", "STOP!!!", "“STOP”", "stop 🛑", "StopAll", "stop all", "UNSUBSCRIBE", "cancel", "End", "QUIT", "revoke"],
  ...["opt out", "opt-out", "OPTOUT", "alto", "Basta!", "ARRÊT", "arrêter", "ＳＴＯＰ", "stop\n", "remove me"],
  ...["stop texting me", "please stop", "Stop please", "unsubscribe me", "STOP messaging me now", "opt out of this"],
])("%j stops", (text) => expect(readKeyword(text)).toBe("stop"));

test.each([
  ...[
    "cancel my 3pm appointment",
    "can you stop by at 5?",
    "stop by at five",
    "I want you to stop sending me these",
    "the end",
    "end of the week is fine",
  ],
  ...["Could you please cancel it for me, I am ill", "how do I unsubscribe from this list of yours"],
])("%j may mean stop, and a person reads it", (text) => expect(readKeyword(text)).toBe("maybe_stop"));

test.each([
  ["START", "start"],
  ["unstop", "start"],
  ["Help?", "help"],
  ["INFO", "help"],
])("%j is %s", (text, word) => expect(readKeyword(text)).toBe(word));

test.each(["yes", "non-stop", "stopped", "nonstop music", "weekend", "", "👍", "See you at 9", "unstoppable", "I need help with my order"])(
  "%j is none of these",
  (text) => expect(readKeyword(text)).toBeNull(),
);
