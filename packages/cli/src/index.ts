export { defaultDataFile } from './data-file.ts';
export { findWebRoot } from './web-root.ts';
