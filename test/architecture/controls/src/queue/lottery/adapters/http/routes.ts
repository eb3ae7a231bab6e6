import { shape } from "../../../admission/adapters/http/shapes.ts";
export const body = shape;
