// Several readers take the same text apart in the same way: the work is done once.

/** The same function, which keeps its last answer. Only for functions whose answer nobody changes. */
export function rememberLast<Out>(derive: (text: string) => Out): (text: string) => Out {
	let last: { readonly text: string; readonly out: Out } | null = null;
	return (text) => {
		last = last !== null && last.text === text ? last : { text, out: derive(text) };
		return last.out;
	};
}
