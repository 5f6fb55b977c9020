// An inventory from its text: the inventory, or every reason why it is none.

import { type Inventory, inventorySchema } from './inventory.ts';
import { inOrder, type Problem } from './problems.ts';
import { readSource } from './source.ts';
import { validate } from './validate.ts';

interface LoadedInventory {
	/** Null when there is any problem. */
	readonly inventory: Inventory | null;
	readonly problems: readonly Problem[];
}

/** Reads an inventory. `path` is the name of the file in problems. */
export function loadInventory(text: string, path: string): LoadedInventory {
	const { source, problems: syntax } = readSource(text, path);
	const { data, problems: values } = validate(inventorySchema, source);
	const problems = inOrder([...syntax, ...values]);
	return { inventory: problems.length > 0 ? null : data, problems };
}
