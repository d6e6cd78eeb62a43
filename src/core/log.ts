export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Where messages for people go. Implementations mask secrets. */
export type Log = (level: LogLevel, message: string) => void;

export const silent: Log = () => undefined;
