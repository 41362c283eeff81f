import { stripVTControlCharacters } from 'node:util';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { expect, it } from 'vitest';
import { prettyLine } from './pretty.ts';
import { createRecord, type LogRecord } from './record.ts';

const identity = { service: 's', version: '1', environment: 'test', hostname: 'h', pid: 1 };
const timeMs = Date.UTC(2026, 10, 22, 9, 5, 7, 42);

function record(message: string, fields: object, error?: unknown): LogRecord {
  return createRecord({ level: 'warn', message, error, fields: [fields], timeMs, context: ROOT_CONTEXT }, identity);
}

it('shows time, level, message and the record’s own fields', () => {
  const line = prettyLine(record('low funds', { userId: 'u1', name: 'Ana Lima', details: { a: 1 } }), false);
  expect(line).toBe('09:05:07.042 WARN  low funds userId=u1 name="Ana Lima" details={"a":1}');
});

it('colours for a terminal, and shows the stack below', () => {
  const line = prettyLine(record('failed', {}, new Error('boom')), true);
  expect(line).toContain('[33mWARN ');
  expect(stripVTControlCharacters(line)).toMatch(/^09:05:07\.042 WARN {2}failed\n {2}Error: boom\n {6}at /);
});

it('lets nothing that was logged steer the terminal', () => {
  const line = prettyLine(record('\u001B[2Jgone', { name: '\u001B]0;title\u0007x' }), false);
  expect(line).not.toContain('\u001B');
});
