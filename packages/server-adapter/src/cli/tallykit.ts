#!/usr/bin/env node
import { Command } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { addCheck } from './check.ts';
import { addCopy } from './copy.ts';
import { readableError } from './command-error.ts';
import { addKeys } from './keys.ts';
import { addMigrate } from './migrate.ts';
import { addServe } from './serve.ts';
import { addWorker } from './worker.ts';

const program = new Command('tallykit')
  .description('AI usage, cost and revenue, standalone or beside your own server')
  .version(manifest.version)
  .showHelpAfterError();
addServe(program);
addKeys(program);
addMigrate(program);
addWorker(program);
addCheck(program);
addCopy(program);

try {
  await program.parseAsync();
} catch (error) {
  console.error(`tallykit: ${readableError(error)}`);
  process.exitCode = 1;
}
