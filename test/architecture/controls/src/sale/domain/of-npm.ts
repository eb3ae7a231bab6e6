// breaks: domain-sees-inward-only
import * as fastify from "fastify";
export const server: unknown = fastify;
