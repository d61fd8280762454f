import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { welcome as flow } from "#test/build-flow.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { FavouriteButton } from "./favourite-button.tsx";

const list = (favourite: boolean) => ({ items: [{ ...flow, favourite }], folders: [] });

test("a refusal is told, and the star stays as it was", async () => {
  fakeApi({
    listFlows: () => list(false),
    setFlowFavourite: () => {
      throw new Refusal("conflict", "Not now.");
    },
  });
  const { user } = await renderUi(<FavouriteButton flowId={flow.id} />);
  await user.click(await screen.findByRole("button", { name: "Add to your favourites" }));
  expect(await screen.findByText("Your favourites were not changed")).toBeDefined();
  expect(screen.getByRole("button", { name: "Add to your favourites" }).getAttribute("aria-pressed")).toBe("false");
});

test("the star of a flow makes it a favourite, and takes it out again", async () => {
  let favourite = false;
  const { calls } = fakeApi({
    listFlows: () => list(favourite),
    setFlowFavourite: ({ body }) => {
      favourite = body.favourite;
      return { favourite };
    },
  });
  const { user } = await renderUi(<FavouriteButton flowId={flow.id} />);
  await user.click(await screen.findByRole("button", { name: "Add to your favourites" }));
  const on = await screen.findByRole("button", { name: "Remove from your favourites" });
  expect(on.getAttribute("aria-pressed")).toBe("true");
  await expect.poll(() => (on as HTMLButtonElement).disabled).toBe(false);
  await user.click(on);
  expect(await screen.findByRole("button", { name: "Add to your favourites" })).toBeDefined();
  expect(calls.filter(({ id }) => id === "setFlowFavourite").map(({ body }) => body)).toEqual([{ favourite: true }, { favourite: false }]);
});

test("an archived flow has no star, because no list of favourites shows it", async () => {
  fakeApi({ listFlows: () => ({ items: [], folders: [] }) });
  const { queryClient } = await renderUi(<FavouriteButton flowId={flow.id} />);
  await expect.poll(() => queryClient.isFetching()).toBe(0);
  expect(screen.queryByRole("button")).toBeNull();
});
