import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { fakeApi } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { LinksLeadHere } from "./links-lead-here.tsx";

const warning = "Marketing e-mails wait, because nobody could unsubscribe";
const at = (url: string, isReachable: boolean) => fakeApi({ getInboundAddress: () => ({ url, isReachable, arrivals: [] }) });

test("where links lead to this machine, the settings say that marketing e-mails wait", async () => {
  at("http://127.0.0.1:4700/in", false);
  await renderUi(<LinksLeadHere settings={{ host: "smtp.example.com" }} />);
  expect(await screen.findByText(warning)).toBeDefined();
});

test.each([
  ["a public address", "https://sluice.example/in", true, "smtp.example.com"],
  ["a mail server on this machine", "http://127.0.0.1:4700/in", false, "localhost"],
])("with %s they say nothing", async (_what, url, isReachable, host) => {
  const { calls } = at(url, isReachable);
  await renderUi(<LinksLeadHere settings={{ host }} />);
  await expect.poll(() => calls.length).toBe(1);
  expect(screen.queryByText(warning)).toBeNull();
});
