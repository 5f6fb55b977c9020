// What every cause has to show before it counts: a text that yields it, and one that comes near and does not.

export interface CauseExample {
	readonly code: string;
	/** As the program prints it, or made from its source and documentation; none is copied from anybody's machine. */
	readonly text: string;
	/** The same program, looking much alike, without this cause. */
	readonly nearMiss: string;
	/** The root of the near miss: another code, null for none; left out where it does not matter. */
	readonly nearMissIs?: string | null;
}
