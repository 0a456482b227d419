// A FHIR R4 server over Medplum's own engine: its router, its search, its versions, its validation.
//
// Only HTTP is ours, and how bytes travel: raw ones are taken, as the real server does, and read back raw or as JSON. Writes are
// done one after the other. It ends when standard input does, so that it lives no longer than the tests.

import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FhirRouter, MemoryRepository } from '@medplum/fhir-router';
import { getStatus, indexSearchParameterBundle, indexStructureDefinitionBundle, normalizeOperationOutcome, validateResource } from '@medplum/core';

const definitions = join(import.meta.dirname, 'node_modules', '@medplum', 'definitions', 'dist', 'fhir', 'r4');
const definition = (name) => JSON.parse(readFileSync(join(definitions, name), 'utf8'));
indexStructureDefinitionBundle(definition('profiles-types.json'));
indexStructureDefinitionBundle(definition('profiles-resources.json'));
indexSearchParameterBundle(definition('search-parameters.json'));

const TOKEN = process.argv[2];
const JSON_TYPE = 'application/fhir+json';
const RAW = { base64BinaryMaxBytes: 64 * 1024 * 1024 };

class Repository extends MemoryRepository {
  raw = false; // what came raw is not held to the limit on base64 within JSON
  createResource(resource, ...more) {
    validateResource(resource, this.raw ? RAW : {});
    return super.createResource(resource, ...more);
  }
  updateResource(resource, ...more) {
    validateResource(resource);
    return super.updateResource(resource, ...more);
  }
  conditionalCreate(resource, ...more) {
    validateResource(resource);
    return super.conditionalCreate(resource, ...more);
  }
}

const repository = new Repository();
const router = new FhirRouter();

function send(response, status, body) {
  const raw = Buffer.isBuffer(body.bytes);
  const content = raw ? body.bytes : Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'content-type': raw ? body.type : JSON_TYPE, 'content-length': content.length });
  response.end(content);
}

async function answer(request, response, content) {
  const path = request.url.replace(/^\/fhir/, '');
  if (path === '/metadata') {
    return send(response, 200, { resourceType: 'CapabilityStatement', status: 'active', kind: 'instance', fhirVersion: '4.0.1', format: ['json'] });
  }
  if (request.headers.authorization !== `Bearer ${TOKEN}`) {
    return send(response, 401, { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'login' }] });
  }
  const type = (request.headers['content-type'] ?? '').split(';')[0];
  let body;
  repository.raw = request.method === 'POST' && path === '/Binary' && !type.includes('json');
  if (repository.raw) {
    body = { resourceType: 'Binary', contentType: type, data: content.toString('base64') };
  } else if (type === 'application/x-www-form-urlencoded') {
    body = Object.fromEntries(new URLSearchParams(content.toString()));
  } else if (content.length) {
    body = JSON.parse(content.toString());
  }
  const asked = { method: request.method, url: path, pathname: '', body, params: {}, query: {}, headers: request.headers, config: {} };
  const [outcome, resource] = await router.handleRequest(asked, repository);
  const wantsJson = (request.headers.accept ?? '').includes('json');
  if (resource?.resourceType === 'Binary' && request.method === 'GET' && !wantsJson) {
    return send(response, 200, { bytes: Buffer.from(resource.data, 'base64'), type: resource.contentType });
  }
  return send(response, getStatus(outcome), resource ?? outcome);
}

let turn = Promise.resolve();
const server = createServer((request, response) => {
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => {
    turn = turn.then(() => answer(request, response, Buffer.concat(pieces))).catch((error) => {
      const outcome = normalizeOperationOutcome(error);
      send(response, Math.max(400, getStatus(outcome)), outcome);
    });
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit()).resume();
