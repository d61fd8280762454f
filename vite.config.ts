import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where `npm run dev` runs the API; the browser sees one origin either way. */
const api = process.env.SLUICE_API_URL ?? "http://127.0.0.1:4800";

export default defineConfig({
  root: "web",
  publicDir: "public",
  plugins: [react()],
  build: {
    outDir: "../dist/web",
    emptyOutDir: true,
    target: "es2023",
    // Our content security policy lets no font or script come from a data: address.
    assetsInlineLimit: 0,
    // Shipped with the product on purpose: an error on somebody's screen then names a file and a line.
    sourcemap: true,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // Changes with our dependencies, not with us: stays in the browser's cache across releases.
            {
              name: "react",
              test: /node_modules\/(react|react-dom|scheduler|@tanstack\/(react-router|router-core|history|react-query|query-core|react-store|store))\//,
            },
            { name: "ui", test: /node_modules\/(@chakra-ui|@ark-ui|@zag-js|@emotion|@floating-ui|stylis)\// },
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
