// breaks: features-apart
import { hold } from "#sale";
export const other = hold;
