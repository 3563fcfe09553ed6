// Whether what the server answers is what the console's types say of it: TypeScript itself compares them. A field the
// types do not name is a fault as much as one that is missing; lists that are empty say nothing of what they hold.
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "./company.mjs";

const TYPES = join(REPOSITORY, "ui/apps/console/src/api/types.ts");
const COMPILER = join(REPOSITORY, "ui/node_modules/typescript/bin/tsc");
const OPTIONS = ["--noEmit", "--strict", "--skipLibCheck", "--allowImportingTsExtensions", "--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler"];

/** What does not fit, in the compiler's words; `answers` are `[type, answer]`. */
export function misfits(folder, answers) {
  const lines = answers.map(([type, answer], at) => `export const answer${at}: Api.${type} = ${JSON.stringify(answer, null, 1)};`);
  const file = join(folder, "answers.ts");
  writeFileSync(file, [`import type * as Api from ${JSON.stringify(TYPES)};`, ...lines].join("\n"));
  return new Promise((done) => {
    execFile(process.execPath, [COMPILER, ...OPTIONS, file], { cwd: folder }, (fault, said) => done(fault ? said || `${fault}` : ""));
  });
}
