// Judges FHIR R4 resources by two validators that others wrote: Medplum's knows invariants, that of npm's fhir knows codes.
//
// Reads a JSON array from standard input; prints one line of JSON for each resource, "" where nothing is wrong with it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';

const { Fhir } = createRequire(import.meta.url)('fhir/fhir.js');
const definitions = join(import.meta.dirname, 'node_modules', '@medplum', 'definitions', 'dist', 'fhir', 'r4');
for (const name of ['profiles-types.json', 'profiles-resources.json']) {
  indexStructureDefinitionBundle(JSON.parse(readFileSync(join(definitions, name), 'utf8')));
}
const fhir = new Fhir();

function byInvariants(resource) {
  try {
    validateResource(resource);
    return [];
  } catch (wrong) {
    return (wrong.outcome?.issue ?? []).map((issue) => `${issue.expression ?? ''} ${issue.details?.text ?? ''}`);
  }
}

function byCodes(resource) {
  const { messages } = fhir.validate(resource, { errorOnUnexpected: true });
  return messages.filter(({ severity }) => severity === 'error').map(({ location, message }) => `${location} ${message}`);
}

for (const resource of JSON.parse(readFileSync(0, 'utf8'))) {
  console.log(JSON.stringify([...byInvariants(resource), ...byCodes(resource)].join('; ')));
}
