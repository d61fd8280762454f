import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { precompress } from "./scripts/precompress.ts";

/** Where `npm run dev` runs the API; the browser sees one origin either way. */
const api = process.env.SLUICE_API_URL ?? "http://127.0.0.1:4800";

export default defineConfig({
  root: "web",
  publicDir: "public",
  plugins: [react(), precompress()],
  build: {
    outDir: "../dist/web",
    emptyOutDir: true,
    target: "es2023",
    // Our content security policy lets no font or script come from a data: address.
    assetsInlineLimit: 0,
    // Shipped with the product on purpose: an error on somebody's screen then names a file and a line.
    sourcemap: true,
    rolldownOptions: {
      // These functions of Chakra only return what they are given. Unless the bundler knows that, one call of
      // defineConfig keeps the recipes of all of Chakra's components, also of those that are never drawn.
      treeshake: { manualPureFunctions: ["defineConfig", "defineRecipe", "defineSlotRecipe", "defineStyle", "createAnatomy"] },
      output: {
        codeSplitting: {
          // Few files rather than many: over a slow line each one costs a round trip, and a browser asks for six at a time.
          groups: [
            // Changes with our dependencies, not with us: stays in the browser's cache across releases.
            {
              name: "react",
              priority: 3,
              test: /node_modules\/(react|react-dom|scheduler|@tanstack\/(react-router|router-core|history|react-query|query-core|react-store|store))\//,
            },
            // What every page loads first.
            { name: "first", priority: 2, tags: ["$initial"] },
            // What the page that people come to needs besides that.
            { name: (id, graph) => (isOfFirstPage(id, graph) ? "rows" : null), priority: 1 },
          ],
        },
      },
    },
  },
  server: {
    host: "127.0.0.1",
    port: 4801,
    proxy: { "/api": { target: api, changeOrigin: false } },
  },
});

interface ModuleGraph {
  getModuleInfo(id: string): { importedIds: string[] } | null;
}
let ofFirstPage: Set<string> | undefined;

/** Whether the contacts page cannot run without this module. Of libraries only those that it has nearly to itself are meant. */
function isOfFirstPage(id: string, graph: ModuleGraph): boolean {
  if (ofFirstPage === undefined) {
    const reached = new Set<string>();
    const walk = (at: string): void => {
      if (reached.has(at) || (at.includes("node_modules") && !/node_modules\/(@tanstack|lucide-react)\//.test(at))) return;
      reached.add(at);
      for (const next of graph.getModuleInfo(at)?.importedIds ?? []) walk(next);
    };
    walk(join(import.meta.dirname, "web/app/pages/contacts-page.tsx"));
    ofFirstPage = reached;
  }
  return ofFirstPage.has(id);
}
