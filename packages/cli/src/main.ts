import { reportFailure } from './failure.ts';
import { silenceBrokenPipes } from './output.ts';
import { createProgram } from './program.ts';

silenceBrokenPipes();
try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error);
}
