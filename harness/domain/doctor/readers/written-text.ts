// Texts that people wrote and no program printed: manuals and pages with samples in them, and the source of the programs.

import { rememberLast } from '../../text/remember-last.ts';

/** As much as shows what a text is. */
const enough = 65_536;
/** A manual has chapters; a report with a heading or two is not one, and with three only where it marks literals as manuals do. */
const fewestHeadings = 3;
const manyHeadings = 5;
const markup = /``[^`\n]{1,80}``|::$|^\.\. [\w|]/m;
const underline = /^([=~^"'+*#.-])\1{2,80}$/;
const titleStart = /^[\w`(]/;

/** A statement or a comment of C or Rust. */
const statement = /(?:;|\) \{|\bmatch \w+ \{)$|^\s*(?:\/\/|\/\*|\* |#include\b|#define\b|use \w+::)/;
/** Definitions that only C, Rust, Python, QAPI's schema and rpm's recipes have; no tool prints two of them. */
const definition =
	/^(?:(?:pub(?:\(crate\))? )?(?:fn|struct|enum|impl|mod|trait)\b.{0,160}[{;]$|#include [<"]|(?:static|int|void|struct|typedef)\b.{0,160}[({;]$|def \w+\(|class \w+.{0,80}:$|from [\w.]+ import |import \w+$|\{ '(?:pragma|enum|struct|union|command|event|include)'\s*:|%(?:package|description|prep|build|install|files|changelog)\b)/;
const fewestDefinitions = 2;
const fewestStatements = 8;
const statements = 0.3;

const page = /^\s*<(?:!doctype html|html)\b/i;

/** Such a text shows how something would look; it says nothing of any machine. */
export const isWritten = rememberLast((text: string): boolean => {
	const start = text.slice(0, enough);
	if (page.test(start)) {
		return true;
	}
	const lines = start
		.split('\n')
		.map((line) => line.trimEnd())
		.filter((line) => line !== '');
	return (
		isManual(
			lines.map((line) => line.trimStart()),
			markup.test(start),
		) || isProgram(lines)
	);
});

/** reStructuredText and its relatives: titles with a line of their length below. */
function isManual(lines: readonly string[], isMarked: boolean): boolean {
	let headings = 0;
	for (let at = 1; at < lines.length && headings < manyHeadings; at++) {
		const [title = '', line = ''] = [lines[at - 1], lines[at]];
		if (Math.abs(title.length - line.length) <= 1 && titleStart.test(title) && underline.test(line)) {
			headings++;
		}
	}
	return headings >= (isMarked ? fewestHeadings : manyHeadings);
}

function isProgram(lines: readonly string[]): boolean {
	const said = lines.filter((line) => statement.test(line)).length;
	return (
		(said >= fewestStatements && said >= lines.length * statements) ||
		lines.filter((line) => definition.test(line)).length >= fewestDefinitions
	);
}
