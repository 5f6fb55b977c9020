// snpgate doctor --permissions: what each capability is needed for. Looks at no machine.

import { joinPermissions } from '../domain/doctor/permissions.ts';
import { formatDocument } from '../language/document.ts';
import { renderPermissions } from '../reporters/permissions-page.ts';
import { hostAsks, projectSuites } from './host-asks.ts';

/** Prints the table of the project's suites and the doctor. */
export function showPermissions(json: boolean): void {
	const permissions = joinPermissions(
		hostAsks(projectSuites()).map(({ request, checks, doctor }) => ({
			need: request.do === 'exec' ? { argv: request.argv } : { path: request.path },
			checks,
			doctor,
		})),
	);
	process.stdout.write(json ? formatDocument({ format: 'snpgate.permissions/1', permissions }) : renderPermissions(permissions));
}
