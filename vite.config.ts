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
          groups: [
            // Changes with our dependencies, not with us: stays in the browser's cache across releases.
            {
              name: "react",
              test: /node_modules\/(react|react-dom|scheduler|@tanstack\/(react-router|router-core|history|react-query|query-core|react-store|store))\//,
            },
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
