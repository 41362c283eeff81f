import { preact } from '@preact/preset-vite';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [preact()],
  // `vite packages/web` beside a running `crmbet-otel up`.
  server: { proxy: { '/api': 'http://127.0.0.1:4319' } },
  // Everything is a file of this origin (no data: addresses), so that a strict content security policy holds.
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
