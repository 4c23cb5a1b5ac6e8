/** The faults: each operator looks at one node and gives the edits that it would make there. */
import type { Fault, Site } from './plant-faults.js';
import { builderFaults } from './operators-builder.js';
import { codeFaults } from './operators-code.js';
import { sqlFaults } from './operators-sql.js';

export type Operator = (site: Site) => readonly Fault[];

export const operators: readonly Operator[] = [...builderFaults, ...codeFaults, ...sqlFaults];
