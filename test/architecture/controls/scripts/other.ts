// breaks: nobody-imports-app
export { start } from "../src/app/main.ts";
