import { describe, expect, it } from 'vitest';
import { clientAddress, serverAddress } from './forwarded.ts';

describe('serverAddress', () => {
  it.each([
    [{ host: 'a.test' }, 'http', { address: 'a.test', port: 80 }],
    [{ host: 'a.test' }, 'https', { address: 'a.test', port: 443 }],
    [{ host: 'a.test:8080' }, 'https', { address: 'a.test', port: 8080 }],
    [{ host: '[::1]:8080' }, 'http', { address: '::1', port: 8080 }],
    [{ host: '[::1]' }, 'http', { address: '::1', port: 80 }],
    [{ ':authority': 'h2.test:1' }, 'http', { address: 'h2.test', port: 1 }],
    [{ host: 'in', 'x-forwarded-host': 'out.test, proxy' }, 'http', { address: 'out.test', port: 80 }],
    [{ host: 'in', 'x-forwarded-host': 'o', 'x-forwarded-proto': 'https' }, 'http', { address: 'o', port: 443 }],
    [{ host: 'in', forwarded: 'for=1.2.3.4;Host="out:81"; proto=https, for=p' }, 'http', { address: 'out', port: 81 }],
    [{ host: 'bad:port' }, 'http', { address: 'bad' }],
    [{ host: 'bad:99999' }, 'http', { address: 'bad' }],
    [{ host: '' }, 'http', undefined],
    [{}, 'http', undefined],
    [{ host: 'h', forwarded: ';;==,"' }, 'http', { address: 'h', port: 80 }],
    [{ host: 'h', 'x-forwarded-host': 'x'.repeat(5000) }, 'http', { address: 'h', port: 80 }],
  ])('of %o over %s', (headers, scheme, expected) => {
    expect(serverAddress(headers, scheme)).toEqual(expected);
  });
});

describe('clientAddress', () => {
  it.each([
    [{ 'x-forwarded-for': '1.2.3.4, 5.6.7.8' }, '1.2.3.4'],
    [{ 'x-forwarded-for': '2001:db8::1' }, '2001:db8::1'],
    [{ forwarded: 'for="[2001:db8::1]:4711"' }, '2001:db8::1'],
    [{ forwarded: 'for=1.2.3.4:80', 'x-forwarded-for': '9.9.9.9' }, '1.2.3.4'],
    [{ forwarded: 'by=x' }, undefined],
    [{}, undefined],
  ])('of %o', (headers, expected) => {
    expect(clientAddress(headers)).toBe(expected);
  });
});
