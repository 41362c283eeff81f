/** What the records of one scope have in common. */
export interface Origin {
  serviceName: string;
  resource: string;
  scopeName: string;
}
