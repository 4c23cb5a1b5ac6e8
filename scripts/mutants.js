/** Measures the proof: `npm run mutants` plants faults in our own output and counts those that it catches. */
import { createJiti } from 'jiti';

// From the sources, so that nothing has to be built first; the proof's thread starts the same way.
await createJiti(import.meta.url).import('./mutants/main.ts');
