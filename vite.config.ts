import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { leanContract } from "./scripts/lean-contract.ts";
import { precompress } from "./scripts/precompress.ts";

/** Where `npm run dev` runs the API; the browser sees one origin either way. */
const api = process.env.SLUICE_API_URL ?? "http://127.0.0.1:4800";

export default defineConfig({
  root: "web",
  publicDir: "public",
  plugins: [react(), leanContract(), precompress()],
  build: {
    outDir: "../dist/web",
    emptyOutDir: true,
    target: "es2023",
    // Our content security policy lets no font or script come from a data: address.
    assetsInlineLimit: 0,
    // Nobody who is not signed in should get more than the app needs, and these are by far its largest files.
    sourcemap: false,
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
            // Modules that every page loads first.
            { name: "first", priority: 2, tags: ["$initial"] },
            // Modules that the contacts page needs besides those. The server names this file in the head of that page's answer.
            { name: (id, graph) => (isOfFirstPage(id, graph) ? "rows" : null), priority: 1 },
            // The icons of all other pages. Each by itself would be a file of a few hundred bytes.
            { name: "icons", priority: 0, test: /node_modules\/lucide-react\// },
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
  getModuleInfo(id: string): { importedIds: string[]; code: string | null } | null;
}
let ofFirstPage: Set<string> | undefined;

/** Whether the contacts page cannot run without this module. Of libraries only those that it has nearly to itself are meant. */
function isOfFirstPage(id: string, graph: ModuleGraph): boolean {
  if (ofFirstPage === undefined) {
    const reached = new Set<string>();
    const walk = (at: string): void => {
      if (reached.has(at) || (at.includes("node_modules") && !/node_modules\/@tanstack\//.test(at))) return;
      reached.add(at);
      const { importedIds = [], code } = graph.getModuleInfo(at) ?? {};
      for (const next of importedIds) walk(next);
      for (const icon of iconsNamedIn(code ?? "", importedIds, graph)) reached.add(icon);
    };
    for (const entry of ["app/pages/contacts-page.tsx", "features/contacts/ask-early.ts"]) walk(join(import.meta.dirname, "web", entry));
    ofFirstPage = reached;
  }
  return ofFirstPage.has(id);
}

/** The files of the icons that a module imports by name from the one file that names them all. */
function iconsNamedIn(code: string, importedIds: readonly string[], graph: ModuleGraph): string[] {
  const list = importedIds.find((id) => id.endsWith("/lucide-react.mjs"));
  const names = /import \{([^}]+)\} from "lucide-react"/.exec(code)?.[1]?.split(",") ?? [];
  if (list === undefined) return [];
  const all = graph.getModuleInfo(list)?.code ?? "";
  return names.flatMap((name) => {
    const file = new RegExp(`\\bdefault as ${name.trim().split(" ")[0]}\\b[^;]* from '([^']+)'`).exec(all)?.[1];
    return file === undefined ? [] : [join(list, "..", file)];
  });
}
