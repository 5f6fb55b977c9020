/** The bytes are not the structure that they should be. Parsers of bytes throw this and nothing else. */
export class ParseError extends Error {
	/** Name of the specification, for example 'TPML_DIGEST' or 'TBSCertificate'. */
	readonly structure: string;
	/** Where in the input it went wrong, in bytes. */
	readonly offset: number;
	/** What is wrong there. */
	readonly problem: string;

	constructor(structure: string, offset: number, problem: string) {
		super(`'${structure}' at byte ${offset}: ${problem}`);
		this.name = 'ParseError';
		this.structure = structure;
		this.offset = offset;
		this.problem = problem;
	}
}
