import { readFileSync } from "node:fs";
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";

/** Content-Security-Policy of `/docs`: everything comes from this server, and nothing is inline. */
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

/** Serves Swagger UI at `/docs` with the assets of this server only. */
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
    // Without this the package serves its own logo.
    logo: null as never,
    theme: {
      title,
      css: [{ filename: "docs.css", content: asset("docs.css") }],
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
      // The other layout shows the package's logo and a box to load other documents.
      layout: "BaseLayout",
      validatorUrl: null,
      deepLinking: true,
      displayRequestDuration: true,
      // The operator's key must not stay in the browser's storage.
      persistAuthorization: false,
      tryItOutEnabled: true,
      filter: false,
      defaultModelsExpandDepth: 0,
    },
  });
};
