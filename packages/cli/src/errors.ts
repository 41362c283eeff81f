/** Why a command ends without success. */
export type CliErrorCode =
  /** The command line is wrong; the message says what is allowed. */
  | 'USAGE'
  /** What was asked for is not stored. */
  | 'NOT_FOUND'
  /** No server answers and there is no data file. */
  | 'NO_DATA'
  /** A port is taken; the message names it and the option. */
  | 'PORT_IN_USE'
  /** The command of `run` does not exist. */
  | 'COMMAND_NOT_FOUND'
  /** The command of `run` cannot be executed. */
  | 'COMMAND_NOT_EXECUTABLE';

/** What a shell gets: 126 and 127 as POSIX shells use them. */
const exitCodes: Record<CliErrorCode, number> = {
  USAGE: 2,
  NOT_FOUND: 1,
  NO_DATA: 1,
  PORT_IN_USE: 1,
  COMMAND_NOT_FOUND: 127,
  COMMAND_NOT_EXECUTABLE: 126,
};

/** A mistake or a circumstance that the user can do something about; `message` is one line for the user. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: CliErrorCode;

  constructor(code: CliErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  get exitCode(): number {
    return exitCodes[this.code];
  }
}
