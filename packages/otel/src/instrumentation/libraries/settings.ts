import { setting } from '../../config/setting.ts';
import type { Kind } from '../../config/kinds.ts';

/** Names that no table limits: those of upstream that mean nothing here are said when the tables are read. */
const names: Kind<readonly string[] | undefined> = {
  allowed: 'names separated by commas, such as `http,express,pg`',
  parse(value) {
    const list = value.split(',').map((name) => name.trim());
    return list.every((name) => /^[\w.@/-]{1,100}$/.test(name)) ? list : undefined;
  },
};

/** Which instrumentations there are (the variables of @opentelemetry/auto-instrumentations-node). */
export const instrumentationSettings = {
  enabled: setting(
    'OTEL_NODE_ENABLED_INSTRUMENTATIONS',
    names,
    undefined,
    'The only instrumentations that are used; `default` among them stands for those that are used without this variable. `console` and `nestjs-core` are used only when they are named: `default,console`.',
  ),
  disabled: setting(
    'OTEL_NODE_DISABLED_INSTRUMENTATIONS',
    names,
    undefined,
    'Instrumentations that are not used, even when the variable above names them.',
  ),
};
