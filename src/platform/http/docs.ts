import { readFileSync } from "node:fs";
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";

/** Everything from this server only, and nothing inline. */
export const docsPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const asset = (name: string): string =>
  readFileSync(new URL(`docs/${name}`, import.meta.url), "utf8");

/** Swagger UI at `/docs`, with its own assets only. */
export const serveDocs = async (
  server: FastifyInstance,
  document: Readonly<Record<string, unknown>>,
): Promise<void> => {
  const { title } = document["info"] as { title: string };
  await server.register(swagger, {
    mode: "static",
    specification: { document: document as never },
  });
  await server.register(swaggerUi, {
    routePrefix: "/docs",
    staticCSP: docsPolicy,
    // Without it the package would send another project's logo along.
    logo: null as never,
    theme: {
      title,
      css: [{ filename: "house.css", content: asset("house.css") }],
      favicon: [
        {
          filename: "icon.svg",
          rel: "icon",
          type: "image/svg+xml",
          sizes: "any",
          content: asset("icon.svg"),
        },
      ],
    },
    uiConfig: {
      // The other layout has a bar with a foreign logo and a box for foreign documents.
      layout: "BaseLayout",
      validatorUrl: null,
      deepLinking: true,
      displayRequestDuration: true,
      persistAuthorization: true,
      tryItOutEnabled: true,
      filter: false,
      defaultModelsExpandDepth: 0,
    },
  });
};
