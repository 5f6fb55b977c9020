// Colours with a meaning. Text colours have a contrast of at least 4.5 to 1 on every ground they stand on (a test computes it).

export interface Palette {
	readonly ground: string;
	readonly surface: string;
	readonly ink: string;
	readonly muted: string;
	readonly line: string;
	readonly link: string;
	readonly passed: string;
	readonly failed: string;
	readonly error: string;
	readonly blocked: string;
	readonly skipped: string;
	readonly 'passed-tint': string;
	readonly 'failed-tint': string;
	readonly 'error-tint': string;
	readonly simulated: string;
	readonly emulated: string;
	readonly 'on-reality': string;
}

export const light: Palette = {
	ground: '#f6f6f3',
	surface: '#ffffff',
	ink: '#1b1d20',
	muted: '#595d63',
	line: '#dddcd6',
	link: '#1d4f91',
	passed: '#1a6a3c',
	failed: '#b3231b',
	error: '#8a4a00',
	blocked: '#46597c',
	skipped: '#5f636a',
	'passed-tint': '#eaf4ed',
	'failed-tint': '#fbeceb',
	'error-tint': '#fbf1e0',
	simulated: '#5a2a8c',
	emulated: '#0c566b',
	'on-reality': '#ffffff',
};

export const dark: Palette = {
	ground: '#141619',
	surface: '#1c1f23',
	ink: '#e7e7e3',
	muted: '#a6aab1',
	line: '#343840',
	link: '#8fbcf5',
	passed: '#74cf99',
	failed: '#ff8d82',
	error: '#efb45f',
	blocked: '#a3b8de',
	skipped: '#a6aab1',
	'passed-tint': '#1b2b22',
	'failed-tint': '#351f1f',
	'error-tint': '#33291a',
	simulated: '#6b37a3',
	emulated: '#0f667e',
	'on-reality': '#ffffff',
};
