/** What the person at the terminal is told; everything else is a defect and shows its stack. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
  readonly code: 'BAD_OPTION' | 'PROCESS_ENDED' | 'NOT_READY' | 'NOT_FOUND' | 'INTERRUPTED';

  constructor(code: DemoError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
