const { SwaggerUIBundle } = globalThis;

SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  presets: [SwaggerUIBundle.presets.apis],
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
});
