import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/controls.css';
import './styles/lists.css';
import './styles/trace.css';
import './styles/metrics.css';
import './styles/correlate.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { installRouter } from './router/location.ts';
import { installShortcuts } from './state/shortcuts.ts';

const root = document.querySelector('#app');
if (root !== null) {
  installRouter();
  installShortcuts();
  render(<App />, root);
}
