# One instance of the server. It needs DATABASE_URL, REDIS_URL, OPERATOR_KEY, TOKEN_KEYS and TICKET_KEYS; see
# docs/operating.md. Only the pages are built: Node runs the server's TypeScript as it is.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The optional packages are Node and PostgreSQL for `npm start` on a bare machine: not needed here.
# No package may run a script of its own while it is installed.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM ${NODE_IMAGE} AS pages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The tools that build the pages stay in this stage: serving does not need them.
RUN npm ci --ignore-scripts --no-audit --no-fund
# web/tsconfig.json extends it.
COPY tsconfig.json ./
COPY scripts/build-web.ts ./scripts/
COPY scripts/web ./scripts/web
COPY sdk ./sdk
# The pages share the rules of seating plans with the server.
COPY src ./src
COPY web ./web
RUN node scripts/build-web.ts

FROM ${NODE_IMAGE}
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json LICENSE ./
COPY migrations ./migrations
COPY src ./src
COPY --from=pages /app/web/dist ./web/dist
# The image's own account without rights; nothing under /app is writable for it.
USER node
EXPOSE 3000
# SIGTERM: readiness turns to 503, open requests are answered, then the process ends.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=16", "src/app/serve.ts"]
