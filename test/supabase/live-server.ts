import { type ProductProcess, startProduct } from "#test/product-process.ts";

export interface TestServer {
  url: string;
  stop(): Promise<void>;
}

/** The product in a process of its own, on a project's database and with its sign-in. */
export async function createTestServer(project: {
  url: string;
  publishableKey: string;
  databaseUrl: string;
  masterKey: string;
}): Promise<TestServer> {
  const env = { SUPABASE_URL: project.url, SUPABASE_PUBLISHABLE_KEY: project.publishableKey, MASTER_KEY: project.masterKey };
  const product: ProductProcess = await startProduct(project.databaseUrl, ["--port", "0"], env);
  return {
    url: product.ready.url as string,
    stop: async () => {
      await product.end();
    },
  };
}
