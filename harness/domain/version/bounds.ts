// Ranges over versions that are ordered without exceptions: '>= A, < B', every bound must hold.

/** How values of one engine are read and ordered. */
export interface Scale<T> {
	/** Null for text that is no value of this scale. */
	parse(text: string): T | null;
	/** Negative, zero or positive. */
	compare(a: T, b: T): number;
	/** What every bound must look like, for the message that refuses one. */
	readonly form: string;
}

type Operator = '>=' | '>' | '<=' | '<' | '==';

interface Bound<T> {
	readonly operator: Operator;
	readonly value: T;
}

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

const LONGEST = 256;

/** One bound and what parts it from the next. */
const BOUND = /^(>=|<=|==|>|<)\s*([^\s,<>=]+)(?:\s*,\s*|\s+|$)/;

/** A predicate over the scale, or one sentence that says what is wrong with the range. */
export function parseBounds<T>(text: string, scale: Scale<T>): Parsed<(value: T) => boolean> {
	const bounds: Bound<T>[] = [];
	if (text.length > LONGEST) {
		return { ok: false, message: `A range is at most ${LONGEST} characters long` };
	}
	let rest = text.trim();
	while (rest !== '') {
		const [whole, operator, written] = BOUND.exec(rest) ?? [];
		const value = written === undefined ? null : scale.parse(written);
		if (whole === undefined || !isOperator(operator) || value === null) {
			return { ok: false, message: `'${rest}' is not a bound: expected an operator (>=, >, <=, < or ==) and ${scale.form}` };
		}
		bounds.push({ operator, value });
		rest = rest.slice(whole.length);
	}
	if (bounds.length === 0) {
		return {
			ok: false,
			message: `A range without bounds cannot fail: expected an operator (>=, >, <=, < or ==) and ${scale.form}`,
		};
	}
	if (isContradictory(bounds, scale)) {
		return { ok: false, message: `No version can be within '${text}': every bound of a range must hold at once` };
	}
	return {
		ok: true,
		value: (value) => bounds.every((bound) => holds(bound.operator, scale.compare(value, bound.value))),
	};
}

function isOperator(text: string | undefined): text is Operator {
	return text === '>=' || text === '>' || text === '<=' || text === '<' || text === '==';
}

function holds(operator: Operator, order: number): boolean {
	switch (operator) {
		case '>=':
			return order >= 0;
		case '>':
			return order > 0;
		case '<=':
			return order <= 0;
		case '<':
			return order < 0;
		case '==':
			return order === 0;
	}
}

/** Whether some lower bound excludes some upper bound; on a line, any two bounds that agree leave room for all of them. */
function isContradictory<T>(bounds: readonly Bound<T>[], scale: Scale<T>): boolean {
	const lower = bounds.filter(({ operator }) => operator !== '<' && operator !== '<=');
	const upper = bounds.filter(({ operator }) => operator !== '>' && operator !== '>=');
	return lower.some((low) =>
		upper.some((high) => {
			const order = scale.compare(low.value, high.value);
			return order > 0 || (order === 0 && (low.operator === '>' || high.operator === '<'));
		}),
	);
}
