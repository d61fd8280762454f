/** Whether the code of a part of the app could not be fetched. Each browser has words of its own for it. */
export const isChunkError = (error: unknown): boolean =>
  error instanceof Error &&
  /dynamically imported module|Importing a module|error loading dynamically|module script failed/i.test(error.message);

/**
 * Whether the server serves another version of the app than the one that runs here. The page names the script that it begins
 * with, whose name changes with its content.
 *
 * @throws where the server does not answer
 */
export async function isOtherVersion(): Promise<boolean> {
  const answer = await fetch("/", { cache: "no-store", headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(`The server answered with ${answer.status}.`);
  const page = await answer.text();
  const own = document.querySelector('script[type="module"][src]')?.getAttribute("src");
  return own !== null && own !== undefined && !page.includes(own);
}
